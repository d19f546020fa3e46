"""Every fault of tests/bad_course, planted in the document's exercise, is found and explained."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from llmex.grader.author import check as checking
from llmex.grader.author.check import LINES, check
from llmex.grader.author.finding import place_of
from llmex.grader.catalog import load_course
from llmex.grader.engine import Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from tests.authoring import DOCUMENT, write_example

FAULTS = yaml.safe_load((Path(__file__).parent / "bad_course" / "faults.yaml").read_text("utf-8"))
HALVES = {"P/": "exercises/training/smoothed-loss/", "H/": "solutions/training/smoothed-loss/"}
PLACE = re.compile(r"^[^:\n]+:\d+(:\d+)?: ")
PROBLEM = re.compile(r'"\{file\}:\{line\}(?::\{column\})?: (.+)"')  # as a finding begins
FIELD = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """One engine for all faults, which ends with them."""
    with PrivateEngine(LINES) as engine:
        yield engine


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Path:
    """The document's course in the current folder."""
    monkeypatch.chdir(write_example(tmp_path))
    monkeypatch.setattr(checking, "open_engine", lambda _: contextlib.nullcontext(engine))
    return tmp_path


def long(path: str) -> str:
    """A path of faults.yaml in full."""
    return HALVES.get(path[:2], path[:2]) + path[2:]


def plant(root: Path, fault: dict[str, Any]) -> None:
    """Make one fault."""
    if fault["file"] == "everywhere":
        for path in root.rglob("*.py"):
            path.write_text(path.read_text("utf-8").replace(fault["find"], fault["replace"]))
        return
    path = root / long(fault["file"])
    if fault.get("remove"):
        path.unlink()
    elif "copy" in fault:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((root / long(fault["copy"])).read_bytes())
    elif "cut" in fault:
        path.write_text(path.read_text("utf-8").partition(fault["cut"])[0], "utf-8")
    else:
        text = path.read_text("utf-8")
        assert text.count(fault["find"]) == 1, fault["find"]
        path.write_text(text.replace(fault["find"], fault["replace"]), "utf-8")


def findings(root: Path) -> Iterator[LlmexError]:
    """All that an author reads of the course."""
    try:
        course = load_course(root)
    except LlmexError as error:
        yield error
        return
    for one in check(course, course.ids, whole=True):
        assert one.trouble is None, one.trouble
        yield from one.findings


def test_the_document_s_exercise_is_clean(course: Path) -> None:
    """Without a fault there is nothing to say."""
    assert [str(error) for error in findings(course)] == []


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["name"].replace(" ", "-") for fault in FAULTS])
def test_each_fault_is_found_and_explained(course: Path, fault: dict[str, Any]) -> None:
    """The finding says what is wrong, in the right file and line, and how to mend it."""
    plant(course, fault)
    found = list(findings(course))
    told = [e for e in found if PLACE.sub("", str(e)).startswith(fault["says"])]
    assert told, [str(error) for error in found]
    file, line = place_of(told[0])
    assert file == long(fault.get("in", fault["file"]))
    if not fault.get("remove"):
        assert fault["at"] in (course / file).read_text("utf-8").splitlines()[line - 1]
    also = [e for e in found if "also" in fault and fault["also"] in str(e)]
    assert also or "also" not in fault, [str(error) for error in found]
    if fault.get("alone", True):
        rest = [str(e) for e in found if e not in told and e not in also]
        assert not rest, rest
    for error in found:
        assert place_of(error)[1] > 0, str(error)
        assert error.remedy.english(), str(error)


def test_the_ten_faults_of_an_author_are_among_them() -> None:
    """Stub that passes, mistake that passes, missing Chinese, wrong signature, flaky suite ..."""
    names = " | ".join(fault["name"] for fault in FAULTS)
    for words in (
        "stub passes", "mistake passes", "no Chinese", "wrong signature", "flaky", "bare assert",
        "hint with the solution's line", "unknown field", "duplicate id", "prints the solution",
    ):  # fmt: skip
        assert words in names, words


def test_no_finding_is_without_a_fault() -> None:
    """Whatever author check can say of a course is said in some test, in its own words."""
    here = Path(__file__).parent
    texts = [p.read_text("utf-8") for p in here.rglob("*") if p.suffix in (".py", ".yaml")]
    told = "\n".join([*texts, DOCUMENT.read_text("utf-8")])
    for path in sorted(Path(checking.__file__).parent.glob("*.py")):
        for problem in PROBLEM.findall(path.read_text("utf-8")):
            words = max(FIELD.split(problem), key=len).strip(" '")
            assert words in told, (path.name, problem)
