"""A solution on a narrow terminal: nothing is cut, and it is still the same program."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from rich.cells import cell_len

from llmex.cli.fitting import fitted

ROOT = Path(__file__).parent.parent.parent
SOURCES = sorted(ROOT.glob("solutions/*/*/solution.py"))
LONG = '''"""What this is, in a sentence that is longer than the screen is wide."""


def f(x):
    y = [  # a comment behind a bracket, which goes above it
        x + 1,  # short
        x * 2,  # a comment in the middle of a list, which goes above it too
    ]
    name = "a text with # in it, which is no comment, and is not broken at all"
    # a comment of its own that is too long for the screen, and goes on below
    return y  # 两倍的数组，注释是中文的，也要放到上面去，因为屏幕太窄了放不下
'''


def same(source: str) -> str:
    """What the program does, without the white space in what its docstrings say."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = " ".join(str(node.value.value).split())
    return ast.dump(tree)


@pytest.mark.parametrize("room", [40, 60, 80])
def test_what_is_shown_is_the_same_program(room: int) -> None:
    """However narrow the screen, every solution of the course does what it did."""
    for source in (LONG, *(path.read_text("utf-8") for path in SOURCES)):
        assert same(fitted(source, room)) == same(source)


def test_comments_and_docstrings_fit() -> None:
    """Only lines of code that are too long themselves are wider than the screen."""
    wide = [line for line in fitted(LONG, 44).splitlines() if cell_len(line) > 44]
    assert wide == [line for line in LONG.splitlines() if line.startswith("    name")]


def test_what_fits_or_cannot_be_read_stays_as_it_is() -> None:
    """No line is touched where all fit, and none of a source that is no Python."""
    assert fitted(LONG, 100) == LONG
    broken = "def f(:\n    # a comment that is too long for twenty columns\n"
    assert fitted(broken, 20) == broken
