"""Fails to load with a hostile message.

group: attack the report
expect: failed
"""

raise ImportError("\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()")
