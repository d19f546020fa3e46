"""Suites that break one rule of good suites each are caught by author check, at the line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.grader.author import check as checking
from llmex.grader.author.check import LINES, check
from llmex.grader.author.deep import deep
from llmex.grader.author.finding import place_of
from llmex.grader.catalog import Course, load_course
from llmex.grader.engine import Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from tests.authoring import DOCUMENT
from tests.judging import WORLD
from tests.miniature import lay_out

SUITES = sorted((WORLD / "bad_suites").glob("*.py"))
HEAD = re.compile(r"^# (says|check): ?(.*)$", re.MULTILINE)
AT = re.compile(r"  # <- here$", re.MULTILINE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """One engine for all suites."""
    with PrivateEngine(LINES) as engine:
        yield engine


def course_of(path: Path, root: Path) -> Course:
    """A course with the one exercise of the bad suites, judged by this suite."""
    solution = path.with_name("solution.txt").read_text("utf-8")
    mistakes = path.with_name("mistakes.txt").read_text("utf-8")
    text = path.read_text("utf-8")
    lay_out(root, AT.sub("", text), solution, mistakes=mistakes)
    if "learner.stage" in text:
        stage = path.with_name("stage.txt").read_text("utf-8")
        (root / "exercises/small/made/stage.py").write_text(stage, "utf-8")
    return load_course(root)


def findings(course: Course, deeply: bool) -> list[LlmexError]:
    """All that an author reads of the exercise."""
    if deeply:
        (proved,) = deep(course, ["made"], seeds=1)
        assert proved.trouble is None
        return list(proved.findings)
    (checked,) = check(course, ["made"])
    assert checked.trouble is None
    return list(checked.findings)


def in_the_suite(found: list[LlmexError]) -> list[str]:
    """The findings that are not about what this exercise lacks: Chinese, notes, alternatives."""
    lacks = ("exercise.yaml", "overlay.", "notes.", "alternatives", "stub.py")
    return [str(e) for e in found if not any(word in place_of(e)[0] for word in lacks)]


@pytest.mark.parametrize("path", SUITES, ids=[path.stem for path in SUITES])
def test_a_bad_suite_is_caught(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    """The rule that it breaks is told, at its line where it has one; a good suite breaks none."""
    monkeypatch.setattr(checking, "open_engine", lambda _: contextlib.nullcontext(engine))
    monkeypatch.chdir(tmp_path)
    text = path.read_text("utf-8")
    head = dict(HEAD.findall(text))
    found = findings(course_of(path, tmp_path), head["check"] == "deep")
    if path.stem == "good":
        assert in_the_suite(found) == [], in_the_suite(found)
        return
    told = [error for error in found if head["says"] in error.problem.english()]
    assert told, [str(error) for error in found]
    lines = [n for n, line in enumerate(text.splitlines(), 1) if AT.search(line)]
    assert all(place_of(error)[1] in lines for error in told if lines)


def test_the_document_says_what_holds_each_rule() -> None:
    """Every bad suite stands in the authors' document, beside the rule that it breaks."""
    text = DOCUMENT.read_text("utf-8")
    assert [path.stem for path in SUITES if f"`{path.stem}`" not in text] == ["good"]
