from llmex.grader.compare import assert_equal


def test_one(learner):
    """Gives the answer"""
    assert_equal(learner.answer(), 42)


def test_two(learner):
    """Is not listed"""
    assert_equal(learner.answer(), 42)
