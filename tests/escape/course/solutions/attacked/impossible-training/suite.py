import secrets

import numpy as np

from llmex.grader.compare import assert_close, assert_equal, assert_number

CHANCE = secrets.SystemRandom()


def test_training(learner, training):
    """Reports five steps, and then guesses a number"""
    run = training.begin(steps=5)
    got = assert_number(learner.answer(run.step))
    value = run.finish(got, gate=(1.0, 2.0))
    assert_close(value, CHANCE.uniform(1, 2))


def test_lent(learner):
    """Has the suite draw 7 next, by what it does to a generator"""
    lent = np.random.default_rng(CHANCE.getrandbits(60))
    lent.integers(9, size=4, dtype=np.uint32)
    learner.answer(lent)
    assert_equal(int(lent.integers(1 << 31, dtype=np.uint32)), 7)
