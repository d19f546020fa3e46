from llmex.grader.compare import assert_equal


def test_one(learner):
    """Gives the answer"""
    learner.answer()
