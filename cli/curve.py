"""A loss curve for a terminal: dots of braille on about 12 rows, baselines as labelled lines."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.text import Text

from llmex.cli.braille import EMPTY, braille, joined
from llmex.cli.numbers import counted, measured
from llmex.cli.scale import Scale, losses_scale, steps_scale
from llmex.grader.report import Run

ROWS, COLUMNS = 12, 50
_LINE = "┄"


def curve(run: Run, labels: Mapping[str, float], marks: Mapping[str, float]) -> list[Text]:
    """The rows of the picture, the axis below it included.

    `labels` name lines across the whole width, `marks` places at the right edge alone: what was
    measured, and the limits of a pass.
    """
    up, along = losses_scale(run), steps_scale(run)
    cells = braille(_columns(run, up, along), ROWS, COLUMNS)
    lines = {_row(up, value) for value in labels.values()}
    right = _labelled(up, labels, marks)
    ticks = {_row(up, value): f"{value:g}" for value in up.ticks}
    margin = max((cell_len(text) for text in ticks.values()), default=1)
    rows = []
    for row in range(ROWS):
        text = Text.assemble((ticks.get(row, "").rjust(margin), "quiet"))
        text.append(" ┤" if row in ticks else " │", style="quiet")
        _draw(text, cells[row], row in lines)
        text.append(" " + right.get(row, ""), style="quiet")
        rows.append(text)
    return [*rows, *_axis(along, margin)]


def _columns(run: Run, up: Scale, along: Scale) -> dict[int, tuple[int, int]]:
    """For each column of dots the lowest and highest dot of the curve there."""
    most = 2 * COLUMNS - 1
    found: dict[int, list[float]] = {}
    for step, loss in run.losses:
        found.setdefault(round(along.place(step) * most), []).append(up.place(loss))
    heights = {x: sum(places) / len(places) for x, places in found.items()}
    return joined(sorted(heights.items()), 4 * ROWS - 1)


def _draw(text: Text, cells: str, line: bool) -> None:
    """One row: the curve, and where it leaves room the line of a baseline."""
    for empty, run in itertools.groupby(cells, lambda cell: cell == EMPTY):
        part = "".join(run)
        blank = (_LINE if line else " ") * len(part)
        text.append(blank if empty else part, style="quiet" if empty else "command")


def _labelled(up: Scale, labels: Mapping[str, float], marks: Mapping[str, float]) -> dict[int, str]:
    """What stands at the right of each row, from the highest down."""
    wanted = [(value, f"{_LINE} {name} {measured(value)}") for name, value in labels.items()]
    wanted += [(value, f"◂ {name} {measured(value)}") for name, value in marks.items()]
    wanted = sorted(wanted, key=lambda one: -one[0])[:ROWS]
    rows = spread([_row(up, value) for value, _ in wanted], ROWS)
    return {row: text for row, (_, text) in zip(rows, wanted, strict=True)}


def spread(places: Sequence[int], size: int, apart: int = 1) -> list[int]:
    """Places in 0..size - 1 in rising order, moved as little as may be so that none is shared.

    They are at least `apart` from each other, as long as there is room for that.
    """
    moved: list[int] = []
    for place in places:
        moved.append(max(place, moved[-1] + apart) if moved else place)
    edge = size - 1
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], edge)
        edge = moved[i] - apart
    return moved


def _row(up: Scale, value: float) -> int:
    return ROWS - 1 - round(up.place(value) * (4 * ROWS - 1)) // 4


def _axis(along: Scale, margin: int) -> Sequence[Text]:
    """The line below the curve, and the steps below that line."""
    line, numbers = ["─"] * COLUMNS, [" "] * (COLUMNS + 8)
    end = 0
    for value in (along.low, *along.ticks, along.high):
        at = round(along.place(value) * (COLUMNS - 1))
        text = counted(math.floor(value))
        start = min(max(at - len(text) // 2, 0), len(numbers) - len(text))
        if start >= end + (2 if end else 0):
            line[at] = "┴"
            numbers[start : start + len(text)] = text
            end = start + len(text)
    below = "".join(numbers).rstrip()
    return [
        Text(f"{' ' * margin} └{''.join(line)}", style="quiet"),
        Text(f"{' ' * margin}  {below}", style="quiet"),
    ]
