"""Has a parameter whose default shows as something hostile.

group: attack the report
expect: failed
"""

class Odd:
    def __repr__(self):
        return "\x1b[2J\x1b]8;;http://x\x07[bold red]ok[/] {want} \u202e\u2066\ud800\x00\x9b31m\r\n<b>&=cmd()"


def answer(*, x=Odd()):
    return 1.5
