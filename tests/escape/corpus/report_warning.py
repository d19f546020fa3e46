"""Warns of something hostile.

group: attack the report
expect: failed
"""

import warnings


def answer(*_):
    warnings.warn("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()", type("x" + chr(27), (UserWarning,), {}))
    return 1.5
