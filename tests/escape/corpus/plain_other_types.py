"""Gives the right values in types that are not the promised ones.

group: confuse the comparison
expect: failed
exercise: plain
"""

from decimal import Decimal
from fractions import Fraction


def array():
    return [1.0, 1.0, 1.0]


def number():
    return 3.0


def real():
    return Fraction(3, 2)


def flag():
    return 1


def text():
    return b"yes"


def items():
    return {1: 1, 2: 2, 3: 3}


def pair():
    return [1, 2]


def mapping():
    return {"a": Decimal(1)}


def members():
    return [1, 2]


def nothing():
    return False
