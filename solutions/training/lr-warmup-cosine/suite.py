"""The checks of lr-warmup-cosine: exact fractions, cosines known by heart, a table in full."""

import math
from fractions import Fraction

from llmex.grader.compare import assert_close

NEAR = {"rtol": 1e-9, "atol": 1e-12}
SHARES = {0: 1, 2: Fraction(3, 4), 3: Fraction(1, 2), 4: Fraction(1, 4)}  # (1 + cos(k π/6)) / 2
# (max_lr, min_lr, warmup, total): the drop takes a multiple of six steps.
SIXTHS = ((9.0, 1.0, 2, 8), (0.7, 0.3, 3, 15), (5.0, 0.0, 7, 25), (0.5, 0.1, 1, 31))


def rate(step, top, low, warmup, total):
    """The rate by fractions on the way up, and by the square of a sine on the way down."""
    if step < warmup:
        return float(Fraction(step, warmup) * Fraction(top))
    left = max(0, total - step) / max(1, total - warmup)
    return low + (top - low) * math.sin(math.pi / 2 * left) ** 2


def test_warmup(learner, rng):
    """Warm-up climbs from 0 at step 0 in equal steps"""
    drawn = [(int(a) / 10, 0.2, int(w), int(w) + 9) for a, w in rng.integers(5, 50, size=(3, 2))]
    for top, low, warmup, total in [(6.0, 1.0, 3, 8), (1.0, 0.1, 7, 21), *drawn]:
        for step in range(warmup):
            want = float(Fraction(top) * step / warmup)
            why = "step {step} of a warm-up of {warmup}, towards {top} (min_lr is {low})"
            got = learner.lr_at(step, top, low, warmup, total)
            assert_close(got, want, **NEAR, why=why, step=step, warmup=warmup, top=top, low=low)


def test_top(learner):
    """At step `warmup` the rate is max_lr"""
    for top, low, warmup, total in SIXTHS:
        got = learner.lr_at(warmup, top, low, warmup, total)
        assert_close(got, top, **NEAR, why="the warm-up ends here, the way down begins")


def test_cosine(learner):
    """After 1/3, 1/2, 2/3 of the way down, 3/4, 1/2, 1/4 of the drop are left"""
    for top, low, warmup, total in SIXTHS:
        for sixths, share in SHARES.items():
            step = warmup + sixths * (total - warmup) // 6
            want = float(Fraction(low) + share * (Fraction(top) - Fraction(low)))
            why = "t = {t}: {share} of the drop from {top} to {low} is left"
            words = {"t": str(Fraction(sixths, 6)), "share": str(share), "top": top, "low": low}
            got = learner.lr_at(step, top, low, warmup, total)
            assert_close(got, want, **NEAR, why=why, **words)


def test_end(learner):
    """At step `total` the rate is min_lr, and it stays there"""
    for top, low, warmup, total in SIXTHS:
        for step in (total, total + 1, total + 6, 2 * total - warmup, 10 * total + 3):
            got = learner.lr_at(step, top, low, warmup, total)
            why = "this is step `total` + {beyond}"
            assert_close(got, low, **NEAR, why=why, beyond=step - total)


def test_curve(learner, sizes):
    """Every step on the way down lies on half a wave of the cosine"""
    for span, warmup, top, low in sizes(4, cases=6, low=1, high=13):
        top, low = max(top, low) / 10, min(top, low) / 10
        for step in range(warmup, warmup + span):
            got = learner.lr_at(step, top, low, warmup, warmup + span)
            want = rate(step, top, low, warmup, warmup + span)
            why = "{done} of {span} steps from {top} down to {low} are done"
            words = {"done": step - warmup, "span": span, "top": top, "low": low}
            assert_close(got, want, **NEAR, why=why, **words)


def test_no_warmup(learner):
    """Without warm-up the rate starts at max_lr"""
    for top, low, total in ((5.0, 1.0, 1), (5.0, 1.0, 4), (0.9, 0.3, 7)):
        for step in range(total + 2):
            got = learner.lr_at(step, top, low, 0, total)
            why = "step {step} with warmup = 0 and total = {total}"
            assert_close(
                got, rate(step, top, low, 0, total), **NEAR, why=why, step=step, total=total
            )


def test_no_decay(learner):
    """With total = warmup, min_lr follows right after the warm-up"""
    for top, low, warmup in ((4.0, 1.0, 1), (4.0, 1.0, 2), (0.9, 0.2, 6)):
        for step in range(warmup + 3):
            got = learner.lr_at(step, top, low, warmup, warmup)
            want = float(Fraction(top) * step / warmup) if step < warmup else low
            why = "step {step} with warmup = total = {warmup}"
            assert_close(got, want, **NEAR, why=why, step=step, warmup=warmup)


def test_whole_numbers(learner):
    """max_lr and min_lr may be whole numbers"""
    for top, low, warmup, total in ((3, 1, 2, 6), (1, 0, 4, 9)):
        for step in range(total + 2):
            got = learner.lr_at(step, top, low, warmup, total)
            want = float(rate(step, top, low, warmup, total))
            why = "step {step} from 0 to {top} at {warmup}, to {low} at {total}"
            words = {"step": step, "top": top, "low": low, "warmup": warmup, "total": total}
            assert_close(got, want, **NEAR, why=why, **words)


def test_large_training(learner, rng):
    """The rates are as exact in a training of 600 000 steps"""
    plan = (6e-4, 6e-5, 2000, 600_000)
    for step in [1, 1999, 2000, 2001, *map(int, rng.integers(2000, 600_000, size=20)), 599_999]:
        got = learner.lr_at(step, *plan)
        why = "step {step}, with a peak of 0.0006 at step 2000"
        assert_close(got, rate(step, *plan), rtol=1e-9, atol=1e-14, why=why, step=step)


def test_any_order(learner, rng):
    """The rate depends on the arguments alone, not on earlier calls"""
    plans = ((1.0, 0.1, 7, 21), (0.5, 0.2, 3, 9))
    for step in [0, *map(int, rng.permutation(24)), 0]:
        for plan in plans:
            got = learner.lr_at(step, *plan)
            why = "step {step}, asked for in random order and between the steps of another run"
            assert_close(got, rate(step, *plan), **NEAR, why=why, step=step)
