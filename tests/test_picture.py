"""`llmex picture`: the data come from the learner's code, the drawing is ours, and it is safe."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.cli.panels_svg import svg
from llmex.cli.screens import panels as screen
from llmex.cli.session import rendered
from llmex.cli.words import Words
from llmex.grader.depict import depict
from llmex.grader.panel import Picture, Undrawable, panels
from tests.judging import answer, course, engine

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

OWN = course(None)
DRAWN = [e.id for e in map(OWN.exercise, OWN.ids) if e.picture_path is not None]
TITLE = {"en": "A title", "zh": "标题"}
HEAT = {"kind": "heat", "title": TITLE, "rows": ["a"], "columns": ["b", "c"], "values": [[0, 1]]}
CURVES = {"kind": "curves", "title": TITLE, "rows": ["a"], "xs": [0, 1, 2], "values": [[1, 2, 4]]}
BARS = {"kind": "bars", "title": TITLE, "rows": ["T"], "columns": ["a", "b"], "values": [[1, 3]]}
GRAPH = {"kind": "graph", "title": TITLE, "nodes": ["a", "b", "c"], "edges": [[0, 2], [1, 2]]}
TOKENS = {"kind": "tokens", "title": TITLE, "pieces": ["he", "llo", " 学", "\n"]}
KINDS: list[dict[str, Any]] = [HEAT, CURVES, BARS, GRAPH, TOKENS]
HOSTILE = "\x1b[31m</text><script>alert(1)</script>\u202e&[bold]\ud800"


def shown(value: Any, plain: bool = False, lang: str = "en") -> str:
    """A picture as the terminal gets it."""
    page = screen.picture(Words(lang), "x", "M", Picture(panels(value)), "Saved", "f", plain=plain)
    return rendered(page, None, plain)


def drawn(value: Any) -> str:
    """A picture as SVG, which a strict reader of XML has accepted."""
    text = svg(panels(value), "zh")
    ET.fromstring(text)
    return text


@pytest.mark.parametrize("name", DRAWN)
def test_the_solution_has_its_picture(name: str) -> None:
    """What the reference gives can be drawn, in both languages, in a terminal and as SVG."""
    exercise = OWN.exercise(name)
    text = exercise.solution_path.read_text("utf-8")
    found = depict(exercise, answer(exercise, text, OWN), engine())
    assert found.problem is None
    assert found.panels
    assert all({"en", "zh"} <= set(one.title) for one in found.panels)
    ET.fromstring(svg(found.panels, "zh"))
    page = screen.picture(Words("zh"), name, "M", found, "", "")
    assert max(map(len, rendered(page, None, False).splitlines())) <= 80


def test_eight_exercises_of_the_spine_have_one() -> None:
    """There is a picture for eight exercises on the way to the capstones."""
    assert len(set(DRAWN) & set(OWN.tracks["spine"].exercises)) >= 8


@pytest.mark.parametrize("name", DRAWN)
def test_a_stub_is_said_to_be_unwritten(name: str) -> None:
    """An answer whose functions still raise has no picture, and the reason is said."""
    exercise = OWN.exercise(name)
    text = exercise.stub_path.read_text("utf-8") + "\n\nWRITTEN = False\n"
    found = depict(exercise, answer(exercise, text, OWN), engine())
    assert found.panels == ()
    assert found.problem is not None


def test_a_picture_shows_the_learners_numbers() -> None:
    """Another answer gives another picture: nothing in it is ours."""
    exercise = OWN.exercise("stable-softmax")
    flat = "def softmax(x, dim=-1, temperature=1.0):\n    return x * 0 + 0.25\n"
    found = depict(exercise, answer(exercise, flat, OWN), engine())
    assert {v for row in found.panels[0].values for v in row} == {0.25}


def test_wrong_code_names_the_learners_line() -> None:
    """What an answer raises is shown with its own line."""
    exercise = OWN.exercise("stable-softmax")
    broken = "def softmax(x, dim=-1, temperature=1.0):\n    return x / len(temperature)\n"
    found = depict(exercise, answer(exercise, broken, OWN), engine())
    assert found.problem is not None
    assert any("stable_softmax.py:2" in line for line in found.lines)


@pytest.mark.parametrize("one", KINDS, ids=[str(kind["kind"]) for kind in KINDS])
def test_every_kind_is_drawn(one: dict[str, Any]) -> None:
    """Each kind of panel has its labels in the terminal, with --plain, and in the SVG."""
    labels = [t for key in ("rows", "columns", "nodes", "pieces") for t in one.get(key, [])]
    for text in (shown([one]), shown([one], plain=True), drawn([one])):
        assert all(label.strip() in text for label in labels)
    assert "A title" in shown([one])
    assert "标题" in drawn([one])
    assert not set(shown([one], plain=True)) & set("█▒░│└├─⣀")


@pytest.mark.parametrize("one", KINDS, ids=[str(kind["kind"]) for kind in KINDS])
def test_hostile_labels_are_harmless(one: dict[str, Any]) -> None:
    """Nothing that an answer returns as a label reaches the terminal or ends an SVG element."""
    bad = {**one, "title": {"en": HOSTILE}}
    for key in ("rows", "columns", "nodes", "pieces"):
        if key in one:
            bad[key] = [HOSTILE] * len(one[key])
    assert "\x1b[31m" not in shown([bad])
    assert "\u202e" not in shown([bad])
    assert "<script" not in drawn([bad])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e308, -1e308, 0, 10**400])
def test_strange_numbers_are_drawn_or_marked(value: float) -> None:
    """A number that is none, or endless, is a question mark and harms no neighbour."""
    for one in (HEAT, BARS):
        shown([{**one, "values": [[value, 1.0]]}])
        drawn([{**one, "values": [[value, 1.0]]}])
    shown([{**CURVES, "values": [[value, 1.0, 2.0]]}])
    drawn([{**CURVES, "values": [[value, 1.0, 2.0]]}])


@pytest.mark.parametrize(
    "value",
    [
        None, [], "x", [None], [{}], [{**HEAT, "title": None}], [{**HEAT, "title": "A title"}],
        [{**HEAT, "kind": "pie"}], [{**HEAT, "rows": []}], [{**HEAT, "rows": [1]}],
        [{**HEAT, "values": [[1]]}], [{**HEAT, "values": []}], [{**HEAT, "values": [["a", "b"]]}],
        [{**HEAT, "values": [[True, False]]}], [{**CURVES, "xs": [0]}],
        [{**CURVES, "xs": [0, math.nan, 1]}], [{**GRAPH, "edges": [[0, 9]]}],
        [{**GRAPH, "edges": [[0]]}], [{**GRAPH, "edges": None}], [{**TOKENS, "pieces": [b"a"]}],
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(value: object) -> None:
    """Anything else than well-formed panels is refused with a reason, never drawn in part."""
    with pytest.raises(Undrawable):
        panels(value)


def test_a_circle_ends() -> None:
    """A graph that leads back to itself is drawn once around."""
    circle = {**GRAPH, "edges": [[0, 1], [1, 2], [2, 0], [0, 0]]}
    drawn([circle])
    shown([circle])


def test_what_is_too_much_is_cut() -> None:
    """A reply of thousands of panels, rows or pieces becomes a picture of bounded size."""
    many = {**HEAT, "rows": ["r"] * 9000, "values": [[0, 1]] * 9000}
    pieces = {**TOKENS, "pieces": ["x" * 5000] * 9000}
    assert len(drawn([many, pieces] * 100)) < 2_000_000


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def llmex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_command_draws_and_saves(llmex: Run) -> None:
    """The picture is on the screen and beside the answer; a file of the learner's stays."""
    llmex("next", "lr-warmup-cosine")
    assert llmex("picture")[0] == 2  # nothing is written yet
    stub = Path("training/lr_warmup_cosine.py")
    stub.write_text(OWN.exercise("lr-warmup-cosine").solution_path.read_text("utf-8"))
    code, out, _ = llmex("picture")
    saved = Path("training/lr_warmup_cosine.picture.svg")
    assert code == 0
    assert f"Saved as {saved}" in out
    ET.parse(saved)
    saved.write_text("mine")
    code, out, _ = llmex("picture")
    assert (code, saved.read_text()) == (0, "mine")
    assert "is not a picture of llmex" in out


def test_the_command_says_what_has_a_picture(llmex: Run) -> None:
    """An exercise without one leads to the list of those that have one."""
    code, _, err = llmex("picture", "bleu")
    assert code == 2
    llmex("next", "array-broadcasting")
    Path("mathematics/array_broadcasting.py").write_text("x = 1\n")
    code, _, err = llmex("picture")
    assert code == 2
    assert "`llmex picture --list`" in err
    listed = json.loads(llmex("picture", "--list", "--json")[1])
    assert [one["id"] for one in listed["pictures"]] == DRAWN
