import numpy as np

from llmex.grader.compare import assert_close, assert_equal


def test_array(learner):
    """Gives three ones"""
    assert_close(learner.array(), np.ones(3))


def test_number(learner):
    """Gives the int 3"""
    assert_equal(learner.number(), 3)


def test_real(learner):
    """Gives the float 1.5"""
    assert_close(learner.real(), 1.5)


def test_flag(learner):
    """Gives True"""
    assert_equal(learner.flag(), True)


def test_text(learner):
    """Gives yes"""
    assert_equal(learner.text(), "yes")


def test_list(learner):
    """Gives one, two, three"""
    assert_equal(learner.items(), [1, 2, 3])


def test_pair(learner):
    """Gives a pair"""
    assert_equal(learner.pair(), (1, 2))


def test_mapping(learner):
    """Gives a dict"""
    assert_close(learner.mapping(), {"a": 1.0})


def test_members(learner):
    """Gives a set"""
    assert_equal(learner.members(), {1, 2})


def test_nothing(learner):
    """Gives None"""
    assert_equal(learner.nothing(), None)
