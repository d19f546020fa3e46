"""The picture of a training: in the terminal, in words, and as a file beside the answer."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from llmex.cli import pictures
from llmex.cli.curve import COLUMNS, ROWS, curve, spread
from llmex.cli.drawing import BOTTOM, LEFT, MARK, RIGHT, TOP
from llmex.cli.numbers import clock, counted, measured
from llmex.cli.page import Page
from llmex.cli.scale import losses_scale, round_numbers, steps_scale
from llmex.cli.screens.training import longest, picture, training
from llmex.cli.session import rendered
from llmex.cli.words import LANGUAGES, Words
from llmex.grader.report import Run, Verdict

HOSTILE = "\x1b[2J\x1b]0;owned\x07 [bold]b[/bold] \u202ertl </text><script>"
BASELINES = {"uniform": 4.17, "bigram": 2.48, "5-gram": 1.67}


def run_of(
    losses: Sequence[tuple[int, float]], steps: int = 200, unit: str = "nats", **fields: Any
) -> Run:
    """A run with these losses."""
    return Run("test_x", unit, steps, len(losses), tuple(losses), **fields)


FALLING = [(step, 1.7 + 2.5 * math.exp(-step / 30)) for step in range(1, 201)]
WHOLE = run_of(
    FALLING,
    baselines=BASELINES,
    samples=((0, "xq;"), (50, "the the\nof\nto"), (200, "\n".join("ROMEO: ay" for _ in range(20)))),
    value=1.774,
    gate=(1.35, 1.95),
    seconds=83.0,
)


def shown(run: Run, *, plain: bool = False, lang: str = "en", saved: str = "") -> str:
    """What a learner sees of a run."""
    page = Page(Words(lang), plain=plain)
    training(page, run, None, saved)
    return rendered(page, None, plain)


def is_dots(sign: str) -> bool:
    """Whether it is a cell of braille with any dot in it."""
    return 0x2801 <= ord(sign) <= 0x28FF


# -- the scale ---------------------------------------------------------------------------------

STRANGE = {
    "all the same": [(step, 2.0) for step in range(1, 30)],
    "zero": [(step, 0.0) for step in range(1, 30)],
    "two points": [(0, 4.0), (1, 3.0)],
    "as large as a float can be": [(1, 1.7e308), (2, -1.7e308), (3, 0.0)],
    "one that jumps": [(step, 1e9 if step == 7 else 2.0 + step / 100) for step in range(1, 100)],
    "negative": [(step, -float(step)) for step in range(1, 30)],
    "tiny": [(step, 1e-300 * step) for step in range(1, 30)],
}


@pytest.mark.parametrize("what", STRANGE)
def test_any_losses_can_be_drawn(what: str) -> None:
    """Whatever the losses are, the curve has its size and the picture is well formed."""
    run = run_of(STRANGE[what])
    rows = curve(run, {}, {})
    assert len(rows) == ROWS + 2
    assert any(is_dots(sign) for row in rows for sign in row.plain)
    points = ElementTree.fromstring(picture(Words("en"), run, "x", None))
    line = next(node for node in points.iter() if node.tag.endswith("polyline"))
    for pair in line.attrib["points"].split():
        x, y = map(float, pair.split(","))
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM


def test_one_jump_does_not_hide_the_rest() -> None:
    """A single loss far above all others runs out of the picture; the first losses never do."""
    assert losses_scale(run_of(STRANGE["one that jumps"])).high < 10
    assert losses_scale(run_of(FALLING)).high > FALLING[0][1]


def test_the_whole_training_is_the_width() -> None:
    """A training that stopped early fills only its part of the width."""
    assert steps_scale(run_of(FALLING[:50], steps=2000)).high == 2000
    row = curve(run_of(FALLING[:50], steps=2000), {}, {})
    drawn = [
        at for line in row for at, sign in enumerate(line.plain) if 0x2801 <= ord(sign) <= 0x28FF
    ]
    assert max(drawn) < COLUMNS / 4


@pytest.mark.parametrize(("low", "high"), [(1.6, 4.2), (0, 1), (-3, 7), (1, 2000), (1e-9, 2e-9)])
def test_round_numbers_are_few_and_within(low: float, high: float) -> None:
    """Two to five round numbers stand at an axis, all of them on it."""
    found = round_numbers(low, high)
    assert 2 <= len(found) <= 5
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


def test_labels_make_room_for_each_other() -> None:
    """Labels that want one place move apart, keep their order and stay in the picture."""
    assert spread([3, 3, 3], 12) == [3, 4, 5]
    assert spread([11, 11, 11], 12) == [9, 10, 11]
    assert spread([0, 100, 101], 121, 15) == [0, 100, 115]


def test_labels_stand_from_the_highest_down() -> None:
    """In whatever order they are given, labels stand at their heights, at most one in a row."""
    lines = {"low": 2.0, "high": 4.0, "middle": 3.0}
    text = "\n".join(row.plain for row in curve(run_of(FALLING), lines, {}))
    assert text.index("high") < text.index("middle") < text.index("low")
    many = {f"line {n}": 2.0 + n / 50 for n in range(ROWS + 8)}
    rows = [row.plain for row in curve(run_of(FALLING), many, {})]
    assert len(rows) == ROWS + 2
    assert sum("line " in row for row in rows) == ROWS
    assert any(f"line {ROWS + 7} " in row for row in rows)


@pytest.mark.parametrize("steps", [7, 99, 100, 101, 1040, 2000, 999_999, 1_000_000])
def test_steps_below_the_curve_stay_apart(steps: int) -> None:
    """Each number below the axis stands whole and alone."""
    run = run_of([(1, 2.0), (2, 1.0)], steps=steps)
    along = steps_scale(run)
    below = curve(run, {}, {})[-1].plain
    known = {counted(math.floor(value)) for value in (along.low, *along.ticks, along.high)}
    assert set(below.split()) <= known
    assert len(below.split()) >= 2


def test_a_column_is_the_mean_of_its_losses() -> None:
    """Losses that jump up and down within a column of dots are drawn between the two."""
    jumping = [(step, 4.0 if step % 2 else 2.0) for step in range(1, 2001)]
    rows = curve(run_of(jumping, steps=2000), {"mean": 3.0}, {})
    drawn = [n for n, row in enumerate(rows) if any(map(is_dots, row.plain))]
    (mean,) = (n for n, row in enumerate(rows) if "mean" in row.plain)
    assert abs(drawn[len(drawn) // 2] - mean) <= 1


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (counted(2000), "2,000"),
        (clock(71.2), "1:12"),
        (clock(3600), "1:00:00"),
        (clock(-1), "0:00"),
        (measured(1.7744), "1.774"),
        (measured(16.0), "16.00"),
        (measured(1e9), "1.0e+09"),
    ],
)
def test_numbers_for_people(text: str, want: str) -> None:
    """Counts have commas, times have colons, losses as many digits as say something."""
    assert text == want


# -- on the screen -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_training_fits_a_terminal(lang: str) -> None:
    """Curve, baselines, samples and what was measured stand in 80 columns, in both languages."""
    text = shown(WHOLE, lang=lang, saved="gpt/x.loss.svg")
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    for words in ("uniform 4.170", "5-gram 1.670", "1.774", "1.350", "1.950", "1:23", "x.loss.svg"):
        assert words in text, words
    assert text.count("ROMEO") == 10
    assert "of" in text
    assert "    to\n" not in text


def test_in_words_the_curve_is_a_table() -> None:
    """Plain screens have ten steps with their losses in place of dots."""
    text = shown(WHOLE, plain=True)
    assert text.isascii()
    assert text.count("step ") == 10
    assert "step 1: " in text
    assert "step 200: " in text
    assert "bigram" in text


def test_a_training_that_stopped_says_where() -> None:
    """Without a measured loss the screen says at which step it stopped, and after how long."""
    text = shown(run_of(FALLING[:120], steps=2000, seconds=180.0))
    assert "stopped at step 120 of 2,000, after 3:00" in text
    assert "measured" not in text


@pytest.mark.parametrize("plain", [False, True])
def test_hostile_samples_are_harmless(plain: bool) -> None:
    """What a model writes reaches the screen without anything that a terminal obeys."""
    run = run_of(FALLING, samples=((0, HOSTILE), (200, HOSTILE + "\n" + "x" * 100_000)))
    text = shown(run, plain=plain)
    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(text)
    assert "[bold]b[/bold]" in text
    assert len(text) < 10_000


def test_the_longest_run_is_shown() -> None:
    """Of several trainings the one that came farthest is shown, of equals the later one."""
    short, first, second = run_of(FALLING[:3]), run_of(FALLING), run_of(FALLING, unit="bits")
    assert longest(Verdict("passed", runs=(short, first, second, short))) is second
    assert longest(Verdict("failed", runs=(run_of(FALLING[:1]),))) is None
    assert longest(Verdict("failed")) is None


# -- beside the answer ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_is_xml(lang: str) -> None:
    """The picture is well formed, needs nothing from elsewhere, and no name in it is markup."""
    run = run_of(FALLING, baselines={HOSTILE: 3.0}, value=1.7, gate=(1.0, 2.0), unit=HOSTILE)
    svg = picture(Words(lang), run, HOSTILE, None)
    root = ElementTree.fromstring(svg)
    kinds = {node.tag.rpartition("}")[2] for node in root.iter() if isinstance(node.tag, str)}
    assert kinds == {"svg", "title", "style", "rect", "line", "text", "polyline"}
    assert "\x1b" not in svg
    assert "href" not in svg
    assert svg.count("http") == 1  # the name of the format


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    """Where an answer lies in a workspace."""
    (tmp_path / "gpt").mkdir()
    return tmp_path / "gpt" / "tiny.py"


def test_the_picture_is_kept_and_renewed(tmp_path: Path, answer: Path) -> None:
    """The picture is written beside the answer; the next one takes its place."""
    path, there = pictures.keep(tmp_path, answer, f"<svg>{MARK}1</svg>")
    assert (path, there) == (tmp_path / "gpt" / "tiny.loss.svg", True)
    assert pictures.keep(tmp_path, answer, f"<svg>{MARK}2</svg>")[1]
    assert path.read_text() == f"<svg>{MARK}2</svg>"
    assert sorted(p.name for p in path.parent.iterdir()) == ["tiny.loss.svg"]


def test_every_picture_bears_our_mark() -> None:
    """What llmex draws it knows again."""
    assert MARK in picture(Words("zh"), WHOLE, "x", None)[:500]


@pytest.mark.parametrize("what", ["a file", "a link", "a dangling link", "a folder", "empty"])
def test_what_is_not_ours_stays(tmp_path: Path, answer: Path, what: str) -> None:
    """A file, a link or a folder of that name that llmex did not make stays as it was."""
    path, other = tmp_path / "gpt" / "tiny.loss.svg", tmp_path / "mine.svg"
    if what == "a file":
        path.write_text("<svg>drawn by hand</svg>")
    elif what == "a link":
        other.write_text(f"<svg>{MARK}</svg>")
        path.symlink_to(other)
    elif what == "a dangling link":
        path.symlink_to(other)
    elif what == "a folder":
        path.mkdir()
    else:
        path.touch()
    before = os.lstat(path)
    assert pictures.keep(tmp_path, answer, f"<svg>{MARK}2</svg>") == (path, False)
    assert os.lstat(path) == before
    assert not other.exists() or other.read_text() == f"<svg>{MARK}</svg>"
