"""Hidden checks of activations: the formulas in Python's own math, slopes by central differences.

Far from 0 every one of them is its limit, which needs no formula; torch judges only what depends on
shape and dtype.
"""

import math

import torch
import torch.nn.functional as F

from llmex.grader.compare import assert_close, assert_holds, assert_shape

NEAR = {"rtol": 1e-6, "atol": 1e-6}  # erf and tanh GELU differ by up to 4.7e-4
STEP = 1e-5
TORCH = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "silu": F.silu,
    "gelu": F.gelu,
}


def logistic(x):
    """1 / (1 + e^-x)."""
    return 1 / (1 + math.exp(-x))


def gelu_erf(x):
    """x times the normal distribution function."""
    return x * (1 + math.erf(x / math.sqrt(2))) / 2


def gelu_tanh(x):
    """GPT-2's form."""
    return x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def of(truth, x):
    """The function of Python numbers, on every number of a tensor."""
    values = [truth(value) for value in x.flatten().tolist()]
    return torch.tensor(values, dtype=x.dtype).reshape(x.shape)


def slope(truth, x):
    """Its slope, by central differences."""
    return of(lambda value: (truth(value + STEP) - truth(value - STEP)) / (2 * STEP), x)


def points(trng):
    """Tensors of one number to nine: whole numbers first, then halves and GELU's hard places."""
    for n in (1, 2, 4):
        x = (1 + torch.randperm(4, generator=trng)[:n]).double()
        yield x * (1 - 2 * torch.randint(2, (n,), generator=trng))
    yield torch.zeros(1).double()
    hard = torch.tensor([2.7, -2.7, 2.27, -0.75, 0.5, -2.5, 1.5, -6.0, 9.0]).double()
    yield hard[torch.randperm(9, generator=trng)]


def signed(trng, shape, high, step=1.0):
    """Multiples of `step` up to `high` with random signs, never 0."""
    size = step * torch.randint(1, int(high / step) + 1, shape, generator=trng)
    return (size * (1 - 2 * torch.randint(2, shape, generator=trng))).double()


def test_relu(learner, trng):
    """`relu` and `leaky_relu` keep what is above 0, and scale the rest"""
    for x in points(trng):
        assert_close(learner.relu(x), of(lambda v: max(v, 0.0), x), why="relu(x) is max(x, 0)")
    for negative_slope in (0.01, 0.25, 2.0):
        for x in points(trng):
            got = learner.leaky_relu(x, negative_slope=negative_slope)
            want = of(lambda v, a=negative_slope: v if v > 0 else a * v, x)
            assert_close(got, want, **NEAR, a=negative_slope, why="x above 0, else {a} times x")
    x = -torch.ones(1).double()
    assert_close(learner.leaky_relu(x), 0.01 * x, **NEAR, why="0.01 times x, if nothing is said")


def test_sigmoid(learner, trng):
    """`sigmoid` is 1 / (1 + exp(-x))"""
    for x in points(trng):
        assert_close(learner.sigmoid(x), of(logistic, x), **NEAR, why="that is 1 / (1 + exp(-x))")


def test_tanh(learner, trng):
    """`tanh` is the hyperbolic tangent"""
    for x in points(trng):
        assert_close(learner.tanh(x), of(math.tanh, x), **NEAR, why="between -1 and 1, odd in x")


def test_silu(learner, trng):
    """`silu` is x times sigmoid(x)"""
    for x in points(trng):
        got, want = learner.silu(x), of(lambda v: v * logistic(v), x)
        assert_close(got, want, **NEAR, why="x times sigmoid(x)")


def test_gelu(learner, trng):
    """`gelu` is x times the normal distribution function, by erf"""
    for x in points(trng):
        got, want = learner.gelu(x), of(gelu_erf, x)
        assert_close(
            got, want, **NEAR, why="the exact form is the default: x (1 + erf(x / √2)) / 2"
        )
        assert_close(learner.gelu(x, approximate="none"), want, **NEAR)


def test_gelu_tanh(learner, trng):
    """`gelu` with approximate="tanh" is the form of GPT-2"""
    for x in points(trng):
        got, want = learner.gelu(x, approximate="tanh"), of(gelu_tanh, x)
        assert_close(got, want, **NEAR, why="GPT-2: x (1 + tanh(√(2 / π) (x + 0.044715 x³))) / 2")


def test_relu_grad(learner, trng):
    """The slope is 1 above 0; at 0 and below it is 0, or the leaky one"""
    for x in points(trng):
        got, want = learner.relu_grad(x), of(lambda v: float(v > 0), x)
        assert_close(got, want, why="1 above 0, else 0")
    for negative_slope in (0.01, 0.25, 2.0):
        for x in points(trng):
            got = learner.leaky_relu_grad(x, negative_slope=negative_slope)
            want = of(lambda v, a=negative_slope: 1.0 if v > 0 else a, x)
            assert_close(got, want, **NEAR, a=negative_slope, why="1 above 0, else {a}")


def test_smooth_grads(learner, trng):
    """The slopes of sigmoid, tanh and silu are those of their curves"""
    curves = {"sigmoid": logistic, "tanh": math.tanh, "silu": lambda v: v * logistic(v)}
    for curve, truth in curves.items():
        for x in points(trng):
            got, want = getattr(learner, f"{curve}_grad")(x), slope(truth, x)
            assert_close(got, want, **NEAR, curve=curve, why="how steep {curve} is at x")


def test_gelu_grad(learner, trng):
    """The slope of gelu is that of its curve, in both forms"""
    for form, curve in (("none", gelu_erf), ("tanh", gelu_tanh)):
        for x in points(trng):
            got, want = learner.gelu_grad(x, approximate=form), slope(curve, x)
            assert_close(got, want, **NEAR, why="how steep this form of gelu is at x")
    x = torch.full((1,), 2.5).double()
    assert_close(
        learner.gelu_grad(x), slope(gelu_erf, x), **NEAR, why="the default is the erf form"
    )


def test_large(learner):
    """Far from 0, up to 10,000, values and slopes are right and finite"""
    for dtype in (torch.float64, torch.float32):
        for far in (1000.0, 30.0, 10000.0):
            x = torch.tensor([-far, far], dtype=dtype)
            zero, on, ramp = 0 * x, (x > 0).to(dtype), x.clamp(min=0)
            limits = {"relu": ramp, "leaky_relu": ramp - 0.01 * (-x).clamp(min=0), "sigmoid": on}
            limits |= {"tanh": x.sign(), "silu": ramp, "gelu": ramp, "relu_grad": on}
            limits |= {"leaky_relu_grad": on + 0.01 * (1 - on), "sigmoid_grad": zero}
            limits |= {"tanh_grad": zero, "silu_grad": on, "gelu_grad": on}
            calls = [(name, {}) for name in limits]
            calls += [(name, {"approximate": "tanh"}) for name in ("gelu", "gelu_grad")]
            for name, options in calls:
                got = getattr(learner, name)(x, **options)
                assert_close(got, limits[name], **NEAR, why="so far from 0 it is {want}")


def test_shapes(learner, trng):
    """Any shape and dtype that goes in comes out"""
    for shape in ((), (1,), (2, 3), (0,), (3, 1, 2), (2, 0, 4), (2, 1, 4, 3)):
        for dtype in (torch.float32, torch.float64):
            for name, curve in TORCH.items():
                x = torch.randint(-4, 5, shape, generator=trng).to(dtype).requires_grad_()
                want = curve(x)
                g = signed(trng, shape, 3).to(dtype)
                slopes = torch.autograd.grad(want, x, g)[0] / g
                x, near = x.detach(), {"rtol": 1e-5, "atol": 1e-5}
                assert_close(getattr(learner, name)(x), want.detach(), **near)
                assert_close(getattr(learner, f"{name}_grad")(x), slopes, **near)


def test_autograd(learner, trng, sizes):
    """Gradients flow through all of the curves"""
    curves = [(name, {}, curve) for name, curve in TORCH.items()]
    curves.append(("gelu", {"approximate": "tanh"}, lambda x: F.gelu(x, approximate="tanh")))
    for shape in sizes(2, cases=3):
        for name, options, curve in curves:
            x = signed(trng, shape, 20, 0.5).requires_grad_()
            out, g = getattr(learner, name)(x, **options), signed(trng, shape, 3)
            assert_shape(out, shape, dtype=torch.float64)
            assert_holds(out.requires_grad, got=out, name=name, why="no gradient flows back to x")
            (got,), (want,) = torch.autograd.grad(out, x, g), torch.autograd.grad(curve(x), x, g)
            assert_close(got, want, **NEAR, name="x.grad")
