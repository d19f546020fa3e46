"""The parts of a screen that quote an answer: the failing call, its values, its lines, its prints.

Everything here came from a learner's code: it is scrubbed and never read as markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from llmex.cli.page import Page
from llmex.cli.words import Own
from llmex.grader.report import CODE_LINES, Counterexample, Sentence
from llmex.grader.scrub import scrub

PROMISED = 25  # rows of a counterexample on 80 columns, without what the code printed
FEWEST = 10  # lines of code, where a traceback needs the room
ACROSS = 75  # columns of a sentence below the code
PRINT_LINES = 6
TRACE_LINES = 10
PLACE = re.compile(r"(.+?\.py):(\d+)(?::(\d+|None))?: (.*)")
GRADIENT = re.compile(r"gradient of (.+)|(\w+)\.grad")  # what a suite calls them
REACH = 40  # how far from its beginning a line is shown up to the caret
WIDE = 400  # of one line; the page cuts it to the screen


def sentence(screen: Page, words: Sentence, own: Own) -> str:
    """A sentence of the grader or the suite in the learner's language, harmless to show."""
    return scrub(screen.words.sentence(words, own), 1200)


def counterexample(screen: Page, case: Counterexample, own: Own, file: str = "") -> None:
    """One failing call: the code that makes it, what it should give and what it gave."""
    said = [sentence(screen, part, own) for part in (case.why, case.help) if part]
    differentiated = _differentiated(case)
    below = _rows_of_values(screen, case, own) + sum(map(_rows, said)) + len(case.lines)
    most = min(CODE_LINES, max(PROMISED - below - bool(differentiated), FEWEST))
    for line in _capped(case.code, most, screen):
        screen.code(line, fold=True)
    if differentiated:
        screen.code(screen.words.say("report.gradient", name=differentiated), "quiet")
    _values(screen, case, own)
    for text in said:
        screen.add(text, indent=5)
    quoted(screen, case.lines, file)
    printed(screen, case.printed, 0)
    if case.calls:
        screen.add(screen.words.say("report.calls", n=len(case.calls)), indent=5)
        for line in case.calls:
            screen.code(line, fold=True)


def _differentiated(case: Counterexample) -> str:
    """Whose gradient was looked at, where that is not in the code; else empty."""
    found = GRADIENT.fullmatch(case.name)
    if found is None or not case.code or "backward" in case.code[-1]:
        return ""
    return scrub(found[1] or found[2], 60)


def _rows(text: str) -> int:
    """The rows that a sentence takes on 80 columns."""
    return -(-cell_len(text) // ACROSS)


def _rows_of_values(screen: Page, case: Counterexample, own: Own) -> int:
    """The rows of what was wanted, what came, and what is wrong with it, on 80 columns."""
    finding = sentence(screen, case.finding, own) if case.finding else ""
    values = [v for v in (case.want, case.got) if v]
    return sum(_rows(case.name + case.where + v + " " * 12) for v in values) + _rows(finding)


def _values(screen: Page, case: Counterexample, own: Own) -> None:
    finding = sentence(screen, case.finding, own) if case.finding else ""
    if not (case.want or case.got):
        if finding:
            screen.add(finding, indent=5)
        return
    place = scrub(case.name + case.where, 60)
    labels = {kind: screen.words.say(f"report.{kind}") for kind in ("want", "got")}
    width = max(map(cell_len, labels.values()))
    shown = [(kind, value) for kind, value in (("want", case.want), ("got", case.got)) if value]
    for kind, value in shown:
        gap = " " * (width - cell_len(labels[kind]) + 2)
        line = Text.assemble((labels[kind], kind), gap)
        line.append(f"{place} = " if place else "")
        line.append(scrub(value, WIDE))
        tail = finding if kind == shown[-1][0] else ""
        screen.add(line, indent=7, hang=9 + width, tail=tail)


def quoted(screen: Page, lines: Sequence[str], file: str) -> None:
    """Lines of the learner's own source, `file:line[:column]: text`, the innermost call last."""
    for line in _capped(lines, TRACE_LINES, screen):
        found = PLACE.match(line)
        if found is None:
            screen.code(line)
            continue
        where, number, column, text = found.groups()
        column = None if column == "None" else column
        key = "report.line" if where == file else "report.line-of"
        label = screen.words.say(key, file=where, line=number)
        if column is None:
            screen.code(f"{label}   {text.strip()}")
        else:
            _pointed(screen, label, text, int(column))


def _pointed(screen: Page, label: str, text: str, column: int) -> None:
    """A line of source with a caret below the column, cut so that the caret can be seen."""
    cut = max(column - REACH, len(text) - len(text.lstrip()))
    before, shown = text[cut : column - 1], text[cut:].rstrip()
    if screen.plain:
        screen.code(f"{label}   {shown}")
        screen.code(screen.words.say("report.column", n=column))
        return
    screen.code(f"{label}   {shown}")
    screen.code(" " * (cell_len(label) + 3 + cell_len(before)) + "^", "bad")


def printed(screen: Page, output: str, lost: int) -> None:
    """What the code printed, the last lines of it."""
    if not output.strip():
        return
    say = screen.words.say
    lines = [scrub(line, WIDE) for line in output.rstrip("\n").split("\n")]
    screen.add(say("report.printed"), "quiet", indent=5)
    before = len(lines) - PRINT_LINES
    if before > 0:
        screen.add(say("report.earlier-lines", n=before), "quiet", indent=7)
    for line in lines[-PRINT_LINES:]:
        screen.code(line, indent=7)
    if lost:
        screen.add(say("report.lost", n=lost), "quiet", indent=7)


def _capped(lines: Sequence[str], most: int, screen: Page) -> list[str]:
    """At most this many lines: the first ones and the last, with a count between them."""
    clean = [scrub(part.expandtabs(4), WIDE) for line in lines for part in line.split("\n")]
    if len(clean) <= most:
        return clean
    gone = len(clean) - most + 1
    note = "  " + screen.words.say("report.lines-left-out", n=gone)
    return [*clean[: most - 3], note, *clean[-2:]]
