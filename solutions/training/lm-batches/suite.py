"""Hidden checks of lm-batches.

Tokens of a text are all different wherever a row must tell the place where it starts. Counts of
drawn places stay within five standard deviations; what is drawn from which state is free.
"""

import itertools

import numpy as np
import torch

from llmex.grader.compare import (
    assert_close,
    assert_equal,
    assert_holds,
    assert_raises,
    assert_shape,
    unpack,
)

DTYPES = "uint8 int8 uint16 int16 uint32 int32 int64".split()


def batch_of(learner, data, batch, T, **options):
    """x and y, of the right shape and dtype."""
    x, y = unpack(learner.get_batch(data, batch, T, **options), 2)
    for name, ids in (("x", x), ("y", y)):
        assert_shape(ids, (batch, T), dtype=torch.int64, name=name)
    return x, y


def starts_of(x, data, T):
    """The place in data where each row of x starts; all rows must be pieces of data."""
    places = {int(token): place for place, token in enumerate(data.tolist()[:-T])}
    starts = [places.get(first, -1) for first in x[:, 0].tolist()]
    row = starts.index(-1) if -1 in starts else 0
    why = "row {row} starts with a token behind which there are no {T} more"
    assert_holds(-1 not in starts, got=x[row], name="x", why=why, row=row, T=T)
    return starts


def compare_rows(x, y, data, T):
    """Rows of x go on in data without a gap, and rows of y start one token later."""
    ids, starts = torch.from_numpy(data.astype(np.int64)), starts_of(x, data, T)
    want = torch.stack([ids[start : start + T + 1] for start in starts])
    assert_equal(x, want[:, :-1], name="x", why="rows are pieces of data, without a gap")
    assert_equal(y, want[:, 1:], name="y", why="in data, {want} comes after the token at {where}")


def whole_logits(trng, B, T, V, dtype=torch.float64):
    """Logits of which each exp is a whole number from 1 to 9, and targets for them."""
    odds = torch.randint(1, 10, (B, T, V), generator=trng)
    return odds.to(dtype).log(), torch.randint(V, (B, T), generator=trng)


def true_loss(logits, targets, ignored=-100):
    """The mean of -log p over targets that count, each looked up by itself."""
    places = [(b, t) for b, t in np.ndindex(targets.shape) if targets[b, t] != ignored]
    p = logits.exp() / logits.exp().sum(-1, keepdim=True)
    return -torch.stack([p[b, t, targets[b, t]].log() for b, t in places]).mean()


def test_rows(learner, rng, sizes):
    """Rows of `x` are pieces of `data`, and `y` is one token further on"""
    for batch, T, more in [(1, 2, 1), *sizes(3)]:
        data = rng.permutation(T + more)
        compare_rows(*batch_of(learner, data, batch, T), data, T)


def test_dtypes(learner, rng):
    """Ids of every integer type come out as they are, in int64"""
    for kind in DTYPES:
        top = min(np.iinfo(kind).max, 2**40)
        data = (top - rng.permutation(7)).astype(kind)
        compare_rows(*batch_of(learner, data, 4, 2), data, 2)
    x, y = batch_of(learner, learner.stage.on_disk(data.astype("uint16")), 4, 2)
    compare_rows(x, y, data.astype("uint16"), 2)


def test_short(learner):
    """T + 1 tokens are enough; fewer raise ValueError"""
    for T in (1, 3):
        data = np.arange(5, 5 + T + 1)
        compare_rows(*batch_of(learner, data, 2, T), data, T)
        for n in range(T + 1):
            assert_raises(ValueError, learner.get_batch, data[:n], 2, T)


def test_places(learner, rng, trng, sizes):
    """All n - T places come equally often, the first and the last too"""
    for places, T in [(2, 1), *sizes(2, cases=3)]:
        data, rows = rng.permutation(places + T), 400 * places
        x, _ = batch_of(learner, data, rows, T, generator=trng)
        counts = np.bincount(starts_of(x, data, T), minlength=places)
        why = "so many of {rows} rows start at place {i0}, all other places are as likely"
        spread = 5 * (400 * (1 - 1 / places)) ** 0.5
        assert_close(counts, np.full(places, 400), rtol=0, atol=spread, why=why, rows=rows)


def test_rows_apart(learner, rng, trng):
    """Each row has a place of its own, whatever place the row before has"""
    for places, T in ((2, 1), (3, 2)):
        data, pairs = rng.permutation(places + T), 400 * places**2
        x, _ = batch_of(learner, data, 2 * pairs, T, generator=trng)
        starts = np.array(starts_of(x, data, T))
        counts = np.bincount(starts[::2] * places + starts[1::2], minlength=places**2)
        why = "so many of {pairs} rows start at {i0}, with the next row at {i1}"
        spread = 5 * (400 * (1 - 1 / places**2)) ** 0.5
        counts, want = counts.reshape(places, -1), np.full((places, places), 400)
        assert_close(counts, want, rtol=0, atol=spread, why=why, pairs=pairs)


def test_generator(learner, rng, seed):
    """The same state of a generator gives the same rows; then it goes on"""
    data = rng.permutation(500)
    generators = [torch.Generator().manual_seed(seed) for _ in range(2)]
    one, other = (batch_of(learner, data, 20, 3, generator=g) for g in generators)
    assert_equal(other, one, why="the same state twice")
    later, _ = batch_of(learner, data, 20, 3, generator=generators[0])
    why = "the next batch is the same again"
    assert_holds(not torch.equal(later, one[0]), got=later, name="x", why=why)


def test_global_generator(learner, rng):
    """Without a generator, rows come from torch's global one"""
    data, found = rng.permutation(500), []
    for _ in range(2):
        learner.stage.seed(3)
        found.append(batch_of(learner, data, 20, 3)[0])
    assert_equal(found[1], found[0], name="x", why="torch.manual_seed(3) twice")
    later, _ = batch_of(learner, data, 20, 3)
    why = "the next batch is the same again"
    assert_holds(not torch.equal(later, found[1]), got=later, name="x", why=why)


def test_windows(learner, rng, sizes):
    """Windows follow one another: n - 1 targets, each once; the last is short"""
    cases = [(5, 2), (4, 2), (3, 2), (2, 1), (2, 5), (8, 7), (8, 8), *sizes(2, high=19)]
    for i, (n, T) in enumerate(cases):
        kind = "int64" if i == 0 else DTYPES[i % len(DTYPES)]
        data = (np.iinfo(kind).max % 2**40 - rng.permutation(n)).astype(kind)
        source = learner.stage.on_disk(data) if i == 4 else data
        windows = learner.keep.iter_eval_windows(source, T)
        pairs = [unpack(pair, 2, name="a window") for pair in itertools.islice(windows, n + 1)]
        ids, starts = torch.from_numpy(data.astype(np.int64)), range(0, n - 1, T)
        for number, (start, (x, y)) in enumerate(zip(starts, pairs, strict=False)):
            why, row = "in window {number}, where n = {n} and T = {T}", ids[start : start + T + 1]
            assert_equal(x, row[:-1], name="x", why=why, number=number, n=n, T=T)
            assert_equal(y, row[1:], name="y", why=why, number=number, n=n, T=T)
        why = "so many windows for {targets} targets, {T} in each"
        assert_equal(len(pairs), len(starts), name="len(list(...))", why=why, targets=n - 1, T=T)


def test_lm_loss(learner, trng, sizes):
    """`lm_loss` is the mean of -log p of the targets, in nats"""
    for i, (B, T, V) in enumerate([(1, 1, 2), (1, 3, 2), (3, 1, 2), *sizes(3)]):
        logits, targets = whole_logits(trng, B, T, V, (torch.float64, torch.float32)[i % 2])
        want = true_loss(logits, targets)
        assert_close(learner.lm_loss(logits, targets), want, why="all targets count the same")


def test_ignored(learner, trng, sizes):
    """Targets equal to `ignore_index` do not count, nor in the divisor"""
    for B, T, V in [(1, 2, 3), *sizes(3)]:
        for options in ({}, {"ignore_index": 1}, {"ignore_index": -1}):
            ignored = options.get("ignore_index", -100)
            logits, targets = whole_logits(trng, B, T, V)
            targets[:, 1:][torch.rand(B, T - 1, generator=trng) < 0.6] = ignored
            targets[0, 0], targets[-1, -1] = 0, ignored
            got, why = (
                learner.lm_loss(logits, targets, **options),
                "targets of {ignored} are left out",
            )
            assert_close(got, true_loss(logits, targets, ignored), why=why, ignored=ignored)


def test_hf_style(learner, trng, sizes):
    """`hf_style_loss` shifts the labels itself, and ignores those of -100"""
    for i, (B, T, V) in enumerate([(1, 2, 3), *sizes(3)]):
        logits, labels = whole_logits(trng, B, T, V, (torch.float64, torch.float32)[i % 2])
        for why in ("logits at t are for the label at t + 1", "labels of -100 are left out"):
            got = learner.hf_style_loss(logits, labels)
            assert_close(got, true_loss(logits[:, :-1], labels[:, 1:]), why=why)
            labels[:, 1:][torch.rand(B, T - 1, generator=trng) < 0.5] = -100
            labels[-1, 0], labels[0, 1] = -100, 0


def test_gradients(learner, trng, sizes):
    """Gradients of both losses reach the logits"""
    for B, T, V in sizes(3, cases=3):
        logits, targets = whole_logits(trng, B, T, V)
        targets[0, 0] = targets[-1, -1] = -100
        shifted = (logits.requires_grad_()[:, :-1], targets[:, 1:])
        for name, pair in (("lm_loss", (logits, targets)), ("hf_style_loss", shifted)):
            loss, want = getattr(learner, name)(logits, targets), true_loss(*pair)
            assert_shape(loss, (), dtype=torch.float64, name=name)
            assert_holds(loss.requires_grad, got=loss, name=name, why="no gradient flows back")
            weight = torch.rand((), generator=trng).double()
            grads = [torch.autograd.grad(value, logits, weight)[0] for value in (loss, want)]
            assert_close(*grads, name=f"gradient of {name}")
