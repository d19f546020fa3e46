"""Hidden checks of linear-init.

Draws are judged by laws alone, at five standard errors and more; evidence is statistics only.
"""

import torch
from torch.nn.functional import linear

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_raises

FORWARD = "row {i0} of x times row {i1} of the weight, added up, plus number {i1} of the bias"
UNTOUCHED = "w still holds what it held before the call"
DRAWN = {
    "std": "of {n} numbers; it should be {formula}",
    "mean": "of {n} numbers that should lie around 0",
    "share beyond √3 std": "of {n} numbers; in a normal law it is 0.083",
    "largest size": "of {n} numbers, which should fill their range",
    "share on the bound": "draw these numbers again, do not clamp them",
}
AGAIN = "the same state of the generator gives another {what}"
REDRAWN = "{got} of 60000 numbers differ in a second call with the same state of the generator"
OTHER = "another state of the generator gives the same {what}"

XAVIER, KAIMING, ROOT = "√(2 / (d_in + d_out))", "√(2 / d_in)", "√(1 / d_out)"
OPTIONS = {  # the law of the weight, its std for d_in = 20 and d_out = 3000, and this in words
    "xavier_uniform": ("uniform", 1510**-0.5, XAVIER),
    "xavier_normal": ("normal", 1510**-0.5, XAVIER),
    "kaiming_uniform": ("uniform", 10**-0.5, KAIMING),
    "kaiming_normal": ("normal", 10**-0.5, KAIMING),
    "trunc_normal": ("cut", 1510**-0.5, XAVIER),
    "gpt2": ("normal", 0.02, "0.02"),
    "torch_default": ("uniform", 60**-0.5, "1 / √(3 · d_in)"),
}


def whole(trng, *shape, dtype=torch.float32):
    """Whole numbers from -3 to 3."""
    return torch.randint(-3, 4, shape, generator=trng).to(dtype)


def check_draws(w, law, std, name, formula):
    """Judge numbers by the law that they should follow."""
    w = w.detach().double().flatten()
    size, n, cut = w.abs(), w.numel(), law == "cut"
    near = 0.03 if cut else max(0.015, 4 / n**0.5)
    looks = [("std", w.std(), std, near * std), ("mean", w.mean(), 0.0, 6 * std / n**0.5)]
    if law == "normal":
        beyond = (size > 3**0.5 * std).double().mean()
        looks += [("share beyond √3 std", beyond, 0.0833, 2 * n**-0.5)]
    else:
        bound = (3 if cut else 3**0.5) * std
        on_bound = (size >= bound * (1 - 1e-6)).double().mean()
        slack = bound * (0.02 if cut else max(1e-3, 50 / n))
        share = [("share on the bound", on_bound, 0.0, 2e-4)] * cut
        ends = [("largest size", size.max(), bound, slack), *share]
        looks = ends + looks if cut else looks + ends
    for look, got, want, atol in looks:
        words = {"name": f"{look} of {name}", "n": n, "formula": formula}
        assert_close(got.item(), want, rtol=0.0, atol=atol, why=DRAWN[look], **words)


def filled(learner, trng, function, *args, **options):
    """A tensor, d_out = 300 by d_in = 200, that the answer's function has filled."""
    w = torch.ones(300, 200)
    getattr(learner.inplace, function)(w, *args, generator=trng, **options)
    return w


def parameters(learner, layer, **shapes):
    """The parameters of a layer by name, once their names, shapes and dtypes are right."""
    assert_equal(learner.parameters(layer), shapes, name="parameters")
    found = {name: getattr(layer, name) for name in shapes}
    for name, value in found.items():
        assert_equal(str(getattr(value, "dtype", "")), "torch.float32", name=f"dtype of {name}")
    return found


def test_forward(learner, trng, sizes):
    """The output is x Wᵀ + b"""
    for n, d_in, d_out in sizes(3, cases=5, low=1):
        layer = learner.Linear(d_in, d_out)
        x, w, b = whole(trng, n, d_in), whole(trng, d_out, d_in), whole(trng, d_out)
        learner.load(layer, {"weight": w, "bias": b})
        assert_close(layer(x), linear(x, w, b), why=FORWARD)


def test_leading_axes(learner, trng, sizes):
    """Any number of leading axes will do, also none, and float64"""
    for dtype, (d_in, d_out) in zip((torch.float32, torch.float64), sizes(2, cases=2), strict=True):
        layer = learner.Linear(d_in, d_out).to(dtype)
        w, b = whole(trng, d_out, d_in, dtype=dtype) / 3, whole(trng, d_out, dtype=dtype)
        learner.load(layer, {"weight": w, "bias": b})
        for lead in [(), (4,), (0,), (2, 3), (3, 1, 2)]:
            x = whole(trng, *lead, d_in, dtype=dtype)
            assert_close(layer(x), linear(x, w, b))


def test_no_bias(learner, trng, sizes):
    """Without a bias, `bias` is None and the output is x Wᵀ"""
    for init, (n, d_in, d_out) in zip(OPTIONS, sizes(3, cases=len(OPTIONS)), strict=True):
        layer = learner.Linear(d_in, d_out, bias=False, init=init)
        assert_equal(layer.bias, None, name="bias")
        learner.load(layer, {"weight": (w := whole(trng, d_out, d_in))})
        assert_close(layer(x := whole(trng, n, d_in)), linear(x, w))


def test_gradients(learner, trng, sizes):
    """Gradients reach x, the weight and the bias"""
    for n, d_in, d_out in sizes(3, cases=3):
        layer, shapes = learner.Linear(d_in, d_out), [(n, d_in), (d_out, d_in), (d_out,)]
        x, w, b = leaves = [whole(trng, *shape).requires_grad_() for shape in shapes]
        learner.load(layer, {"weight": w, "bias": b})
        y, dy = layer(x), whole(trng, n, d_out)
        assert_close(y, linear(x, w, b).detach())
        assert_holds(y.requires_grad, got=y, why="no gradient flows back from the result")
        grads = torch.autograd.grad(y, leaves, dy, allow_unused=True)
        wants = [dy @ w.detach(), dy.T @ x.detach(), dy.sum(0)]
        for name, got, want in zip(("x", "weight", "bias"), grads, wants, strict=True):
            assert_holds(got is not None, got=got, why="no gradient reaches {leaf}", leaf=name)
            assert_close(got, want, name=f"gradient of {name}")


def test_gain(learner):
    """The gain is √2 for relu, √(2 / (1 + a²)) for leaky_relu, 5/3 for tanh"""
    truths = [("relu", {}, 2**0.5), ("tanh", {}, 5 / 3), ("leaky_relu", {"a": 1.0}, 1.0)]
    truths += [("leaky_relu", {}, (2 / 1.0001) ** 0.5), ("leaky_relu", {"a": 3.0}, 0.2**0.5)]
    for nonlinearity, options, want in truths:
        assert_close(learner.gain(nonlinearity, **options), want)


def test_parameter(learner, trng):
    """The five functions fill a Parameter in place, without a graph, in its dtype"""
    for function in [*OPTIONS][:-2]:
        w = learner.place(torch.full((5, 3), 9.0, dtype=torch.float64), parameter=True)
        call = getattr(learner.inplace, f"{function}_")
        call(w, *[0.1] * (function == "trunc_normal"), generator=trng)
        assert_equal(str((after := w.value()).dtype), "torch.float64", name="dtype of w")
        assert_holds(bool((after.abs() < 6).all()), got=after, name="w", why=UNTOUCHED)
        for flag in ("is_leaf", "requires_grad"):
            assert_equal(bool(learner.handle(w, flag)), True, name=f"w.{flag} after the call")


def test_xavier(learner, trng):
    """Xavier: the variance is 2 / (d_in + d_out), uniform or normal"""
    for law in ("uniform", "normal"):
        check_draws(filled(learner, trng, f"xavier_{law}_"), law, 250**-0.5, "w", XAVIER)


def test_kaiming(learner, trng):
    """Kaiming: the std is √(2 / (1 + a²)) / √fan, uniform or normal"""
    cases = [({}, 100, KAIMING), ({"mode": "fan_out"}, 150, "√(2 / d_out)")]
    cases += [({"a": 3.0}, 1000, "√(0.2 / d_in)"), ({"mode": "fan_out", "a": 1.0}, 300, ROOT)]
    for options, square, formula in cases:
        for law in ("uniform", "normal"):
            w = filled(learner, trng, f"kaiming_{law}_", **options)
            check_draws(w, law, square**-0.5, "w", formula)


def test_trunc_normal(learner, trng):
    """A truncated normal is drawn again beyond 3 std, not clamped"""
    for std in (0.5, 2.0, 0.02):
        w, again = (filled(learner, g, "trunc_normal_", std) for g in (trng.clone_state(), trng))
        check_draws(w, "cut", std, "w", "std")
        assert_holds((n := int((again != w).sum())) == 0, got=n, name="how many", why=REDRAWN)


def test_starts(learner, trng):
    """Each `init` draws the weight by its law; the default draws the bias too"""
    for init, (law, std, formula) in OPTIONS.items():
        layer = learner.Linear(20, 3000, init=init, generator=trng)
        found = parameters(learner, layer, weight=(3000, 20), bias=(3000,))
        check_draws(found["weight"], law, std, f"weight of {init}", formula)
        if init == "torch_default":
            check_draws(found["bias"], law, std, f"bias of {init}", formula)
        else:
            assert_close(found["bias"], torch.zeros(3000), name=f"bias of {init}")


def test_generator(learner, trng):
    """The generator's state decides what is drawn; None is torch's global one"""
    for init in OPTIONS:
        a, b = torch.randint(2**40, (2,), generator=trng).tolist()
        for given in (True, False):
            drawn = []
            for seed in (a, a, b):
                learner.stage.seed(0 if given else seed)
                options = {"generator": torch.Generator().manual_seed(seed)} if given else {}
                layer = learner.Linear(5, 3, init=init, **options)
                drawn.append(parameters(learner, layer, weight=(3, 5), bias=(3,)))
            for name in ("weight", "bias") if init == "torch_default" else ("weight",):
                first, again, other = (found[name] for found in drawn)
                assert_close(again, first, finite=False, name=name, why=AGAIN, what=name)
                assert_holds(not torch.equal(other, first), got=other, why=OTHER, what=name)


def test_unknown(learner):
    """An unknown init or nonlinearity raises ValueError"""
    for init in ("kaiming", "he_normal", ""):  # a layer is no evidence, but its lack of bias is
        assert_raises(ValueError, lambda i: learner.Linear(4, 3, bias=False, init=i).bias, init)
    assert_raises(ValueError, learner.gain, "rleu")
