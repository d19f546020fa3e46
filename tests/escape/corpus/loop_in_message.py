"""Never ends when it is asked what it raised.

group: exhaust
expect: stopped
"""

class Slow(Exception):
    def __str__(self):
        while True:
            pass


def answer(*_):
    raise Slow
