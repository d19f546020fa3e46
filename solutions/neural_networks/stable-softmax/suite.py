"""Hidden checks of stable-softmax.

Most logits here are logarithms of counts: then the weights are the shares of the counts, known
exactly, and a count of 0 is a logit of -inf.
"""

import torch
from torch import Tensor

from llmex.grader.compare import assert_close, assert_holds, assert_raises, assert_shape

EXACT = {"rtol": 1e-12, "atol": 1e-12}
ROW_SUM = "these weights add up to {got}, not to 1"
SHARE = "softmax of log-counts is count / total: this share is {want}"
LOG_SHARE = "log_softmax of log-counts is log(count / total)"
TOTAL = "logsumexp of log-counts is the logarithm of their total"
UNDERFLOW = "the weight exp({want}) is too small to store, but its logarithm is not"
DIM = "with dim={dim}, a row runs along dimension {axis}, counted from 0"
POWER = "temperature {temperature} raises each count to the power {power} before the shares"
COLDEST = "near temperature 0 all the weight goes to the largest logit"
SHIFTED = "these rows differ by a constant only: all of them must have the same weights"
MOVED = "a constant added to row {i0} is added to its logsumexp too"
MASKED = "an entry of -inf must weigh exactly 0"
EMPTY = "a row that is all -inf: 0 of a total of 0"
GRADIENT = "this is the gradient of {function} for random weights on its result"
CUT = "no gradient flows from the result of {function} back to x"

# (dtype, what is added to each row, tolerance): exact sums of small integers
RANGES = (
    (torch.float32, (0, 100, -200, 1000), 1e-4),
    (torch.float64, (0, 1000, -2000), 1e-12),
    (torch.float64, (0, 1e9, -1e9), 1e-6),
)


def counts(shape: tuple[int, ...], trng: torch.Generator) -> Tensor:
    """Whole numbers from 1 to 9, as float64."""
    return torch.randint(1, 10, shape, generator=trng).double()


def share(k: Tensor, dim: int = -1) -> Tensor:
    """What softmax makes of log k."""
    return k / k.sum(dim, keepdim=True)


def test_softmax(learner, trng, sizes):
    """The softmax of the logarithms of counts is each count's share of its row"""
    for shape in [*sizes(1, cases=2), *sizes(2, cases=3)]:
        k = counts(shape, trng)
        weights = learner.softmax(k.log())
        assert_shape(weights, shape, dtype=torch.float64)
        assert_close(weights.sum(-1), torch.ones(shape[:-1]).double(), **EXACT, why=ROW_SUM)
        assert_close(weights, share(k), **EXACT, why=SHARE)


def test_log_softmax(learner, trng, sizes):
    """`log_softmax` is the logarithm of the share, even of one too small to store"""
    for shape in [*sizes(1, cases=2), *sizes(2, cases=3)]:
        k = counts(shape, trng)
        assert_close(learner.log_softmax(k.log()), share(k).log(), **EXACT, why=LOG_SHARE)
    for n in (2, 5):
        x = -1000.0 * torch.randperm(n, generator=trng).double()  # the largest is 0
        assert_close(learner.log_softmax(x), x, **EXACT, why=UNDERFLOW)


def test_logsumexp(learner, trng, sizes):
    """The `logsumexp` of the logarithms of counts is the logarithm of their total"""
    for shape in [*sizes(1, cases=2), *sizes(2, cases=3)]:
        k = counts(shape, trng)
        assert_close(learner.logsumexp(k.log()), k.sum(-1).log(), **EXACT, why=TOTAL)


def test_keepdim(learner, trng, sizes):
    """With `keepdim`, `logsumexp` keeps the summed dimension, with size 1"""
    for shape in [*sizes(1, cases=1), *sizes(2, cases=2), *sizes(3, cases=1)]:
        k = counts(shape, trng)
        for dim in range(-len(shape), len(shape)):
            total = learner.logsumexp(k.log(), dim=dim, keepdim=True)
            assert_close(total, k.sum(dim, keepdim=True).log(), **EXACT, why=TOTAL)


def test_dim(learner, trng, sizes):
    """`dim` chooses the dimension, from either end, whatever the shape"""
    shapes = [shape for rank in (1, 2, 3, 4) for shape in sizes(rank, cases=1, low=1)]
    for shape in [*shapes, (0, 3), (4, 0, 2)]:
        k, rank = counts(shape, trng), len(shape)
        for dim in [dim for dim in range(-rank, rank) if shape[dim]]:
            words = {"why": DIM, "dim": dim, "axis": dim % rank}
            assert_close(learner.softmax(k.log(), dim=dim), share(k, dim), **EXACT, **words)
            logs = learner.log_softmax(k.log(), dim=dim)
            assert_close(logs, share(k, dim).log(), **EXACT, **words)
            assert_close(learner.logsumexp(k.log(), dim=dim), k.sum(dim).log(), **EXACT, **words)


def test_temperature(learner, trng, sizes):
    """The temperature divides the logits: high ones level, low ones sharpen"""
    for power in (0.5, 2.0, 3.0):
        for shape in sizes(2, cases=2):
            k = counts(shape, trng)
            weights = learner.softmax(k.log(), temperature=1 / power)
            words = {"why": POWER, "temperature": round(1 / power, 3), "power": power}
            assert_close(weights, share(k**power), **EXACT, **words)
    order = torch.randperm(5, generator=trng).double()
    coldest = learner.softmax(order, temperature=0.02)
    assert_close(coldest, (order == 4).double(), **EXACT, why=COLDEST)


def test_temperature_refused(learner):
    """A temperature of zero or less raises ValueError"""
    for temperature in (0.0, -0.5):
        x = torch.tensor([1.0, 3.0, 2.0])
        assert_raises(ValueError, learner.softmax, x, temperature=temperature)


def test_shift(learner, trng):
    """A constant added to a row, however large, changes no weight"""
    for dtype, shifts, atol in RANGES:
        for n in (2, 5):
            x = torch.randint(-3, 4, (1, n), generator=trng).double()
            shift = torch.tensor(shifts).double()[:, None]  # (rows, 1)
            rows = (x + shift).to(dtype)
            near = {"rtol": 0.0, "atol": atol}
            weights = torch.softmax(x, -1).to(dtype).expand_as(rows)
            sharper = torch.softmax(x / 0.5, -1).to(dtype).expand_as(rows)
            logs = torch.log_softmax(x, -1).to(dtype).expand_as(rows)
            total = (torch.logsumexp(x, -1, keepdim=True) + shift).squeeze(-1).to(dtype)
            assert_close(learner.softmax(rows), weights, **near, why=SHIFTED)
            assert_close(learner.softmax(rows, temperature=0.5), sharper, **near, why=SHIFTED)
            assert_close(learner.log_softmax(rows), logs, **near, why=SHIFTED)
            assert_close(learner.logsumexp(rows), total, **near, why=MOVED)


def test_masked(learner, trng, sizes):
    """An entry of -inf weighs exactly 0, and the others share the rest"""
    for rows, n in sizes(2, cases=4):
        k = counts((rows, n), trng)
        k[torch.arange(rows), torch.randint(n, (rows,), generator=trng)] = 0.0
        weights = learner.softmax(k.log())
        assert_shape(weights, (rows, n), dtype=torch.float64)
        assert_holds(bool((weights[k == 0] == 0).all()), got=weights, why=MASKED)
        assert_close(weights, share(k), **EXACT, why=SHARE)
        assert_close(learner.log_softmax(k.log()), share(k).log(), **EXACT, finite=False)
        assert_close(learner.logsumexp(k.log()), k.sum(-1).log(), **EXACT, why=TOTAL)


def test_all_masked(learner, trng, sizes):
    """A row that is all -inf gives NaN, as torch does, and a logsumexp of -inf"""
    for shape in [*sizes(1, cases=1), *sizes(2, cases=3)]:
        k = counts(shape, trng)
        k.view(-1, shape[-1])[-1] = 0.0  # the last row
        words = {**EXACT, "finite": False, "why": EMPTY}
        assert_close(learner.softmax(k.log()), share(k), **words)
        assert_close(learner.log_softmax(k.log()), share(k).log(), **words)
        assert_close(learner.logsumexp(k.log()), k.sum(-1).log(), **words)


def test_float32(learner, trng, sizes):
    """The results for float32 are float32"""
    for shape in sizes(2, cases=3):
        k = counts(shape, trng)
        x = k.log().float()
        assert_close(learner.softmax(x), share(k).float())
        assert_close(learner.log_softmax(x), share(k).log().float())
        assert_close(learner.logsumexp(x), k.sum(-1).log().float())


def test_gradients(learner, trng, sizes):
    """Gradients flow back to the logits, also to large and masked ones"""
    truths = {
        "softmax": ({"temperature": 0.7}, lambda x: torch.softmax(x / 0.7, -1)),
        "log_softmax": ({}, lambda x: torch.log_softmax(x, -1)),
        "logsumexp": ({}, lambda x: torch.logsumexp(x, -1)),
    }
    for shape in sizes(2, cases=3):
        x = torch.randn(shape, generator=trng, dtype=torch.float64)
        x[0] += 1000.0
        x[1, 0] = -torch.inf
        x.requires_grad_()
        for function, (options, truth) in truths.items():
            out, want = getattr(learner, function)(x, **options), truth(x)
            assert_shape(out, tuple(want.shape), dtype=torch.float64)
            assert_holds(out.requires_grad, got=out, why=CUT, function=function)
            g = torch.randn(want.shape, generator=trng, dtype=torch.float64)
            g = g.masked_fill(want == -torch.inf, 0.0)
            (got,) = torch.autograd.grad(out, x, g)
            (right,) = torch.autograd.grad(want, x, g)
            assert_close(got, right, name="x.grad", why=GRADIENT, function=function)
