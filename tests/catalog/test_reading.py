"""A course is read completely: its order, its tracks, its exercises and their words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llmex.grader import catalog
from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError
from llmex.grader.problems import problems
from tests.catalog.ground import IDS, SOLUTION, change, put, syllabus


def test_a_course_is_in_order(root: Path) -> None:
    """Modules, exercises and tracks come in the order of course.yaml."""
    course = load_course(root)
    assert course.ids == IDS
    assert [m.id for m in course.modules] == ["basics", "networks"]
    assert course.module_of["log-softmax"] == "networks"
    assert course.title_in("zh") == "课程"
    assert course.title_in("fr") == "A course"
    assert course.solutions == root.resolve() / "solutions"
    assert problems(course) == []


def test_tracks(root: Path) -> None:
    """The spine is the default track, `full` is everything, and another name is refused."""
    course = load_course(root)
    assert course.track() == course.track("spine") == (IDS[1], IDS[0])
    assert course.track("full") == IDS
    with pytest.raises(LlmexError, match=r"no track 'maths'.*\n.*spine, full"):
        course.track("maths")


def test_without_a_spine_the_default_is_everything(root: Path) -> None:
    """A course need not have tracks."""
    put(root / "exercises" / "course.yaml", syllabus({"basics": IDS[:1], "networks": IDS[1:]}))
    assert load_course(root).track() == IDS


def test_the_built_in_course_lies_beside_the_package(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder, the course beside the package is read, wherever that is."""
    assert (catalog.BUILT_IN / "grader" / "catalog.py").is_file()
    monkeypatch.setattr(catalog, "BUILT_IN", root.resolve())
    assert load_course().ids == IDS
    assert load_course().is_built_in


def test_an_exercise_knows_its_fields_and_files(root: Path) -> None:
    """Defaults fill what exercise.yaml leaves out, and every path is where the files are."""
    forbids = ["torch.softmax", {"in": "f", "names": ["torch.exp", "torch.log"]}]
    change(root, uses="torch", forbids=forbids, limits={"cpu_s": 2.5}, needs=["array-basics"])
    course = load_course(root)
    exercise = course.exercise("stable-softmax")
    assert exercise is course.exercise("stable-softmax")
    assert (exercise.uses, exercise.needs, exercise.scratch) == ("torch", ("array-basics",), False)
    assert exercise.forbidden == {"": ("torch.softmax",), "f": ("torch.exp", "torch.log")}
    limits = exercise.limits
    assert (limits.cpu_s, limits.wall_s, limits.memory_mb) == (2.5, 20, 1024)
    assert (limits.output_kb, limits.reply_mb) == (64, 32)
    assert exercise.module_name == "networks.stable_softmax"
    assert exercise.file_name == "networks/stable_softmax.py"
    assert exercise.stub_path.is_file()
    assert exercise.suite_path.is_file()
    assert exercise.solution_path.read_text() == SOLUTION
    assert exercise.provided_path is None
    assert exercise.stage_path is None
    provided = put(exercise.folder / "provided.py", "")
    assert exercise.provided_path == provided


def test_words_come_in_the_learners_language(root: Path) -> None:
    """Overlays give titles, hints and causes in a language; what they leave out is English."""
    folder = root / "exercises" / "networks" / "stable-softmax"
    put(folder / "notes.zh.md", "# 笔记\n")
    put(
        folder / "overlay.zh.yaml",
        "title: 标题\nchecks: {test_one: 每行和为一}\nhints: [问题是什么？]\n",
    )
    hidden = root / "solutions" / "networks" / "stable-softmax"
    put(
        hidden / "overlay.zh.yaml",
        "mistakes: {no-one: 没有加一}\nwhys: {'key {key}': '键 {key}'}\n"
        "alternatives: {by_rows: 一行一行地算}\n",
    )
    exercise = load_course(root).exercise("stable-softmax")
    assert exercise.title_in("zh") == "标题"
    assert exercise.title_in("en") == exercise.title_in("fr") == "A title"
    assert exercise.summary_in("zh") == "One sentence."
    assert exercise.hints_in("zh") == ("问题是什么？", "Look again.", "f(x)")
    assert exercise.notes_path("zh").name == "notes.zh.md"
    assert exercise.notes_path("fr").name == "notes.en.md"
    assert exercise.check_titles("zh") == {
        "test_one": "每行和为一",
        "test_two": "Equals the definition, for any number of rows.",
    }
    assert exercise.mistake_says("no-one", "zh", "One is not added.") == "没有加一"
    assert exercise.mistake_says("other", "zh", "All wrong.") == "All wrong."
    assert exercise.why_in("key {key}", "zh") == "键 {key}"
    assert exercise.why_in("query {q}", "zh") == "query {q}"
    assert exercise.alternative_says("by_rows", "zh", "Row by row.") == "一行一行地算"
    assert exercise.alternative_says("by_rows", "en", "Row by row.") == "Row by row."


def test_a_broken_overlay_is_english_for_learners_and_an_error_for_authors(root: Path) -> None:
    """A slip of a translator stops nobody from learning, and is found."""
    overlay = root / "exercises" / "networks" / "stable-softmax" / "overlay.zh.yaml"
    put(overlay, "title: [oops\n")
    course = load_course(root)
    assert course.exercise("stable-softmax").title_in("zh") == "A title"
    assert "overlay.zh.yaml" in str(problems(course)[0])
    put(overlay, "checks: {test_four: 四}\nhints: [一]\n")
    found = [str(e) for e in problems(load_course(root))]
    assert "overlay.zh.yaml:1:10: 'test_four' is no check" in found[0]
    assert "1 hints here, 3 in exercise.yaml" in found[1]


def test_titles_without_a_suite_are_names_in_words(root: Path) -> None:
    """A course without solutions can be read, and says so when a suite is asked for."""
    shutil.rmtree(root / "solutions")
    course = load_course(root)
    exercise = course.exercise("stable-softmax")
    assert course.solutions is None
    assert exercise.check_titles("en") == {"test_one": "One", "test_two": "Two"}
    with pytest.raises(LlmexError, match="no solutions") as caught:
        _ = exercise.suite_path
    assert caught.value.exit_code == 3
    assert problems(course) == []
