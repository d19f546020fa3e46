"""Hidden checks of multi-head-attention.

The truth goes head by head, with that head's own rows of qkv and columns of proj. A token that is
alone gives itself the weight 1, so that everything but the softmax is seen on whole numbers.
"""

import itertools

import torch

from llmex.grader.compare import (  # isort: skip
    assert_close, assert_equal, assert_holds, assert_raises, assert_shape, unpack
)  # fmt: skip

ALONE = "a token alone has the weight 1: y is proj(v), and v comes from the last third of qkv"
ONE_HEAD = "one head of size {size}: y is proj of the attention of q, k and v"
HEADS = "proj is the identity here: y[..., {first}:{end}] is what head {head} gives"
MIXED = "proj mixes the heads, which stand side by side, head 0 first"
WEIGHTS = "the weight that query {i2} gives to key {i3} in head {i1}"
CROSSED = "queries come from x, keys and values from kv"
MASKED = "a mask of shape {shape} for weights of shape {full}"
NOTHING = "the heads of a query that sees no key are 0: what is left of y is proj.bias"


def whole(trng, *shape, dtype=torch.float64):
    """Halves and whole numbers from -1 to 1."""
    return torch.randint(-2, 3, shape, generator=trng).to(dtype) / 2


def shapes_of(d, d_in=None, bias=True):
    """The parameters that the layer must have."""
    shapes = {"qkv.weight": (3 * d, d if d_in is None else d_in), "qkv.bias": (3 * d,)}
    shapes |= {"proj.weight": (d, d), "proj.bias": (d,)}
    return {name: shape for name, shape in shapes.items() if bias or "bias" not in name}


def built(learner, trng, heads, size, dtype=torch.float64, **options):
    """A layer of the answer's, and the numbers that were put into its parameters."""
    layer = learner.MultiHeadAttention(heads * size, heads, **options).to(dtype)
    shapes = shapes_of(heads * size, **options)
    parts = {name: whole(trng, *shape, dtype=dtype) for name, shape in shapes.items()}
    learner.load(layer, parts)
    return layer, parts


def truth(parts, heads, x, kv=None, mask=None):
    """y and the weights, one head after another."""
    kv, d = x if kv is None else kv, len(parts["proj.weight"])
    size, nothing = d // heads, torch.zeros(3 * d, dtype=x.dtype)
    y, weights = parts.get("proj.bias", nothing[:d]), []
    weight, bias = parts["qkv.weight"], parts.get("qkv.bias", nothing)
    mask = torch.tensor([[True]]) if mask is None else mask
    seen = (mask[:, None] if mask.ndim == 3 else mask).expand(len(x), heads, -1, -1)
    for head in range(heads):
        rows = [slice(third * d + head * size, third * d + (head + 1) * size) for third in range(3)]
        q, k, v = (t @ weight[at].T + bias[at] for t, at in zip((x, kv, kv), rows, strict=True))
        exps = torch.where(seen[:, head], (q @ k.mT / size**0.5).exp(), 0.0)
        total = exps.sum(-1, keepdim=True)
        weights.append(exps / total.where(total > 0, 1.0))
        y = y + weights[-1] @ v @ parts["proj.weight"][:, rows[0]].T
    return y, torch.stack(weights, 1)


def compare(layer, parts, heads, x, why, **fields):
    """Compare the weights and y with the truth; kv and mask are among the fields."""
    inputs = {name: fields.pop(name) for name in ("kv", "mask") if name in fields}
    y, weights = unpack(layer(x, return_weights=True, **inputs), 2)
    wants = truth(parts, heads, x, **inputs)
    assert_close(weights, wants[1], name="weights", why=WEIGHTS)
    assert_close(y, wants[0], name="y", why=why, **fields)


def test_parameters(learner, sizes):
    """The parameters are weight and bias of qkv and of proj, no others"""
    for heads, size, d_in in sizes(3, cases=3):
        for options in ({}, {"d_in": d_in}):
            layer = learner.MultiHeadAttention(heads * size, heads, **options)
            wanted = shapes_of(heads * size, **options)
            learner.load(layer, {name: torch.zeros(shape) for name, shape in wanted.items()})
            assert_equal(learner.parameters(layer), wanted, name="parameters")


def test_alone(learner, trng, sizes):
    """For one token alone, y is proj(v), in float32 as in float64"""
    for i, (heads, size, b) in enumerate([(2, 1, 1), *sizes(3, cases=3, low=1)]):
        dtype = (torch.float32, torch.float64)[i % 2]
        layer, parts = built(learner, trng, heads, size, dtype=dtype)
        x = whole(trng, b, 1, heads * size, dtype=dtype)
        assert_close(layer(x), truth(parts, heads, x)[0], why=ALONE)


def test_one_head(learner, trng, sizes):
    """One head is attention between two projections"""
    for b, t, size in [(1, 2, 2), *sizes(3, cases=4)]:
        layer, parts = built(learner, trng, 1, size)
        x = whole(trng, b, t, size)
        assert_close(layer(x), truth(parts, 1, x)[0], why=ONE_HEAD, size=size)


def test_heads(learner, trng, sizes):
    """Each head attends by itself, to its own part of q, k and v"""
    for b, t, heads, size in [(1, 3, 2, 1), *sizes(4, cases=4)]:
        layer, parts = built(learner, trng, heads, size)
        x, d = whole(trng, b, t, heads * size), heads * size
        plain = {"proj.weight": torch.eye(d).double(), "proj.bias": torch.zeros(d).double()}
        learner.load(layer, parts | plain)
        y, want = layer(x), truth(parts | plain, heads, x)[0]
        assert_shape(y, (b, t, d), dtype=torch.float64)
        for head in range(heads):
            first, end = head * size, (head + 1) * size
            words = {"name": f"y[..., {first}:{end}]", "first": first, "end": end, "head": head}
            assert_close(y[..., first:end], want[..., first:end], why=HEADS, **words)
        learner.load(layer, parts)
        assert_close(layer(x), truth(parts, heads, x)[0], why=MIXED)


def test_weights(learner, trng, sizes):
    """return_weights adds the weights of every head, (B, H, Tq, Tk)"""
    for b, t, heads, size in [(1, 3, 2, 1), *sizes(4, cases=4)]:
        layer, parts = built(learner, trng, heads, size)
        compare(layer, parts, heads, whole(trng, b, t, heads * size), MIXED)


def test_kv(learner, trng, sizes):
    """With kv, the queries come from x, keys and values from kv"""
    for b, tq, tk, heads, d_in in [(1, 2, 3, 2, 1), *sizes(5, cases=4)]:
        layer, parts = built(learner, trng, heads, 1 + heads % 2, d_in=d_in)
        x, kv = whole(trng, b, tq, d_in), whole(trng, b, tk, d_in)
        compare(layer, parts, heads, x, CROSSED, kv=kv)


def some(trng, *shape):
    """A random mask in which every query sees a key, and in its first row hides one."""
    mask = torch.rand(shape, generator=trng) < 0.5
    mask[..., int(torch.randint(shape[-1] - 1, (), generator=trng))] = True
    mask[..., -1][(0,) * (mask.ndim - 1)] = False
    return mask


def test_masks(learner, trng, sizes):
    """True keeps a key, in masks of every shape"""
    for b, tq, tk, heads in [(1, 2, 3, 2), *sizes(4, cases=3)]:
        layer, parts = built(learner, trng, heads, b, d_in=1)
        x, kv = whole(trng, b, tq, 1), whole(trng, b, tk, 1)
        four = [(b, m, n, tk) for m, n in itertools.product((1, heads), (1, tq))]
        for shape in [(tq, tk), (b, 1, tk), (b, tq, tk), *four]:
            words = {"shape": str(shape), "full": str((b, heads, tq, tk))}
            compare(layer, parts, heads, x, MASKED, kv=kv, mask=some(trng, *shape), **words)


def test_nothing_to_see(learner, trng, sizes):
    """A query that sees no key has weights of 0, and y is proj.bias"""
    for b, t, heads, size in [(1, 2, 2, 1), *sizes(4, cases=3)]:
        layer, parts = built(learner, trng, heads, size)
        x, mask = whole(trng, b, t, heads * size), some(trng, b, heads, t, t)
        mask[:, :, 0] = mask[0, 0] = False
        for seen in (mask, mask[:, 0]):
            compare(layer, parts, heads, x, NOTHING, mask=seen)


def test_no_bias(learner, trng, sizes):
    """bias=False leaves out both biases"""
    for b, t, heads, size in [(1, 2, 2, 1), *sizes(4, cases=3)]:
        layer, parts = built(learner, trng, heads, size, bias=False)
        assert_equal(learner.parameters(layer), shapes_of(heads * size, bias=False))
        for name, module in (("qkv", layer.qkv), ("proj", layer.proj)):
            assert_equal(module.bias, None, name=f"{name}.bias")
            has_key = f"{name}.bias" in layer.state_dict()
            assert_holds(not has_key, got=has_key, name="state_dict()", why="it has such a key")
        x, mask = whole(trng, b, t, heads * size), torch.ones(t, t, dtype=torch.bool).tril(-1)
        compare(layer, parts, heads, x, NOTHING, mask=mask)


def test_gradients(learner, trng, sizes):
    """Gradients reach x, kv and all parameters; seeing nothing makes no NaN"""
    for blind, (b, tq, tk, heads) in zip((False, True, True), sizes(4, cases=3), strict=True):
        layer, parts = built(learner, trng, heads, 2, d_in=3)
        mask = some(trng, tq, tk)
        mask[0] &= not blind
        leaves = {"x": whole(trng, b, tq, 3), "kv": whole(trng, b, tk, 3), **parts}
        leaves = {name: value.requires_grad_() for name, value in leaves.items()}
        parts = {name: leaves[name] for name in parts}
        learner.load(layer, parts)
        inputs, words = [*leaves.values()], {"kv": leaves["kv"], "mask": mask}
        for i, name, used in ((0, "y", inputs), (1, "weights", inputs[:3])):
            y = unpack(layer(leaves["x"], return_weights=True, **words), 2)[i]
            want = truth(parts, heads, leaves["x"], **words)[i]
            assert_shape(y, tuple(want.shape), dtype=torch.float64, name=name)
            assert_holds(y.requires_grad, got=y, name=name, why="no gradient flows back from it")
            dy = whole(trng, *want.shape)
            grads = [torch.autograd.grad(z, used, dy, allow_unused=True) for z in (y, want)]
            for at, dx, right in zip(leaves, *grads, strict=False):
                assert_close(dx, right, name=f"gradient of {name} in {at}")


def test_uneven(learner):
    """ValueError if n_heads does not divide d_model"""
    build = learner.MultiHeadAttention  # a layer is no evidence, but its lack of bias is
    for d, heads in ((6, 4), (5, 2), (2, 3)):
        assert_raises(ValueError, lambda *n: build(*n, bias=False).proj.bias, d, heads)
