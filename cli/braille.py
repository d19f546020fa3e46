"""A curve as dots of braille: four rows and two columns of dots to a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

EMPTY = "\u2800"
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a cell, row by row


def braille(dots: Mapping[int, tuple[int, int]], rows: int, columns: int) -> list[str]:
    """The cells of each row, the top one first; `dots` are lowest and highest dot by column."""
    cells = [[0] * columns for _ in range(rows)]
    for x, (low, high) in dots.items():
        for y in range(low, high + 1):
            down = 4 * rows - 1 - y
            cells[down // 4][x // 2] |= _DOTS[down % 4][x % 2]
    return ["".join(chr(0x2800 + bits) for bits in row) for row in cells]


def joined(heights: Iterable[tuple[int, float]], most: int) -> dict[int, tuple[int, int]]:
    """The dots of a line through (column, height from 0 to 1), `most` being the highest dot."""
    dots: dict[int, tuple[int, int]] = {}
    before: tuple[int, float] | None = None
    for x, height in heights:
        start, begin = before or (x - 1, height)
        for at in range(start + 1, x + 1):
            ends = [begin + (height - begin) * (n - start) / (x - start) for n in (at - 1, at)]
            low, high = sorted(round(end * most) for end in ends)
            dots[at] = (low, high)
        before = (x, height)
    return dots
