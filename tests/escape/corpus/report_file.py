"""Raises from a file with a hostile name.

group: attack the report
expect: failed
"""

CODE = compile("def f():\\n    raise ValueError(1)", "\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()".replace(chr(0), ""), "exec")
exec(CODE)


def answer(*_):
    return f()
