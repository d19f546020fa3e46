"""The solution beside one's own, other right ways, and what each of them costs."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.theme import Theme

from llmex.cli.main import main
from llmex.cli.screens import solution as screen
from llmex.cli.session import STYLES
from llmex.cli.words import Words
from llmex.grader.catalog import load_course
from llmex.grader.ways import SOLUTION, Size, Way, size, ways

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "tests" / "world"
Run = Callable[..., tuple[int, str, str]]
OWN = "def double(x):\n    return x + x\n\n\ndef double_all(xs):\n    return [2 * x for x in xs]\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in a workspace of the miniature course: (exit code, output, errors)."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LLMEX_ENGINE", "off")

    def run_(*arguments: str, course: Path = WORLD) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*arguments, "--course", str(course)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    run_("next", "double")
    return run_


def text(shown: screen.Shown, width: int, *, diff: bool = False) -> str:
    """The screen at this width."""
    paper = io.StringIO()
    console = Console(file=paper, width=width, theme=Theme(STYLES), color_system=None)
    page = screen.difference if diff else screen.solution
    console.print(page(Words("en"), shown, plain=False), crop=False)
    return paper.getvalue()


def sample(yours: str | None) -> screen.Shown:
    """A solution of two lines, and one's own."""
    way = Way(SOLUTION, "def f(x):\n    return 2 * x  # 两倍\n", "Twice.")
    rows = [screen.Row("yours", "", 3, 4), screen.Row(SOLUTION, "Twice.", 2, 1, 1.5, 0.0)]
    return screen.Shown("double", "Small", way, True, yours, rows, "small/double.py")


def test_both_stand_side_by_side_where_there_is_room() -> None:
    """Each line of ours begins in one column, below its head; too narrow, ours stands alone."""
    shown = sample("def f(x):\n    # 加倍\n    return x + x\n")
    lines = text(shown, 80).splitlines()
    first = next(line for line in lines if line.startswith("def f(x):"))
    column = first.index("def f", 1)
    assert lines[lines.index(first) - 1][column:] == "the reference solution"
    below = lines[lines.index(first) + 1]
    assert cell_len(below[: below.index("    return 2 * x")]) == column
    narrow = text(shown, 40)
    assert "x + x" not in narrow
    assert "\n    return 2 * x  # 两倍\n" in narrow


def test_a_long_line_of_code_is_never_broken() -> None:
    """What is shown can be copied, however narrow the screen is."""
    way = Way("long", f"x = [{', '.join(map(str, range(60)))}]\n", "")
    shown = screen.Shown("double", "Small", way, False, None, [], "")
    assert way.source in text(shown, 40)


def test_the_difference_is_a_patch() -> None:
    """--diff shows what to change of one's own, in the usual form; or that there is nothing."""
    shown = text(sample("def f(x):\n    return x + x\n"), 80, diff=True)
    assert "--- small/double.py\n+++ the reference solution\n" in shown
    assert "\n-    return x + x\n+    return 2 * x  # 两倍\n" in shown
    assert "no difference" in text(sample("def f(x):\n    return 2 * x  # 两倍\n"), 80, diff=True)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("", Size(0, 0)),
        ('"""Said."""\n\n# said\nx = 1\n', Size(1, 0)),
        ("def f(x):\n    '''a\n    b'''\n    return (x +\n            1)\n", Size(3, 1)),
        ("y = -f(x[0])\nz += not y\n", Size(2, 5)),
        ('s = """a\n# b\n"""\n', Size(3, 0)),
        ("def f(:\n", None),
        ("\0", None),
    ],
)
def test_size_counts_code_alone(source: str, found: Size | None) -> None:
    """Comments and docstrings are no lines of code; operators, calls and indexings are counted."""
    assert size(source) == found


def test_every_way_of_the_course_begins_with_a_sentence() -> None:
    """What `solution` says of each right way is its docstring: there is one, and it is short."""
    course = load_course(ROOT)
    for id_ in course.ids:
        exercise, _ = course.attempt(id_)
        for way in ways(exercise) if exercise else ():
            assert way.about, (id_, way.name)
            assert len(way.about) <= 200, (id_, way.name)
            assert size(way.source), (id_, way.name)


def test_solution_names_the_other_ways(run: Run) -> None:
    """Every right way is in the table; one is shown by a part of its name, or refused by name."""
    asked = ("solution", "bleu", "--give-up")
    found = json.loads(run(*asked, "--json", course=ROOT)[1])
    names = [way["name"] for way in found["ways"]]
    out = run(*asked, course=ROOT)[1]
    assert names[0] == "solution"
    assert len(names) > 2
    for name in names[1:]:
        assert f"   {name} " in out
        shown = json.loads(run(*asked, "--other", name[1:], "--json", course=ROOT)[1])
        assert shown["name"] == name
        assert shown["solution"] != found["solution"]
    code, _, err = run(*asked, "--other", "nonsense", course=ROOT)
    assert code == 2
    assert "llmex knows solution" in err


def test_the_other_ways_are_told_of_in_the_learners_language() -> None:
    """In Chinese, what `solution` says of another way is Chinese, for every way of the course."""
    course = load_course(ROOT)
    for id_ in course.ids:
        exercise, _ = course.attempt(id_)
        for way in ways(exercise, "zh")[1:] if exercise else ():
            assert re.search("[\u4e00-\u9fff]", way.about), (id_, way.name)
            assert cell_len(way.about) <= 120, (id_, way.name)


def test_another_way_is_introduced_where_its_source_is_in_another_language(run: Run) -> None:
    """`--other` in Chinese begins with what the way is; in English its source says so itself."""
    asked = ("solution", "bleu", "--give-up", "--other", "numpy")
    way = ways(load_course(ROOT).exercise("bleu"), "zh")[-1]
    shown = run(*asked, "--lang", "zh", course=ROOT)[1]
    assert way.about in shown[: shown.index('"""')]
    plain = run(*asked, "--lang", "en", course=ROOT)[1]
    assert plain.count("BLEU on count matrices") == 1


def test_there_must_be_something_to_compare_with(run: Run) -> None:
    """An untouched stub is nothing of the learner's."""
    code, _, err = run("solution", "--give-up", "--diff")
    assert code == 2
    assert "have not written double yet" in err
    assert "yours" not in run("solution", "--give-up")[1]


def test_costs_are_measured_side_by_side(run: Run) -> None:
    """--costs runs all ways on the checks: processor time for each that passes, none for others."""
    Path("small/double.py").write_text(OWN, "utf-8")
    found = json.loads(run("solution", "--give-up", "--costs", "--json")[1])
    assert all(way["cpu_ms"] > 0 and way["memory_mb"] >= 0 for way in found["ways"])
    assert [way["name"] for way in found["ways"]] == ["yours", "solution"]
    assert found["ways"][0]["lines"] == 4
    Path("small/double.py").write_text("def double(x):\n    return x\n", "utf-8")
    code, out, _ = run("solution", "--give-up", "--costs")
    assert code == 0
    assert "CPU ms" in out
    assert (
        next(line for line in out.splitlines() if line.startswith("   yours"))
        .rstrip()
        .endswith("-")
    )
