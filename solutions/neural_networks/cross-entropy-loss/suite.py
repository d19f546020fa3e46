"""Hidden checks of cross-entropy-loss, against its definition number by number, in plain Python."""

import math

import torch

from llmex.grader.compare import assert_close, assert_holds, assert_raises, assert_shape

STEP = 1e-5  # of the central differences, whose error is far below 1e-8
NEAR = {"rtol": 1e-8, "atol": 1e-8}  # for slopes found by differences


def row_loss(z, target, epsilon=0.0):
    """-sum(q * log p) over the classes of one row."""
    total = max(z) + math.log(math.fsum(math.exp(a - max(z)) for a in z))
    q = [epsilon / len(z) + (1 - epsilon) * (j == target) for j in range(len(z))]
    return math.fsum(weight * (total - a) for weight, a in zip(q, z, strict=True))


def losses(logits, y, ignored=-100, epsilon=0.0):
    """(N,): the loss of each row, 0 where the target is ignored."""
    rows = zip(logits.tolist(), y.tolist(), strict=True)
    each = [0.0 if t == ignored else row_loss(z, t, epsilon) for z, t in rows]
    return torch.tensor(each, dtype=torch.float64)


def mean_loss(logits, y, ignored=-100, epsilon=0.0):
    """(): the average over the rows that count."""
    return losses(logits, y, ignored, epsilon).sum() / (y != ignored).sum()


def slopes(logits, y, ignored=-100, epsilon=0.0):
    """(N, V): by how much each row's loss changes with each of its logits."""
    options, steps = (y, ignored, epsilon), STEP * torch.eye(logits.shape[1], dtype=torch.float64)
    rises = [losses(logits + step, *options) - losses(logits - step, *options) for step in steps]
    return torch.stack(rises, 1) / (2 * STEP)


def batch(trng, n, v, ignored=None):
    """Whole logits from -3 to 3, and targets of which some and not all are ignored, if any."""
    logits = torch.randint(-3, 4, (n, v), generator=trng).double()
    logits[:, 0] += (logits == logits[:, :1]).all(1)  # no row is all equal
    y = torch.randint(v, (n,), generator=trng)
    if ignored is not None:
        y = torch.where(y == ignored, (y + 1) % v, y)
        some = int(torch.randint(1, n, (), generator=trng))
        y[torch.randperm(n, generator=trng)[:some]] = ignored
    return logits, y


def thousands(trng, n, v, dtype):
    """Logits 0, 1000, 2000, ... in random order; the target of the first row has the smallest."""
    logits = 1000 * torch.stack([torch.randperm(v, generator=trng) for _ in range(n)]).to(dtype)
    y = torch.randint(v, (n,), generator=trng)
    y[0] = logits[0].argmin()
    return logits, y


def test_loss(learner, trng, sizes):
    """The loss is -log of the target's softmax, averaged over the rows"""
    for v in (2, 5):
        x, want = torch.zeros(1, v).double(), torch.tensor(v).double().log()
        got = learner.cross_entropy(x, torch.tensor([1]))
        assert_close(got, want, v=v, why="{v} equal logits: p is 1/{v}, the loss ln {v}")
    for n, v in [(1, 2), (1, 3), *sizes(2, cases=4)]:
        x, y = batch(trng, n, v)
        got, want = learner.cross_entropy(x, y), mean_loss(x, y)
        assert_close(got, want, n=n, why="the mean of -log softmax(logits)[i, y[i]], i < {n}")


def test_reductions(learner, trng, sizes):
    """ "none" gives the loss of each row, "sum" adds them up"""
    for n, v in [(1, 2), *sizes(2, cases=4)]:
        logits, y = batch(trng, n, v)
        each = learner.cross_entropy(logits, y, reduction="none")
        assert_close(each, losses(logits, y), why="row {i0} costs {want}")
        total, want = learner.cross_entropy(logits, y, reduction="sum"), losses(logits, y).sum()
        assert_close(total, want, why="the losses of the rows add up to {want}")


def test_smoothing(learner, trng, sizes):
    """With smoothing ε every class, also the right one, gets ε / V"""
    for eps in (0.5, 0.1):
        for n, v in [(1, 2), *sizes(2, cases=3)]:
            x, y = batch(trng, n, v)
            got = learner.cross_entropy(x, y, label_smoothing=eps, reduction="none")
            want, q = losses(x, y, epsilon=eps), round(eps / v, 4)
            say = {"q": q, "right": round(1 - eps + eps / v, 4)}
            assert_close(got, want, **say, why="the right class weighs {right}, others {q}")


def test_large(learner, trng, sizes):
    """Large logits give finite and right losses, float32 for float32"""
    near = {"rtol": 1e-6, "atol": 1e-3}
    for dtype in (torch.float64, torch.float32):
        for n, v in [(1, 2), *sizes(2, cases=3)]:
            x, y = thousands(trng, n, v, dtype)
            behind, spread = x.amax(1) - x[torch.arange(n), y], x.amax(1) - x.mean(1)
            got = learner.cross_entropy(x, y, reduction="none")
            assert_close(got, behind, **near, why="the target is {want} below the largest logit")
            got = learner.cross_entropy(x, y, label_smoothing=0.25)
            assert_close(got, (0.75 * behind + 0.25 * spread).mean(), **near)


def test_ignored(learner, trng, sizes):
    """Rows with target -100 cost 0, and the mean is over the others"""
    for n, v in [*sizes(2, cases=5), (2, 1)]:
        x, y = batch(trng, n, v, -100)
        got = learner.cross_entropy(x, y, reduction="none")
        assert_close(got, losses(x, y), why="row {i0} costs {want}")
        got, kept = learner.cross_entropy(x, y), int((y != -100).sum())
        assert_close(got, mean_loss(x, y), n=n, kept=kept, why="{kept} of {n} rows count")
        got = learner.cross_entropy(x, y, reduction="sum")
        assert_close(got, losses(x, y).sum())


def test_ignore_index(learner, trng, sizes):
    """`ignore_index` may be any number, also the id of a class"""
    for n, v in sizes(2, cases=3):
        for skip in (-1, v + 2, 0, v - 1):
            x, y = batch(trng, n, v, skip)
            got, want = learner.cross_entropy(x, y, ignore_index=skip), mean_loss(x, y, skip)
            assert_close(got, want, skip=skip, why="rows count unless their target is {skip}")
            got = learner.cross_entropy(x, y, ignore_index=skip, reduction="none")
            assert_close(got, losses(x, y, skip))


def test_smoothing_and_ignored(learner, trng, sizes):
    """An ignored row costs nothing with smoothing either"""
    for n, v in sizes(2, cases=3):
        for skip in (-100, 1):
            x, y = batch(trng, n, v, skip)
            options = {"ignore_index": skip, "label_smoothing": 0.5}
            got = learner.cross_entropy(x, y, **options, reduction="none")
            assert_close(got, losses(x, y, skip, 0.5), why="row {i0} costs {want}")
            got = learner.cross_entropy(x, y, **options)
            assert_close(got, mean_loss(x, y, skip, 0.5))


def test_all_ignored(learner, trng):
    """If every target is ignored, "sum" is 0 and "none" is zeros"""
    for n, eps in ((1, 0.0), (2, 0.5), (3, 0.0)):
        x, y = batch(trng, n, 4)[0], torch.full((n,), -100)
        for reduction, want in (("sum", torch.zeros(())), ("none", torch.zeros(n))):
            got = learner.cross_entropy(x, y, label_smoothing=eps, reduction=reduction)
            assert_close(got, want.double())


def test_autograd(learner, trng, sizes):
    """Gradients flow through the loss back to the logits"""
    for n, v in sizes(2, cases=3):
        for eps in (0.0, 0.5):
            x, y = batch(trng, n, v, -100)
            rows, g = slopes(x, y, epsilon=eps), 2.0 + torch.randperm(n, generator=trng).double()
            for reduction, weights in (("none", g), ("sum", g[0]), ("mean", g[0])):
                options = {"label_smoothing": eps, "reduction": reduction}
                out = learner.cross_entropy(x.requires_grad_(), y, **options)
                assert_shape(out, tuple(weights.shape), dtype=torch.float64)
                assert_holds(out.requires_grad, got=out, why="no gradient flows to the logits")
                (got,) = torch.autograd.grad(out, x, weights)
                want = weights.expand(n)[:, None] * rows
                want /= (y != -100).sum() if reduction == "mean" else 1
                assert_close(got, want, **NEAR, name="logits.grad")


def test_gradient(learner, trng, sizes):
    """`cross_entropy_grad` is the slope of the mean loss in every logit"""
    for n, v in [(1, 2), *sizes(2, cases=4)]:
        x, y = batch(trng, n, v)
        got, want = learner.cross_entropy_grad(x, y), slopes(x, y) / n
        assert_close(got, want, **NEAR, why="d loss / d logits{where}")
        x, y = thousands(trng, n, v, torch.float32)
        want = (x == x.amax(1, keepdim=True)).float()  # p, which is one-hot here
        want[torch.arange(n), y] -= 1
        assert_close(learner.cross_entropy_grad(x, y), want / n)


def test_gradient_options(learner, trng, sizes):
    """The gradient knows smoothing, too, and is exactly 0 in ignored rows"""
    for n, v in [*sizes(2, cases=3), (2, 1)]:
        for skip, eps in ((-100, 0.0), (1, 0.0), (-100, 0.5), (v + 2, 0.1)):
            x, y = batch(trng, n, v, skip)
            options = {"label_smoothing": eps} | ({"ignore_index": skip} if skip > 0 else {})
            got = learner.cross_entropy_grad(x, y, **options)
            want = slopes(x, y, skip, eps) / (y != skip).sum()
            assert_close(got, want, **NEAR, why="d loss / d logits{where}")
            assert_holds((got[y == skip] == 0).all(), got=got, why="ignored rows are exactly 0")


def test_refused(learner, trng):
    """With every target ignored there is no mean: both raise ValueError"""
    for n, skip in ((1, -100), (2, -100), (3, 1)):
        x, y = batch(trng, n, 4)[0], torch.full((n,), skip)
        assert_raises(ValueError, learner.cross_entropy, x, y, ignore_index=skip)
        assert_raises(ValueError, learner.cross_entropy_grad, x, y, ignore_index=skip)
