"""Hidden checks of feed-forward.

Hundreds go through GELU as through ReLU, exactly: on these the two layers are seen on whole
numbers. Then one hidden neuron alone shows the activation, against math.tanh and math.erf.
"""

import math

import torch

from llmex.grader.compare import (
    assert_close,
    assert_equal,
    assert_holds,
    assert_raises,
    assert_shape,
)  # fmt: skip

LAYERS = "y is proj(GELU(fc(x))) and no more; GELU of 100 is 100, of -100 it is 0"
GELU = "one hidden neuron, all weights 1: y is GELU in the {form} form of x"
LEADING = "x has the shape {shape}: only its last axis meets the weights"
ALONE = "the same tokens in the order {order}: each gives what it gave before"
FORMS = {"gelu_tanh": "tanh", "gelu": "erf"}


def whole(trng, *shape, dtype=torch.float64):
    """Whole numbers from -2 to 2."""
    return torch.randint(-2, 3, shape, generator=trng).to(dtype)


def shapes_of(d, d_ff=None, bias=True, **_):
    """The parameters that the layer must have."""
    width = 4 * d if d_ff is None else d_ff
    shapes = {"fc.weight": (width, d), "fc.bias": (width,)}
    shapes |= {"proj.weight": (d, width), "proj.bias": (d,)}
    return {name: shape for name, shape in shapes.items() if bias or "bias" not in name}


def built(learner, trng, d, scale=1.0, dtype=torch.float64, **options):
    """A layer of the answer's, and the numbers that were put into its parameters."""
    layer = learner.FeedForward(d, **options).to(dtype)
    shapes = shapes_of(d, **options)
    parts = {name: whole(trng, *shape, dtype=dtype) for name, shape in shapes.items()}
    parts = {name: x * (scale if name.startswith("fc") else 1.0) for name, x in parts.items()}
    learner.load(layer, parts)
    return layer, parts


def gelu(x, form):
    """Either form of GELU."""
    inner = (2 / math.pi) ** 0.5 * (x + 0.044715 * x**3)
    return x * (1 + (torch.tanh(inner) if form == "tanh" else torch.erf(x / 2**0.5))) / 2


def truth(parts, x, form="tanh"):
    """What the layer gives, products added up one by one."""
    h = (x[..., None, :] * parts["fc.weight"]).sum(-1) + parts.get("fc.bias", 0.0)
    y = (gelu(h, form)[..., None, :] * parts["proj.weight"]).sum(-1)
    return y + parts.get("proj.bias", 0.0)


def test_parameters(learner, sizes):
    """The parameters are weight and bias of fc and proj; d_ff is 4d by default"""
    for d, d_ff in [(1, 2), (2, 3), *sizes(2, cases=2)]:
        for options in ({}, {"d_ff": d_ff}):
            layer, wanted = learner.FeedForward(d, **options), shapes_of(d, **options)
            learner.load(layer, {name: torch.zeros(shape) for name, shape in wanted.items()})
            assert_equal(learner.parameters(layer), wanted, name="parameters")


def test_layers(learner, trng, sizes):
    """The activation stands between fc and proj, and nothing is added"""
    for n, d, d_ff in [(1, 2, 3), *sizes(3, cases=4)]:
        layer, parts = built(learner, trng, d, 100.0, d_ff=d_ff)
        x = whole(trng, n, d)
        assert_close(layer(x), truth(parts, x), why=LAYERS)


def exact(x, form):
    """Either form of GELU of a number."""
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    return x / 2 * (1 + (math.tanh(inner) if form == "tanh" else math.erf(x / math.sqrt(2))))


def check_form(learner, form, **options):
    """One neuron that hands x to the activation, and hands on what comes out."""
    layer = learner.FeedForward(1, d_ff=1, **options).to(torch.float64)
    one, nothing = torch.ones(1, 1).double(), torch.zeros(1).double()
    parts = {"fc.weight": one, "fc.bias": nothing, "proj.weight": one, "proj.bias": nothing}
    learner.load(layer, parts)
    for points in ([1.0], [2.7, -2.7], [0.5, -1.5, -3.0, 0.0, 4.0]):
        x = torch.tensor(points, dtype=torch.float64)[:, None]
        want = torch.tensor([exact(p, form) for p in points], dtype=torch.float64)[:, None]
        assert_close(layer(x), want, why=GELU, form=form)


def test_tanh_form(learner):
    """The default activation is GELU in the tanh form, as in GPT-2"""
    check_form(learner, "tanh")
    check_form(learner, "tanh", activation="gelu_tanh")


def test_erf_form(learner):
    """activation="gelu" is the form with erf"""
    check_form(learner, "erf", activation="gelu")


def test_leading_axes(learner, trng, sizes):
    """Any number of leading axes will do, also none, in float32 and float64"""
    for dtype, (d, d_ff) in zip((torch.float32, torch.float64), sizes(2, cases=2), strict=True):
        layer, parts = built(learner, trng, d, 0.25, dtype=dtype, d_ff=d_ff)
        for lead in [(), (4,), (0,), (2, 3), (3, 1, 2)]:
            x = whole(trng, *lead, d, dtype=dtype)
            tolerance = 1e-4 if dtype == torch.float32 else 1e-9
            words = {"rtol": tolerance, "atol": tolerance, "why": LEADING, "shape": str((*lead, d))}
            assert_close(layer(x), truth(parts, x), **words)


def test_tokens_alone(learner, trng, sizes):
    """Every token is worked on by itself: shuffled tokens give shuffled results"""
    for b, t, d, d_ff in [(1, 2, 1, 3), *sizes(4, cases=3)]:
        layer, _ = built(learner, trng, d, 0.25, d_ff=d_ff)
        x, order = whole(trng, b, t, d), torch.randperm(t, generator=trng)
        ys = [layer(each) for each in (x, x[:, order])]
        for y in ys:
            assert_shape(y, (b, t, d), dtype=torch.float64)
        words = {"why": ALONE, "order": str(order.tolist()), "finite": False}
        assert_close(ys[1], ys[0][:, order], **words)


def test_no_bias(learner, trng, sizes):
    """bias=False leaves out both biases"""
    for n, d, d_ff in [(1, 1, 2), *sizes(3, cases=3)]:
        layer, parts = built(learner, trng, d, 0.25, d_ff=d_ff, bias=False)
        assert_equal(learner.parameters(layer), shapes_of(d, d_ff, bias=False), name="parameters")
        for name, module in (("fc", layer.fc), ("proj", layer.proj)):
            assert_equal(module.bias, None, name=f"{name}.bias")
            has_key = f"{name}.bias" in layer.state_dict()
            assert_holds(not has_key, got=has_key, name="state_dict()", why="it has such a key")
        x = whole(trng, n, d)
        assert_close(layer(x), truth(parts, x))


def test_gradients(learner, trng, sizes):
    """Gradients reach x and all parameters, and are exact"""
    for activation, form in FORMS.items():
        for n, d, d_ff in sizes(3, cases=2):
            layer, parts = built(learner, trng, d, 0.25, d_ff=d_ff, activation=activation)
            leaves = {"x": whole(trng, n, d), **parts}
            leaves = {name: value.requires_grad_() for name, value in leaves.items()}
            parts = {name: leaves[name] for name in parts}
            learner.load(layer, parts)
            y, want = layer(leaves["x"]), truth(parts, leaves["x"], form)
            assert_shape(y, (n, d), dtype=torch.float64)
            assert_holds(y.requires_grad, got=y, why="no gradient flows back from it")
            inputs, dy = [*leaves.values()], whole(trng, n, d)
            grads = [torch.autograd.grad(z, inputs, dy, allow_unused=True) for z in (y, want)]
            for name, got, right in zip(leaves, *grads, strict=True):
                assert_close(got, right, name=f"gradient of {name}")


def test_unknown(learner):
    """An unknown activation raises ValueError"""
    build = learner.FeedForward  # a layer is no evidence, but its lack of bias is
    for activation in ("relu", "tanh", "gelu_new", "GELU", ""):
        make = lambda name: build(2, activation=name, bias=False).fc.bias  # noqa: E731
        assert_raises(ValueError, make, activation)
