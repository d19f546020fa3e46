"""The panels of a picture as an SVG, which lies beside the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from rich.cells import cell_len

from llmex.cli.drawing import MARK
from llmex.cli.screens.panels import spanned
from llmex.grader.panel import Panel

WIDTH, MARGIN, TITLE, GAP = 720, 24, 34, 22
CELL, LINE, CHARACTER = 26, 20, 7.2
TONES = ("#2563b0", "#c2410c", "#1d7a46", "#7c3aed", "#b45309", "#0e7490", "#be185d", "#4d7c0f")
DASHES = ("none", "7 3", "2 3", "9 3 2 3")
SOFT = ("#dbeafe", "#fef3c7", "#dcfce7", "#fae8ff")
STYLE = """\
text { font: 12px ui-monospace, "Noto Sans Mono CJK SC", monospace; fill: #333 }
.title { font: 15px system-ui, "Noto Sans CJK SC", sans-serif; fill: #111 }
.axis { stroke: #999 } .edge { stroke: #777; fill: none } .node { fill: #fff; stroke: #2563b0 }"""

Drawn = tuple[list[str], float]  # elements, and the height that they take


def svg(panels: Sequence[Panel], lang: str) -> str:
    """A whole picture, its panels one below the other."""
    parts, top = [], float(MARGIN)
    for one in panels:
        parts.append(text(MARGIN, top + 14, one.title_in(lang), "title"))
        elements, height = DRAW[one.kind](one, top + TITLE)
        parts += elements
        top += TITLE + height + GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" '
        f'width="{WIDTH}" height="{top:.0f}" role="img">'
    )
    title = f"<title>{escape(panels[0].title_in(lang))}</title>"
    back = f'<rect width="{WIDTH}" height="{top:.0f}" fill="#fff"/>'
    return "\n".join([head, MARK, title, f"<style>{STYLE}</style>", back, *parts, "</svg>"]) + "\n"


def _heat(one: Panel, top: float) -> Drawn:
    left = MARGIN + CHARACTER * max(map(cell_len, one.rows)) + 8
    size = min(CELL * 1.6, (WIDTH - left - MARGIN) / len(one.columns))
    tall = min(size, CELL)
    known = [v for row in one.values for v in row if v is not None]
    low, high = min([0.0, *known]), max([1e-300, *known])
    parts = []
    for j, name in enumerate(one.columns):
        x, y = left + (j + 0.5) * size, top + 10
        parts.append(text(x, y, _cut(name, size), anchor="middle"))
    for i, (name, row) in enumerate(zip(one.rows, one.values, strict=True)):
        y = top + 18 + i * tall
        parts.append(text(left - 6, y + tall * 0.7, name, anchor="end"))
        for j, value in enumerate(row):
            parts.append(_cell(left + j * size, y, size - 1, tall - 1, value, low, high))
    return parts, 18 + tall * len(one.rows)


def _cell(
    x: float, y: float, w: float, h: float, value: float | None, low: float, high: float
) -> str:
    share = 0.0 if value is None else (value - low) / (high - low)
    tone = "#fecaca" if value is None else f"rgb({_mix(share)})"
    said = "?" if value is None else f"{value:.4g}"
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{tone}">'
        f"<title>{said}</title></rect>"
    )


def _mix(share: float) -> str:
    """From a very light to a dark blue."""
    light, dark = (239, 246, 255), (23, 55, 120)
    return ",".join(str(round(a + (b - a) * share)) for a, b in zip(light, dark, strict=True))


def _bars(one: Panel, top: float) -> Drawn:
    left = MARGIN + CHARACTER * max(map(cell_len, one.columns)) + 8
    high = max((v for row in one.values for v in row if v is not None), default=1.0) or 1.0
    wide, parts, y = WIDTH - left - MARGIN - 60, [], top
    for name, row in zip(one.rows, one.values, strict=True):
        parts.append(text(MARGIN, y + 12, name))
        y += LINE
        for number, (column, value) in enumerate(zip(one.columns, row, strict=True)):
            parts.append(text(left - 6, y + 12, column, anchor="end"))
            size = 0.0 if value is None else min(max(value / high, 0.0), 1.0) * wide
            tone = TONES[number % len(TONES)]
            parts.append(
                f'<rect x="{left:.1f}" y="{y + 2:.1f}" width="{size:.1f}" height="13" '
                f'fill="{tone}"/>'
            )
            said = "?" if value is None else f"{value:.3f}"
            parts.append(text(left + size + 6, y + 13, said))
            y += LINE - 2
        y += 6
    return parts, y - top


def _curves(one: Panel, top: float) -> Drawn:
    left, right, high = MARGIN + 50, WIDTH - 170, 220.0
    floor, ceiling = spanned(one)
    begin, span = one.xs[0], (one.xs[-1] - one.xs[0]) or 1.0

    def place(x: float, value: float) -> str:
        across = left + min(max((x - begin) / span, 0.0), 1.0) * (right - left)
        return f"{across:.1f},{top + high * (1 - (value - floor) / (ceiling - floor)):.1f}"

    parts = [
        f'<line class="axis" x1="{left}" y1="{top}" x2="{left}" y2="{top + high}"/>',
        f'<line class="axis" x1="{left}" y1="{top + high}" x2="{right}" y2="{top + high}"/>',
        text(left - 6, top + 10, f"{ceiling:.3g}", anchor="end"),
        text(left - 6, top + high, f"{floor:.3g}", anchor="end"),
        text(left, top + high + 16, f"{begin:.6g}"),
        text(right, top + high + 16, f"{one.xs[-1]:.6g}", anchor="end"),
    ]
    for number, (name, values) in enumerate(zip(one.rows, one.values, strict=True)):
        tone = TONES[number % len(TONES)]
        points = [place(x, v) for x, v in zip(one.xs, values, strict=True) if v is not None]
        dashes = DASHES[number % len(DASHES)]
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{tone}" '
            f'stroke-width="1.8" stroke-dasharray="{dashes}"/>'
        )
        y = top + 14 + number * LINE
        parts.append(
            f'<line x1="{right + 10}" y1="{y - 4}" x2="{right + 32}" y2="{y - 4}" stroke="{tone}" '
            f'stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
        parts.append(text(right + 38, y, _cut(name, 120)))
    return parts, high + 22


def _graph(one: Panel, top: float) -> Drawn:
    """Nodes in rows, each above all that it leads to; what is left over stands side by side."""
    rows = _rows(one)
    places: dict[int, tuple[float, float, float]] = {}
    for number, row in enumerate(rows):
        wide = [CHARACTER * cell_len(one.columns[node]) + 16 for node in row]
        gap = max((WIDTH - 2 * MARGIN - sum(wide)) / (len(row) + 1), 6.0)
        x = MARGIN + gap
        for node, size in zip(row, wide, strict=True):
            places[node] = (x, top + number * 58, size)
            x += size + gap
    parts = [_edge(places[a], places[b]) for a, b in one.edges]
    for node, (x, y, size) in places.items():
        parts.append(
            f'<rect class="node" x="{x:.1f}" y="{y:.1f}" width="{size:.1f}" height="26" rx="5"/>'
        )
        parts.append(text(x + 8, y + 17, one.columns[node]))
    return parts, 58.0 * len(rows) - 32


def _rows(one: Panel) -> list[list[int]]:
    """The nodes by the longest way from each to a result; the results are the last row."""
    away = [0] * len(one.columns)
    for _ in one.columns:  # a circle stops at as many rows as there are nodes
        for source, target in one.edges:
            if away[source] <= away[target] < len(one.columns) - 1:
                away[source] = away[target] + 1
    return [
        [n for n, far in enumerate(away) if far == row] for row in sorted({*away}, reverse=True)
    ]


def _edge(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    """From below the middle of one node to above the middle of another."""
    x1, y1, x2, y2 = start[0] + start[2] / 2, start[1] + 26, end[0] + end[2] / 2, end[1]
    middle = (y1 + y2) / 2
    return (
        f'<path class="edge" d="M{x1:.1f},{y1:.1f} C{x1:.1f},{middle:.1f} {x2:.1f},{middle:.1f} '
        f'{x2:.1f},{y2:.1f}"/>'
    )


def _tokens(one: Panel, top: float) -> Drawn:
    parts, x, y = [], float(MARGIN), top
    for number, piece in enumerate(one.columns):
        shown = piece.replace("\n", "⏎")
        wide = CHARACTER * max(cell_len(shown), 1)
        if x + wide > WIDTH - MARGIN:
            x, y = float(MARGIN), y + LINE + 4
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{LINE}" '
            f'fill="{SOFT[number % len(SOFT)]}"/>'
        )
        parts.append(
            f'<text x="{x:.1f}" y="{y + 14:.1f}" textLength="{wide:.1f}" xml:space="preserve">'
            f"{escape(shown)}</text>"
        )
        x += wide + 1
        if "\n" in piece:
            x, y = float(MARGIN), y + LINE + 4
    return parts, y + LINE - top


DRAW: dict[str, Callable[[Panel, float], Drawn]] = {
    "heat": _heat, "bars": _bars, "curves": _curves, "graph": _graph, "tokens": _tokens
}  # fmt: skip


def text(x: float, y: float, said: str, kind: str = "", anchor: str = "") -> str:
    """A text element; what is said cannot end it."""
    style = f' class="{kind}"' if kind else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" xml:space="preserve"{style}{where}>{escape(said)}</text>'


def _cut(said: str, width: float) -> str:
    most = max(int(width / CHARACTER), 1)
    return said if cell_len(said) <= most else said[: max(most - 1, 1)] + "…"
