"""A loss curve as an SVG picture, which lies beside the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from llmex.cli.curve import spread
from llmex.cli.numbers import counted, measured
from llmex.cli.scale import Scale, bounded, losses_scale, steps_scale
from llmex.grader.report import Run
from llmex.grader.scrub import scrub

MARK = "<!-- drawn by llmex; drawing it again replaces this file -->"
WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 560, 48, 352
_APART = 15  # between two labels
_STYLE = """\
text { font: 12px system-ui, "Noto Sans CJK SC", sans-serif; fill: #444 }
.title { font-size: 15px; fill: #111 }
.grid { stroke: #e4e4e4 }
.axis { stroke: #777 }
.line { stroke: #999; stroke-dasharray: 5 4 }
.gate { fill: #2a9d5c; fill-opacity: 0.12 }
.value { stroke: #2a9d5c; stroke-width: 2 }
.loss { fill: none; stroke: #2563b0; stroke-width: 1.6; stroke-linejoin: round }
.good { fill: #1d7a46 }"""


@dataclass(frozen=True)
class Said:
    """The words of a picture: its title, its axes, the measured loss, and where it should lie."""

    title: str
    step: str
    unit: str
    measured: str
    gate: str


def drawing(run: Run, said: Said, labels: Mapping[str, float]) -> str:
    """The picture of a run: its losses, the `labels` as lines, the loss measured at the end."""
    up, along = losses_scale(run), steps_scale(run)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img">',
        MARK,
        f"<title>{_text(said.title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _said(LEFT, 24, said.title, "title"),
        *_gate(run, up, said.gate),
        *_axes(up, along, said),
        *_lines(run, up, labels, said.measured),
        f'<polyline class="loss" points="{_points(run, up, along)}"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _axes(up: Scale, along: Scale, said: Said) -> list[str]:
    parts = []
    for value in up.ticks:
        y = _y(up, value)
        parts.append(_stroke("grid", LEFT, y, RIGHT, y))
        parts.append(_said(LEFT - 8, y + 4, f"{value:g}", anchor="end"))
    for value in along.ticks:
        x = _x(along, value)
        parts.append(_stroke("axis", x, BOTTOM, x, BOTTOM + 5))
        parts.append(_said(x, BOTTOM + 20, counted(int(value)), anchor="middle"))
    parts.append(_stroke("axis", LEFT, TOP, LEFT, BOTTOM))
    parts.append(_stroke("axis", LEFT, BOTTOM, RIGHT, BOTTOM))
    parts.append(_said((LEFT + RIGHT) / 2, HEIGHT - 10, said.step, anchor="middle"))
    parts.append(_said(LEFT, TOP - 8, said.unit))
    return parts


def _gate(run: Run, up: Scale, said: str) -> list[str]:
    """The band in which the measured loss should lie."""
    if run.gate is None:
        return []
    low, high = (_y(up, value) for value in run.gate[:2])
    return [
        f'<rect class="gate" x="{LEFT}" y="{high:.1f}" width="{RIGHT - LEFT}" '
        f'height="{max(low - high, 0):.1f}"/>',
        _said(LEFT + 8, high + 14, said, "good"),
    ]


def _lines(run: Run, up: Scale, labels: Mapping[str, float], mark: str) -> list[str]:
    """The baselines and the measured loss, each with its label at the right."""
    wanted = [(value, f"{name} {measured(value)}", "line") for name, value in labels.items()]
    if run.value is not None:
        wanted.append((run.value, f"{mark} {measured(run.value)}", "value"))
    wanted.sort(key=lambda one: -one[0])
    heights = [round(_y(up, value)) - TOP for value, _, _ in wanted]
    places = spread(heights, BOTTOM - TOP + 1, _APART)
    parts = []
    for (value, text, kind), place in zip(wanted, places, strict=True):
        y = _y(up, value)
        parts.append(_stroke(kind, LEFT if kind == "line" else RIGHT - 12, y, RIGHT, y))
        tone = "good" if kind == "value" else ""
        parts.append(_said(RIGHT + 10, TOP + place + 4, text, tone))
    return parts


def _points(run: Run, up: Scale, along: Scale) -> str:
    return " ".join(f"{_x(along, step):.1f},{_y(up, loss):.1f}" for step, loss in run.losses)


def _x(along: Scale, step: float) -> float:
    return LEFT + along.place(step) * (RIGHT - LEFT)


def _y(up: Scale, value: float) -> float:
    return BOTTOM - up.place(bounded(value)) * (BOTTOM - TOP)


def _stroke(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _said(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{style}{where}>{_text(text)}</text>'


def _text(text: str) -> str:
    return escape(scrub(text, 100))
