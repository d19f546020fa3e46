import secrets

import numpy as np

from llmex.grader.compare import (
    assert_close,
    assert_equal,
    assert_holds,
    assert_number,
    assert_shape,
    unpack,
)

CHANCE = secrets.SystemRandom()
X = np.arange(6.0).reshape(2, 3)


def numbers(count):
    """Numbers that exist only here, drawn after the answer was asked."""
    return np.array([CHANCE.uniform(1, 2) for _ in range(count)])


def test_number(learner):
    """Guesses a number"""
    assert_close(learner.answer(X), float(numbers(1)[0]))


def test_text(learner):
    """Guesses a text"""
    assert_equal(learner.answer(X), secrets.token_hex(16))


def test_array(learner):
    """Guesses an array"""
    assert_close(learner.answer(X), numbers(6).reshape(2, 3))


def test_list(learner):
    """Guesses a list"""
    assert_equal(learner.answer(X), [CHANCE.getrandbits(60) for _ in range(3)])


def test_mapping(learner):
    """Guesses a dict"""
    assert_close(learner.answer(X), {"a": numbers(3), "b": float(numbers(1)[0])})


def test_members(learner):
    """Guesses a set"""
    assert_equal(learner.answer(X), {CHANCE.getrandbits(60) for _ in range(3)})


def test_parts(learner):
    """Guesses two parts"""
    first, second = unpack(learner.answer(X), 2)
    assert_close(first, numbers(3))
    assert_close(second, numbers(3))


def test_shape(learner):
    """Guesses what an array adds up to"""
    got = learner.answer(X)
    assert_shape(got, (2, 3), dtype=np.float64)
    assert_close(float(got.sum()), float(numbers(1)[0]), finite=False)


def test_promise(learner):
    """Guesses a number of which something holds"""
    got = assert_number(learner.answer(X))
    assert_holds(abs(got - numbers(1)[0]) < 1e-9, got=got, why="it is not the number")


def test_function(learner):
    """Gives back what a function of the judge gives, and a number to guess"""
    asked = []

    def secret(*_):
        asked.append(1)
        return 0.0

    assert_close(learner.answer(secret), float(numbers(1)[0]))


def test_change(learner):
    """Changes an array into one to guess"""
    x = X.copy()
    learner.inplace.answer(x)
    assert_close(x, numbers(6).reshape(2, 3))
