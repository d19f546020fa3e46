"""Raises an error that raises when it is shown.

group: attack the report
expect: failed
"""

class Odd(Exception):
    def __str__(self):
        raise RuntimeError("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()")

    __repr__ = __str__


def answer(*_):
    raise Odd
