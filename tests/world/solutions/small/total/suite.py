import numpy as np

from llmex.grader.compare import assert_close


def test_ones(learner, sizes):
    """Counts ones"""
    for n, m in sizes(2):
        assert_close(learner.total(np.ones((n, m))), np.full(m, float(n)))


def test_axis(learner, rng, sizes):
    """Adds up along an axis"""
    for n, m in sizes(2):
        x = rng.standard_normal((n, m))
        want = np.array([sum(row) for row in x.tolist()])
        assert_close(learner.total(x, axis=1), want, why="row {i0} adds up to {want}")
