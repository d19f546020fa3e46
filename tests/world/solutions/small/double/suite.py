from llmex.grader.compare import assert_equal


def test_small(learner):
    """Doubles a small number"""
    assert_equal(learner.double(2), 4)


def test_law(learner, rng):
    """Equals adding the number to itself"""
    for x in rng.integers(-100, 100, size=10).tolist():
        assert_equal(learner.double(x), x + x, why="{x} and {x} make {want}", x=x)


def test_list(learner):
    """Doubles every number of a list"""
    assert_equal(learner.double_all([1, 3, 5]), [2, 6, 10])
