"""Doubles of numbers."""


def double(x):
    return x + x


def double_all(xs):
    return [double(x) for x in xs]
