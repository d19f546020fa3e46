"""Raises an error of a class with a hostile name.

group: attack the report
expect: failed
"""

def answer(*_):
    raise type("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()".replace(chr(0), "").replace(chr(0xD800), ""), (Exception,), {})("x")
