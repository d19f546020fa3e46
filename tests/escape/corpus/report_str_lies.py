"""Raises an error whose text is no text.

group: attack the report
expect: failed
"""

class Odd(Exception):
    def __str__(self):
        return type("S", (str,), {"__str__": lambda self: 5})("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()")


def answer(*_):
    raise Odd
