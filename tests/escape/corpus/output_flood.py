"""Prints without end.

group: exhaust
expect: stopped
says: printed
"""

def answer(*_):
    while True:
        print("x" * 100_000)
