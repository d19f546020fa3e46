"""The screens of next, show, hint, solution and settings: as pictures, at every width, in words.

`LLMEX_SNAPSHOTS=write python -m pytest tests/test_learner_screens.py` writes the pictures anew.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.theme import Theme

from llmex.cli.screens import settings, solution, task
from llmex.cli.session import STYLES
from llmex.cli.words import LANGUAGES, Words
from llmex.grader.ways import Way

SNAPSHOTS = Path(__file__).parent / "snapshots"
WORLD = str(Path(__file__).parent / "world")
MODULE = {"en": "Attention", "zh": "注意力与 Transformer"}
NOTES = {
    "en": "# Scores\n\nA score is $q \\cdot k / \\sqrt{d}$; see `attention`.\n\n"
    "$$w_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}, \\qquad \\sum_i w_i = 1$$\n\n"
    "| $i$ | score | weight |\n|---|---|---|\n| 0 | 1 | 0.731 |\n| 1 | 0 | 0.269 |\n",
    "zh": "# 分数\n\n分数是 $q \\cdot k / \\sqrt{d}$；参见 `attention`。\n\n"
    "$$w_i = \\frac{e^{s_i}}{\\sum_j e^{s_j}}, \\qquad \\sum_i w_i = 1$$\n\n"
    "| $i$ | 分数 | 权重 |\n|---|---|---|\n| 0 | 1 | 0.731 |\n| 1 | 0 | 0.269 |\n",
}
HINTS = ("Which axis is summed?", "Keep the axis:\n```\nx.sum(axis, keepdims=True)\n```")
YOURS = "def f(x):\n    y = x + x\n    return y\n"
OURS = 'def f(x):\n    """Twice."""\n    return 2 * x\n'


def lesson(lang: str, plain: bool) -> RenderableType:
    """A task with short notes."""
    return task.lesson(Words(lang), _task(lang), NOTES[lang], plain=plain)


def _task(lang: str) -> task.Task:
    return task.Task(
        "scores", "Scores", "Weigh values.", MODULE[lang], 20, "torch", "attention/scores.py",
        "attention/scores.md", (8, 25), current=True,
    )  # fmt: skip


def _solution(
    page: Callable[..., RenderableType], cpu_ms: float | None, memory_mb: float | None
) -> Callable[[str, bool], RenderableType]:
    rows = [
        solution.Row("yours", "", 3, 2, cpu_ms, memory_mb),
        solution.Row("solution", "Twice.", 2, 1, cpu_ms, memory_mb),
        solution.Row("by-shifting", "One bit to the left.", 2, 1, None, None),
    ]
    way = Way("solution", OURS, "Twice.")
    return lambda lang, plain: page(
        Words(lang),
        solution.Shown("scores", MODULE[lang], way, True, YOURS, rows, "attention/scores.py"),
        plain=plain,
    )


PAGES: dict[str, Callable[[str, bool], RenderableType]] = {
    "lesson": lesson,
    "next-fresh": lambda lang, plain: task.now(Words(lang), _task(lang), fresh=True, plain=plain),
    "workspace": lambda lang, plain: task.made(Words(lang), "a b/c", here=False, plain=plain),
    "complete": lambda lang, plain: task.complete(Words(lang), plain=plain),
    "hint": lambda lang, plain: task.hint(
        Words(lang), "scores", MODULE[lang], HINTS[:1], 1, 2, "", plain=plain
    ),
    "hints": lambda lang, plain: task.hint(
        Words(lang), "scores", MODULE[lang], HINTS, 2, 2, " scores", plain=plain
    ),
    "solution": _solution(solution.solution, 1.2, 0.0),
    "difference": _solution(solution.difference, None, None),
    "settings": lambda lang, plain: settings.settings(
        Words(lang), {"language": lang, "track": "spine", "open": "never"}, changed=False,
        plain=plain,
    ),
}  # fmt: skip


def text(page: RenderableType, width: int = 80) -> str:
    """A screen of this width, without colours."""
    paper = io.StringIO()
    console = Console(
        file=paper, width=width, theme=Theme(STYLES), color_system=None, markup=False, emoji=False,
        highlight=False,
    )  # fmt: skip
    console.print(page, crop=False)
    return "\n".join(line.rstrip() for line in paper.getvalue().split("\n"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_screen_is_as_its_picture(name: str, lang: str) -> None:
    """Each screen is what its file in tests/snapshots shows, and leaves a line for the prompt."""
    path = SNAPSHOTS / f"{name}.{lang}.txt"
    shown = text(PAGES[name](lang, False))
    if os.environ.get("LLMEX_SNAPSHOTS") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    assert shown.count("\n") <= 23 or name in ("lesson", "solution")  # those are paged


@pytest.mark.parametrize("plain", [False, True], ids=["signs", "plain"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_width_is_enough(name: str, lang: str, plain: bool) -> None:
    """From 40 columns on no line is wider than the screen."""
    for width in (40, 47, 60, 80, 133):
        for line in text(PAGES[name](lang, plain), width).splitlines():
            assert cell_len(line) <= width, (width, line)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_plain_draws_nothing(name: str, lang: str) -> None:
    """What a screen reader gets has words in place of signs, and no lines drawn."""
    shown = text(PAGES[name](lang, True))
    assert not set(shown) & set("✓✗▸●○━┄│─•√∑ᵢⱼ")


@pytest.mark.parametrize(
    "line",
    ["--help", "next", "show double", "hint", "solution --give-up", "settings", "--complete ch"],
)
def test_closed_pipes_and_no_terminal(line: str, tmp_path: Path) -> None:
    """A reader who leaves hears nothing more; without any terminal a command does its work."""
    course = [] if "--complete" in line else ["--course", WORLD]
    command = [sys.executable, "-m", "llmex.cli.main"]
    mine = {"HOME": str(tmp_path), "TERM": "", "PAGER": "false", "PATH": os.environ["PATH"]}
    folder = tmp_path / "course"
    folder.mkdir()
    subprocess.run([*command, "next", "--course", WORLD], check=True, cwd=folder, env=mine)
    asked = [*command, *line.split(), *course]
    done = subprocess.run(
        asked, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, check=False,
        cwd=folder, env=mine,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        asked, check=False, stdout=write, stderr=subprocess.PIPE, cwd=folder, env=mine
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
