"""Hidden checks of transformer-block.

The truth is torch's own encoder layer with the same numbers, in float64. Where both projections
are zero, each sublayer brings its bias alone, and the result can be told by hand.
"""

import functools
import itertools

import torch
from torch.func import functional_call
from torch.nn.functional import gelu, layer_norm

from llmex.grader.compare import (
    assert_close,
    assert_equal,
    assert_holds,
    assert_raises,
    assert_shape,
)

NEAR = {"rtol": 1e-5, "atol": 1e-5}  # someone's √(2 / π) may be a float32
SUM = "both proj have zero weights here, so y is x plus their two biases"
ATTN = "mlp.proj has zero weights here, so that mlp brings its bias alone: look at attn"
MLP = "attn.proj has zero weights here, so that attn brings its bias alone: look at mlp"
MASKED = "position {i1} of row {i0}, with a mask of shape {shape}"
DROPPED = "both sublayers bring their bias; no way of dropping some of its numbers gives this"
SHARE = "with dropout=0.25, of what {part} brings some should be kept and some dropped"
DEEPER = "the gradient of x with pre-norm over that with post-norm: it should be larger than 1"
TORCH = {  # the names of torch's encoder layer
    "ln1": "norm1.", "attn.qkv": "self_attn.in_proj_", "attn.proj": "self_attn.out_proj.",
    "ln2": "norm2.", "mlp.fc": "linear1.", "mlp.proj": "linear2.",
}  # fmt: skip


def whole(trng, *shape):
    """Halves and whole numbers from -1.5 to 1.5."""
    return torch.randint(-3, 4, shape, generator=trng).double() / 2


def shapes_of(d, d_ff, bias=True):
    """The parameters that a block must have."""
    weights = [(d,), (3 * d, d), (d, d), (d,), (d_ff, d), (d, d_ff)]
    shapes = {f"{part}.weight": shape for part, shape in zip(TORCH, weights, strict=True)}
    biases = {f"{part}.bias": shape[:1] for part, shape in zip(TORCH, weights, strict=True)}
    return shapes | (biases if bias else {})


def built(learner, trng, d, heads, d_ff, silent=(), **options):
    """A block of the answer's and its numbers; a `silent` sublayer brings its bias alone."""
    block = learner.Block(d, heads, d_ff, **options).to(torch.float64)
    shapes = shapes_of(d, d_ff, options.get("bias", True)).items()
    parts = {name: whole(trng, *shape) for name, shape in shapes}
    parts |= {f"{name}.proj.weight": 0 * parts[f"{name}.proj.weight"] for name in silent}
    learner.load(block, parts)
    return block, parts


def truth(parts, heads, x, mask=None, norm="pre"):
    """What torch's encoder layer gives for these numbers."""
    d_ff, d = parts["mlp.fc.weight"].shape
    options = {"norm_first": norm == "pre", "bias": "ln1.bias" in parts, "batch_first": True}
    tanh = functools.partial(gelu, approximate="tanh")
    layer = torch.nn.TransformerEncoderLayer(d, heads, d_ff, 0.0, tanh, device="meta", **options)
    split = {name: name.rpartition(".") for name in parts}
    named = {TORCH[split[name][0]] + split[name][2]: value for name, value in parts.items()}
    if mask is not None:
        mask = mask[:, None] if mask.ndim == 3 else mask
        mask = ~mask.expand(len(x), heads, x.shape[1], x.shape[1]).flatten(0, 1)
    return functional_call(layer, named, (x,), {"src_mask": mask})


def test_parameters(learner, sizes):
    """The parameters are those of ln1, attn, ln2 and mlp, no others"""
    for heads, size, d_ff in sizes(3, cases=3):
        block = learner.Block(heads * size, heads, d_ff)
        assert_equal(learner.parameters(block), shapes_of(heads * size, d_ff), name="parameters")


def test_passes_by(learner, trng, sizes):
    """Pre-norm adds to x itself, which no norm touches"""
    for b, t, heads, d_ff in [(1, 1, 2, 3), *sizes(4, cases=3)]:
        block, parts = built(learner, trng, 2 * heads, heads, d_ff, silent=("attn", "mlp"))
        x = whole(trng, b, t, 2 * heads)
        want = x + parts["attn.proj.bias"] + parts["mlp.proj.bias"]
        assert_close(block(x), want, why=SUM)
        assert_close(block.to(torch.float32)(x.float()), want.float(), why=SUM)


def check_norm(learner, trng, sizes, **options):
    """Each sublayer alone, then both together."""
    for b, t, heads, d_ff in [(1, 1, 1, 2), (1, 2, 1, 4), *sizes(4, cases=3)]:
        for silent, why in ((("mlp",), ATTN), (("attn",), MLP), ((), "")):
            block, parts = built(learner, trng, heads * 3, heads, d_ff, silent, **options)
            x = whole(trng, b, t, heads * 3)
            assert_close(block(x), truth(parts, heads, x, **options), why=why, **NEAR)


def test_pre(learner, trng, sizes):
    """By default x + attn(ln1(x)), and to this its own mlp(ln2(x))"""
    check_norm(learner, trng, sizes)


def test_post(learner, trng, sizes):
    """norm="post" is ln1(x + attn(x)), and of this ln2(x + mlp(x))"""
    check_norm(learner, trng, sizes, norm="post")


def test_mask(learner, trng, sizes):
    """The mask says which positions attention sees; True keeps"""
    for norm, (b, t, heads, size) in zip(("pre", "post") * 2, sizes(4, cases=4), strict=True):
        block, parts = built(learner, trng, heads * size, heads, b + t, norm=norm)
        causal = torch.ones(t, t, dtype=torch.bool).tril()
        padding = torch.arange(t) < torch.arange(b).remainder(t)[:, None, None] + 1
        for mask in (causal, padding, causal & padding, (causal & padding)[:, None]):
            x, shape = whole(trng, b, t, heads * size), str(tuple(mask.shape))
            want = truth(parts, heads, x, mask, norm)
            assert_close(block(x, mask=mask), want, why=MASKED, shape=shape, **NEAR)


def test_no_bias(learner, trng, sizes):
    """bias=False leaves out every bias, also those of the norms"""
    for norm, (b, t, heads, d_ff) in zip(("pre", "post"), sizes(4, cases=2), strict=True):
        options = {"bias": False, "norm": norm}
        block, parts = built(learner, trng, heads * 3, heads, d_ff, **options)
        assert_equal(learner.parameters(block), shapes_of(heads * 3, d_ff, bias=False))
        for part in TORCH:
            assert_equal(functools.reduce(getattr, [block, *part.split(".")]).bias, None)
        x = whole(trng, b, t, heads * 3)
        assert_close(block(x), truth(parts, heads, x, norm=norm), **NEAR)


def ways(parts, x, norm, p):
    """What may come of x (T, d) if each sublayer brings its bias, and some of it is dropped."""
    d = x.shape[-1]
    kept = torch.tensor([*itertools.product((0.0, 1.0), repeat=2 * d)]).double()
    for part, ln, keep in zip(("attn", "mlp"), ("ln1", "ln2"), kept.split(d, -1), strict=True):
        x = x + keep[:, None] / (1 - p) * parts[f"{part}.proj.bias"]
        if norm == "post":
            x = layer_norm(x, (d,), parts[f"{ln}.weight"], parts[f"{ln}.bias"])
    return kept, x  # (ways, 2 * d), (ways, T, d)


def test_dropout(learner, trng):
    """Dropout acts on what is added, never on x; in eval mode not at all"""
    for norm in ("pre", "post"):
        block, parts = built(learner, trng, 3, 1, 5, ("attn", "mlp"), dropout=0.25, norm=norm)
        parts |= {"attn.proj.bias": torch.tensor([1.0, 2.0, 3.0]).double()}
        parts |= {"mlp.proj.bias": torch.tensor([4.0, 6.0, -5.0]).double()}
        parts |= {f"{ln}.weight": torch.ones(3).double() for ln in ("ln1", "ln2")}
        learner.load(block, parts)
        x = whole(trng, 1, 40, 3)
        y = block.train()(x)
        assert_shape(y, (1, 40, 3), dtype=torch.float64)
        kept, wants = ways(parts, x[0], norm, 0.25)
        taken = (wants - y).abs().amax(-1).argmin(0)  # (40,): the nearest way
        assert_close(y, wants[taken, torch.arange(40)][None], why=DROPPED)
        shares = kept[taken].unflatten(-1, (2, 3)).mean((0, 2)).tolist()
        for part, share in zip(("attn", "mlp"), shares, strict=True):
            assert_holds(0.5 < share < 1.0, got=share, why=SHARE, part=part)
        block, parts = built(learner, trng, 6, 2, 5, dropout=0.25, norm=norm)
        x = whole(trng, 2, 3, 6)
        assert_close(block.eval()(x), truth(parts, 2, x, norm=norm), **NEAR)


def test_gradients(learner, trng, sizes):
    """Gradients reach x and all parameters"""
    for norm, (b, t, heads, d_ff) in zip(("pre", "post") * 2, sizes(4, cases=4), strict=True):
        d, mask = heads * 3, torch.ones(t, t, dtype=torch.bool).tril()
        block, parts = built(learner, trng, d, heads, d_ff, norm=norm)
        leaves = {"x": whole(trng, b, t, d), **parts}
        x, *parameters = [value.requires_grad_() for value in leaves.values()]
        learner.load(block, dict(zip(parts, parameters, strict=True)))
        y, want, dy = block(x, mask=mask), truth(parts, heads, x, mask, norm), whole(trng, b, t, d)
        assert_close(y, want.detach(), name="y", **NEAR)
        assert_holds(y.requires_grad, got=y, name="y", why="no gradient flows back from it")
        grads = [torch.autograd.grad(z, [x, *parameters], dy, allow_unused=True) for z in (y, want)]
        for name, got, right in zip(leaves, *grads, strict=True):
            assert_close(got, right, rtol=1e-4, atol=1e-4, name=f"gradient of {name}")


def test_depth(learner, trng):
    """Through 24 blocks, pre-norm passes back more gradient than post-norm"""
    x, dy, norms = whole(trng, 2, 5, 6).requires_grad_(), whole(trng, 2, 5, 6), []
    for norm in ("pre", "post"):
        y = x
        for _ in range(24):
            y = built(learner, trng, 6, 2, 7, norm=norm)[0](y)
        assert_shape(y, (2, 5, 6), dtype=torch.float64)
        dx = torch.autograd.grad(y, x, dy, allow_unused=True)[0] if y.requires_grad else None
        assert_shape(dx, (2, 5, 6), name="gradient of x")
        norms.append(dx.norm().item())
    assert_holds(norms[0] > norms[1], got=norms[0] / norms[1], why=DEEPER)


def test_unknown(learner):
    """ValueError for an unknown norm"""
    build = functools.partial(learner.Block, 4, 2, 3, bias=False)
    for norm in ("Pre", "both", ""):  # a block is no evidence, but its lack of bias is
        assert_raises(ValueError, lambda norm: build(norm=norm).ln1.bias, norm)
