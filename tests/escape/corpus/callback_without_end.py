"""Calls the judge's function for ever, with ever more to send.

group: exhaust
expect: stopped, failed
"""


def answer(x):
    if callable(x):
        while True:
            x("x" * 1_000_000)
    return x
