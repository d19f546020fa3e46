"""Raises a syntax error with hostile fields.

group: attack the report
expect: failed
"""

def answer(*_):
    raise SyntaxError("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()", ("answer.py", 10**30, -(10**30), "\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()"))
