"""Hidden checks of layernorm.

The first uses rows whose variance plus eps is a square, so that the root is a whole number. The
others compare with torch's own layer_norm in float64, and with what autograd makes of it.
"""

import torch
from torch.nn.functional import layer_norm

from llmex.grader.compare import assert_close, assert_equal, assert_holds, assert_shape, unpack

HAND = "row {i0} has the variance {var}, and the root of {var} + {eps} is {root}"
SCALED = "the normalised number {i1} times weight {i1}, plus bias {i1}"
ALONE = "each vector along the last axis has a mean and a variance of its own"
EPS = "eps = {eps} is added to the variance, and then the root is taken"
CONSTANT = "all numbers of this row are equal: nothing but the bias is left"
FINITE = "the vectors are constant, but the result is not finite"
FAR = "the row lies around {offset}: its mean must go before anything is squared"
CUT = "no gradient flows back from the result"
LOST = "no gradient reaches {leaf}"
ADDED = "the gradient of {leaf}, added up over all vectors"
SUM = "dx of vector {i0} adds up to {got}: a shift of x changes nothing, so it must be 0"
ALONG = "dx · (x - mean) of vector {i0}: stretching x changes next to nothing, so it must be 0"
ROWS = [([-1, 1], 1, 3, 2), ([0, 3, 6], 6, 3, 3), ([0, 0, 0, 4], 3, 1, 2), ([0, 2, 4, 6], 5, 4, 3)]
F64 = torch.float64


def whole(trng, *shape, dtype=F64):
    """Whole numbers from -5 to 5; the first two of a vector are never the same."""
    x = torch.randint(-5, 6, shape, generator=trng)
    if len(shape) > 1:
        x[..., 1] = x[..., 0] + torch.randint(1, 6, shape[:-1], generator=trng)
    return x.to(dtype)


def truth(x, w, b=None, eps=1e-5):
    """torch's own, in float64."""
    b = None if b is None else b.double()
    return layer_norm(x.double(), x.shape[-1:], w.double(), b, eps)


def gradients(dy, x, w, b, eps):
    """What comes back to x, w and b, by torch's own, in float64."""
    leaves = [v.detach().double().requires_grad_() for v in (x, w, b)]
    return torch.autograd.grad(truth(*leaves, eps=eps), leaves, dy.double())


def norm(learner, w, b, **options):
    """The answer's layer with this weight and bias, in their dtype."""
    layer = learner.LayerNorm(len(w), **options).to(w.dtype)
    learner.load(layer, {"weight": w, "bias": b})
    return layer


def pull_back(learner, dy, x, g, eps):
    """dx, dg and db, once their shapes and dtypes are right."""
    parts = unpack(learner.layer_norm_backward(dy, x, g, eps), 3)
    for name, part, like in zip(("dx", "dg", "db"), parts, (x, g, g), strict=True):
        assert_shape(part, tuple(like.shape), dtype=x.dtype, name=name)
    return parts


def test_by_hand(learner):
    """A vector is shifted to mean 0 and divided by √(variance + eps)"""
    for row, var, eps, root in ROWS:
        d = len(row)
        x = torch.tensor([row, row[::-1]]).float() + torch.tensor([[0.0], [10.0]])
        layer = norm(learner, torch.ones(d), torch.zeros(d), eps=float(eps))
        want = (x - x.mean(-1, keepdim=True)) / root
        assert_close(layer(x), want, why=HAND, var=var, eps=eps, root=root)


def test_parameters(learner, trng, sizes):
    """weight (d,) starts at 1, bias (d,) at 0; with bias=False it is None"""
    for n, d in sizes(2, cases=3):
        shapes, layer = {"weight": (d,), "bias": (d,)}, learner.LayerNorm(d)
        assert_equal(learner.parameters(layer), shapes, name="parameters")
        assert_close(layer.weight, torch.ones(d), name="weight")
        assert_close(layer.bias, torch.zeros(d), name="bias")
        layer, x = learner.LayerNorm(d, bias=False).to(F64), whole(trng, n, d)
        assert_equal(layer.bias, None, name="bias")
        assert_equal(learner.parameters(layer), {"weight": (d,)}, name="parameters")
        learner.load(layer, {"weight": (w := whole(trng, d))})
        assert_close(layer(x), truth(x, w))


def test_weight_and_bias(learner, trng, sizes):
    """The weight multiplies the normalised numbers, then the bias is added"""
    for n, d in sizes(2, cases=5):
        x, w, b = whole(trng, n, d), whole(trng, d), whole(trng, d)
        assert_close(norm(learner, w, b, eps=0.5)(x), truth(x, w, b, 0.5), why=SCALED)


def test_last_axis(learner, trng, sizes):
    """Only the last axis is normalised, whatever comes before"""
    for dtype, (a, b, c, d) in zip((F64, torch.float32), sizes(4, cases=2), strict=True):
        for shape in [(a, d), (a, b, d), (a, b, c, d), (1, 1, d), (0, d)]:
            x, weight, bias = (whole(trng, *s, dtype=dtype) for s in (shape, (d,), (d,)))
            want = truth(x, weight, bias, 0.5).to(dtype)
            assert_close(norm(learner, weight, bias, eps=0.5)(x), want, why=ALONE)


def test_eps(learner, trng, sizes):
    """eps is added to the variance, inside the root; it is 1e-5 by default"""
    for options in ({}, {"eps": 1e-3}, {"eps": 2.0}):
        eps = options.get("eps", 1e-5)
        for n, d in sizes(2, cases=3):
            x, w, b = whole(trng, n, d) / 1000, whole(trng, d), whole(trng, d)
            layer = norm(learner, w, b, **options)
            assert_close(layer(x), truth(x, w, b, eps), why=EPS, eps=eps)


def check_gradients(learner, layer, leaves, dy, eps):
    """Compare what autograd makes of the answer's forward."""
    learner.load(layer, {"weight": leaves[1], "bias": leaves[2]})
    y = layer(leaves[0])
    assert_shape(y, tuple(dy.shape), dtype=F64)
    assert_holds(y.requires_grad, got=y, why=CUT)
    grads = torch.autograd.grad(y, leaves, dy, allow_unused=True)
    wants = gradients(dy, *leaves, eps)
    for leaf, got, want in zip(("x", "weight", "bias"), grads, wants, strict=True):
        assert_holds(got is not None, got=got, why=LOST, leaf=leaf)
        assert_close(got, want, name=f"gradient of {leaf}")


def test_constant_row(learner, trng, sizes):
    """A vector of equal numbers gives the bias, and finite gradients"""
    for n, d in sizes(2, cases=3):
        x, w, b = whole(trng, n, 2)[:, :1].expand(n, d).clone(), whole(trng, d), whole(trng, d)
        layer = norm(learner, w, b, eps=0.25)
        assert_close(layer(x), b.expand(n, d), why=CONSTANT)
        leaves = [v.requires_grad_() for v in (x, w, b)]
        check_gradients(learner, layer, leaves, whole(trng, n, d), 0.25)
        y = learner.LayerNorm(d)(near := torch.full((n, d), 10000.1))
        assert_shape(y, tuple(near.shape), dtype=torch.float32)
        assert_holds(bool(y.isfinite().all()), got=y, why=FINITE)


def test_far_from_zero(learner, trng):
    """In float32, a vector around 10000 is normalised as well"""
    for offset in (10000.0, -10000.0):
        for n in (1, 3, 50):
            x = (torch.randn(n, 8, generator=trng) + offset).float()
            layer = norm(learner, torch.ones(8), torch.zeros(8))
            want = truth(x, torch.ones(8)).float()
            assert_close(layer(x), want, rtol=0.0, atol=2e-2, why=FAR, offset=offset)


def test_gradients(learner, trng, sizes):
    """Gradients reach x, weight and bias through forward"""
    for a, b, d in sizes(3, cases=3):
        leaves = [whole(trng, *shape).requires_grad_() for shape in ((a, b, d), (d,), (d,))]
        layer = learner.LayerNorm(d, eps=0.5).to(F64)
        check_gradients(learner, layer, leaves, whole(trng, a, b, d), 0.5)


def test_backward_weight_and_bias(learner, trng, sizes):
    """dg adds up dy · x̂ over the vectors, db adds up dy"""
    for n, d in sizes(2, cases=5):
        dy, x, g = whole(trng, n, d), whole(trng, n, d), whole(trng, d)
        _, dg, db = pull_back(learner, dy, x, g, 0.5)
        wants = gradients(dy, x, g, g, 0.5)
        assert_close(dg, wants[1], name="dg", why=ADDED, leaf="g")
        assert_close(db, wants[2], name="db", why=ADDED, leaf="b")


def test_backward_laws(learner, trng, sizes):
    """dx of a vector adds up to 0, and has no part along x̂"""
    for n, d in sizes(2, cases=4):
        dy, x, g = whole(trng, n, d), whole(trng, n, d), whole(trng, d)
        dx = pull_back(learner, dy, x, g, 1e-12)[0]
        words = {"name": "the sum of dx", "rtol": 0.0, "atol": 1e-8}
        assert_close(dx.sum(-1), torch.zeros(n).to(F64), why=SUM, **words)
        along = (dx * (x - x.mean(-1, keepdim=True))).sum(-1)
        assert_close(along, torch.zeros(n).to(F64), **{**words, "name": "along x"}, why=ALONG)


def test_backward_input(learner, trng, sizes):
    """dx is the gradient of the input"""
    for eps in (0.5, 1e-5, 3.0):
        for n, d in sizes(2, cases=3):
            dy, x, g = whole(trng, n, d), whole(trng, n, d), whole(trng, d)
            dx = pull_back(learner, dy, x, g, eps)[0]
            assert_close(dx, gradients(dy, x, g, g, eps)[0], name="dx")


def test_backward_leading_axes(learner, trng, sizes):
    """dg and db are added up over all leading axes, and the dtype stays"""
    for dtype, (a, b, c, d) in zip((F64, torch.float32), sizes(4, cases=2), strict=True):
        for shape in [(a, d), (a, b, d), (a, b, c, d), (0, d)]:
            dy, x, g = (whole(trng, *s, dtype=dtype) for s in (shape, shape, (d,)))
            parts, wants = pull_back(learner, dy, x, g, 0.5), gradients(dy, x, g, g, 0.5)
            for name, got, want in zip(("dx", "dg", "db"), parts, wants, strict=True):
                assert_close(got, want.to(dtype), name=name)
