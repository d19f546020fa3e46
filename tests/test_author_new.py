"""A new exercise is laid out so that it runs, asks its questions, and changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader.author import syllabus
from llmex.grader.author.check import check
from llmex.grader.author.skeleton import new
from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError

MODULE = """\
schema: 1
title: {en: Ours, zh: 我们的}
modules:
"""
SYLLABI = {
    "flow": "  - id: basics   # the first\n    title: {en: B}\n    exercises: [one, two]  # ours\n",
    "flow over lines": "  - id: basics\n    title: {en: B}\n    exercises: [one,\n      two]\n",
    "block": "  - id: basics\n    exercises:\n      - one\n      - two  # 2\n    title: {en: B}\n",
    "not indented": "- id: basics\n  title: {en: B}\n  exercises: [one, two]\n",
    "tracks below": "  - id: basics\n    title: {en: B}\n    exercises: [one, two]\n\n"
    "# paths\ntracks:\n  spine: {title: {en: S}, exercises: [one]}\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LLMEX_ENGINE", "off")
    return tmp_path


def test_it_runs_as_it_is_but_for_the_questions(here: Path) -> None:
    """Nothing is wrong with a new exercise but that its author has not answered."""
    done = new(here, "basics", "row-shares")
    assert done.new_course
    course = load_course(here)
    checked = check(course, ["row-shares"])[0]
    assert checked.trouble is None
    assert checked.mistakes == 5
    texts = [str(error) for error in checked.findings]
    assert texts
    assert all("questions left" in text for text in texts), texts
    files = {str(error.problem.fields["file"]) for error in checked.findings}
    assert files == {str(path.relative_to(here)) for path in done.files}  # each asks something


def test_a_second_one_is_added(here: Path) -> None:
    """The course keeps what it had; the new ones come last, also in a new module."""
    new(here, "basics", "row-shares")
    new(here, "basics", "column-shares")
    new(here, "more_things", "last-one")
    assert load_course(here).ids == ("row-shares", "column-shares", "last-one")
    assert load_course(here).module("more_things").exercises == ("last-one",)


def test_a_course_in_english_gets_no_chinese(here: Path) -> None:
    """With `languages: [en]` no file of another language is laid out, and none is missed."""
    new(here, "basics", "row-shares")
    path = here / "exercises" / "course.yaml"
    path.write_text(path.read_text("utf-8").replace("[en, zh]", "[en]"), "utf-8")
    done = new(here, "basics", "column-shares")
    assert not [path for path in done.files if ".zh." in path.name]
    texts = [str(e) for e in check(load_course(here), ["column-shares"], whole=True)[1].findings]
    assert all("questions left" in text for text in texts), texts


@pytest.mark.parametrize(
    ("module", "exercise"),
    [("Basics", "x"), ("basics", "X y"), ("time", "x"), ("numpy", "x"), ("basics", "class")],
)
def test_names_that_cannot_be_used(here: Path, module: str, exercise: str) -> None:
    """A name that Python, the workspace or a library could not bear is refused, nothing is laid."""
    with pytest.raises(LlmexError) as caught:
        new(here, module, exercise)
    assert caught.value.exit_code == 2
    assert not list(here.iterdir())


def test_an_exercise_is_never_overwritten(here: Path) -> None:
    """Neither an id of the course nor a folder that is there is taken."""
    new(here, "basics", "row-shares")
    stub = here / "exercises" / "basics" / "row-shares" / "stub.py"
    stub.write_text("mine", "utf-8")
    with pytest.raises(LlmexError, match="already"):
        new(here, "basics", "row-shares")
    (here / "solutions" / "basics" / "other").mkdir(parents=True)
    (here / "solutions" / "basics" / "other" / "solution.py").write_text("mine", "utf-8")
    with pytest.raises(LlmexError, match="already"):
        new(here, "basics", "other")
    assert stub.read_text("utf-8") == "mine"
    assert load_course(here).ids == ("row-shares",)


@pytest.mark.parametrize("style", SYLLABI)
@pytest.mark.parametrize("module", ["basics", "another"])
def test_course_yaml_keeps_its_style(here: Path, style: str, module: str) -> None:
    """However course.yaml is written, one line changes or comes; comments stay."""
    text = MODULE + SYLLABI[style]
    added = syllabus.with_exercise(text, here / "course.yaml", module, "three")
    (here / "exercises").mkdir()
    (here / "exercises" / "course.yaml").write_text(added, "utf-8")
    course = load_course(here)
    assert course.ids == ("one", "two", "three")
    assert course.module_of["three"] == module
    assert text.count("#") == added.count("#")
    kept = set(text.splitlines()) - set(added.splitlines())
    assert len(kept) <= 1, kept


def test_a_course_yaml_that_cannot_be_added_to(here: Path) -> None:
    """Where the modules are on one line, the author is told what to write."""
    text = "schema: 1\ntitle: {en: O}\nmodules: [{id: basics, title: {en: B}, exercises: [one]}]\n"
    with pytest.raises(LlmexError, match="Add 'two' to the exercises of the module 'basics'"):
        syllabus.with_exercise(text, here / "course.yaml", "basics", "two")
