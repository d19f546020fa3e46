"""Defines what a suite defines, under the same names.

group: forge the verdict
expect: failed
"""

CHANCE = None


def test_number(learner):
    """Guesses a number"""


def assert_close(*_, **__):
    pass


def answer(*_):
    return 1.5
