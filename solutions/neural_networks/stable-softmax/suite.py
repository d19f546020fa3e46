"""Hidden checks of stable-softmax.

The first three use logarithms of counts, whose softmax is known exactly: the shares of the counts.
The others use whole numbers, which a reader can follow, and torch's own functions in float64.
"""

import torch
from torch import Tensor

from llmex.grader.compare import assert_close, assert_holds, assert_raises, assert_shape

EXACT = {"rtol": 1e-12, "atol": 1e-12}
ROW_SUM = "these weights add up to {got}, not to 1"
SHARE = "softmax of log-counts is count / total: this share is {want}"
LOG_SHARE = "log_softmax of log-counts is log(count / total)"
UNDERFLOW = "the weight exp({want}) is too small to store, but its logarithm is not"
TOTAL = "logsumexp of log-counts is the logarithm of their total"
DIM = "with dim={dim}, a row runs along dimension {axis}, counted from 0"
DIVIDES = "this should be the softmax of x / {temperature}"
COLDEST = "near temperature 0 all the weight goes to the largest logit"
SHIFTED = "these rows differ by a constant only: all of them must have the same weights"
MOVED = "a constant added to row {i0} is added to its logsumexp too"
MASKED = "an entry of -inf must weigh exactly 0"
REST = "the entries that are not -inf share the whole weight"
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


def share(k: Tensor) -> Tensor:
    """What softmax makes of log k."""
    return k / k.sum(-1, keepdim=True)


def logits(shape: tuple[int, ...], trng: torch.Generator) -> Tensor:
    """Whole numbers around 0, no two the same, as float64."""
    size = torch.Size(shape).numel()
    return (torch.randperm(size, generator=trng) - size // 2).reshape(shape).double()


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
        x = 1000.0 * (torch.randperm(n, generator=trng).double() + 1 - n)  # the largest is 0
        assert_close(learner.log_softmax(x), x, **EXACT, why=UNDERFLOW)


def test_logsumexp(learner, trng, sizes):
    """The `logsumexp` of the logarithms of counts is the logarithm of their total"""
    for shape in [*sizes(1, cases=2), *sizes(2, cases=3)]:
        k = counts(shape, trng)
        assert_close(learner.logsumexp(k.log()), k.sum(-1).log(), **EXACT, why=TOTAL)


def test_float32(learner, trng, sizes):
    """The results for float32 are float32"""
    for shape in sizes(2, cases=3):
        x = logits(shape, trng)
        assert_close(learner.softmax(x.float()), torch.softmax(x, -1).float())
        assert_close(learner.log_softmax(x.float()), torch.log_softmax(x, -1).float())
        assert_close(learner.logsumexp(x.float()), torch.logsumexp(x, -1).float())


def test_temperature(learner, trng, sizes):
    """The temperature divides the logits: high ones level, low ones sharpen"""
    for temperature in (2.0, 0.5, 0.7):
        for shape in sizes(2, cases=2):
            x = logits(shape, trng)
            weights = learner.softmax(x, temperature=temperature)
            words = {"why": DIVIDES, "temperature": temperature}
            assert_close(weights, torch.softmax(x / temperature, -1), **EXACT, **words)
    x = logits((5,), trng)
    coldest = learner.softmax(x, temperature=0.02)
    assert_close(coldest, (x == x.max()).double(), **EXACT, why=COLDEST)


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


def test_dim(learner, trng, sizes):
    """`dim` chooses the dimension, from either end, whatever the shape"""
    shapes = [shape for rank in (1, 2, 3, 4) for shape in sizes(rank, cases=1, low=1)]
    for shape in [*shapes, (0, 3), (4, 0, 2)]:
        x, rank = logits(shape, trng), len(shape)
        for dim in [dim for dim in range(-rank, rank) if shape[dim]]:
            words = {**EXACT, "why": DIM, "dim": dim, "axis": dim % rank}
            assert_close(learner.softmax(x, dim=dim), torch.softmax(x, dim), **words)
            assert_close(learner.log_softmax(x, dim=dim), torch.log_softmax(x, dim), **words)
            assert_close(learner.logsumexp(x, dim=dim), torch.logsumexp(x, dim), **words)


def test_keepdim(learner, trng, sizes):
    """With `keepdim`, `logsumexp` keeps the summed dimension, with size 1"""
    for shape in [*sizes(1, cases=1), *sizes(2, cases=2), *sizes(3, cases=1)]:
        x = logits(shape, trng)
        for dim in range(-len(shape), len(shape)):
            total = learner.logsumexp(x, dim=dim, keepdim=True)
            assert_close(total, torch.logsumexp(x, dim, keepdim=True), **EXACT)


def test_masked(learner, trng, sizes):
    """An entry of -inf weighs exactly 0, and the others share the rest"""
    for rows, n in sizes(2, cases=4):
        x = logits((rows, n), trng)
        x[torch.arange(rows), torch.randint(n, (rows,), generator=trng)] = -torch.inf
        weights = learner.softmax(x)
        assert_shape(weights, (rows, n), dtype=torch.float64)
        assert_holds(bool((weights[x == -torch.inf] == 0).all()), got=weights, why=MASKED)
        words = {**EXACT, "finite": False, "why": REST}
        assert_close(weights, torch.softmax(x, -1), **words)
        assert_close(learner.log_softmax(x), torch.log_softmax(x, -1), **words)
        assert_close(learner.logsumexp(x), torch.logsumexp(x, -1), **words)


def test_all_masked(learner, trng, sizes):
    """A row that is all -inf gives NaN, as torch does, and a logsumexp of -inf"""
    for shape in [*sizes(1, cases=1), *sizes(2, cases=3)]:
        x = logits(shape, trng)
        x.view(-1, shape[-1])[-1] = -torch.inf  # the last row
        words = {**EXACT, "finite": False, "why": EMPTY}
        assert_close(learner.softmax(x), torch.softmax(x, -1), **words)
        assert_close(learner.log_softmax(x), torch.log_softmax(x, -1), **words)
        assert_close(learner.logsumexp(x), torch.logsumexp(x, -1), **words)


def test_gradients(learner, trng, sizes):
    """Gradients flow back to the logits, also to large and masked ones"""
    truths = {
        "softmax": ({"temperature": 0.7}, lambda x: torch.softmax(x / 0.7, -1)),
        "log_softmax": ({}, lambda x: torch.log_softmax(x, -1)),
        "logsumexp": ({}, lambda x: torch.logsumexp(x, -1)),
    }
    for shape in sizes(2, cases=3):
        x = logits(shape, trng)
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
