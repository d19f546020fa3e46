"""Raises an error with a chain that goes in a circle.

group: attack the report
expect: failed
"""

def answer(*_):
    a, b = ValueError("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()"), ValueError("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()")
    a.__cause__, b.__cause__ = b, a
    a.__context__, b.__context__ = b, a
    raise a
