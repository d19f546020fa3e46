"""Bad metadata are refused with the file, the line, the column and the remedy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError
from tests.catalog.ground import IDS, change, put, refused, syllabus


@pytest.mark.parametrize(
    ("more", "where", "problem"),
    [
        ({"colour": "red"}, "15:1", "unknown field 'colour'"),
        ({"difficulty": 5}, "5:13", "'difficulty' is 5, out of its range"),
        ({"difficulty": "easy"}, "5:13", "'difficulty' must be a whole number, not 'easy'"),
        ({"difficulty": True}, "5:13", "'difficulty' must be a whole number, not true"),
        ({"minutes": 2.5}, "6:10", "'minutes' must be a whole number, not 2.5"),
        ({"title": 2024}, "3:8", "'title' must be a text, not 2024"),
        ({"title": "  "}, "3:8", "'title' must be a text that is not empty"),
        ({"title": None}, "1:1", "the field 'title' is missing"),
        ({"uses": "jax"}, "7:7", "'jax' is not one of python, numpy, torch"),
        ({"checks": []}, "8:9", "'checks' needs at least 1 entries"),
        ({"checks": "test_one"}, "8:9", "'checks' must be a list"),
        ({"checks": ["test_one", "softmax"]}, "10:3", "'softmax' does not fit 'checks'"),
        ({"checks": ["test_one", "test_one"]}, "10:3", "'test_one' stands twice in 'checks'"),
        ({"limits": {"cpu": 1}}, "16:3", "unknown field 'cpu'"),
        ({"limits": {"cpu_s": float("nan")}}, "16:10", "'cpu_s' is nan"),
        ({"limits": {"reply_mb": 64}}, "16:13", "'reply_mb' is 64"),
        ({"forbids": [{"in": "f"}]}, "16:3", "the field 'names' is missing"),
        ({"needs": ["Not_An_Id"]}, "16:3", "'Not_An_Id' does not fit 'needs'"),
        ({"long": ["test_x"]}, "16:3", "'test_x' in 'long' is no check of this exercise"),
        ({"own": True}, "15:6", "'own' says that it rests on others, but 'needs' names none"),
        ({"id": "other"}, "1:5", "the id is 'other' but the folder is 'stable-softmax'"),
    ],
)
def test_errors_name_line_and_column(root: Path, more: Any, where: str, problem: str) -> None:
    """Every slip in exercise.yaml is named with its place."""
    path = change(root, **more)
    error = refused(root)
    assert error.problem.english().startswith(f"{path}:{where}: {problem}"), error
    assert len(error.remedy.english()) > 10


def test_an_unknown_field_names_its_neighbour(root: Path) -> None:
    """The remedy for a misspelt field is the right one."""
    path = change(root)
    put(path, path.read_text().replace("difficulty", "dificulty"))
    assert refused(root).remedy.english() == "Did you mean 'difficulty'?"


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        ("id: a: b\n", ":1:6:", "a second colon"),
        ("id: x\n\ttitle: y\n", ":2:1:", ""),
        ("id: x\ntitle: @y\n", ":2:8:", "cannot begin with this character"),
        ("id: x\nhints: [a, b\n", ":3:1:", "not YAML"),
        ("id: x\ntitle: y\nid: z\n", ":3:1:", "the field 'id' stands here and in line 1"),
        ("id: &a x\ntitle: *a\nhints: &b [x]\nlong: *b\n", ":3:8:", "used twice"),
        ("id: !!python/object:os.system x\n", ":1:5:", "no plain value"),
        ("id: !thing {a: 1}\n", ":1:5:", "YAML tags"),
        ("? [a, b]\n: c\n", ":1:3:", "a field's name must be a text"),
        ("- a\n", ":1:1:", "must be a group of fields, not a list"),
        ("", ":1:1:", "must be a group of fields, not empty"),
        ("id: \x07\n", ":1:1:", "not YAML"),
        ("a: " + "[" * 2000, ":", "not YAML"),
        ("a: " + "[" * 400 + "]" * 400, "", "nested too deeply"),
    ],
)
def test_errors_of_yaml(root: Path, text: str, where: str, problem: str) -> None:
    """What is not plain YAML is refused with its place, and no YAML runs or blows up."""
    limit = sys.getrecursionlimit()
    path = put(root / "exercises" / "networks" / "stable-softmax" / "exercise.yaml", text)
    if "deeply" in problem:
        sys.setrecursionlimit(300)
    try:
        error = refused(root)
    finally:
        sys.setrecursionlimit(limit)
    assert error.problem.english().startswith(f"{path}{where}"), error
    assert problem in error.problem.english()


def test_a_line_that_is_not_utf8_is_named(root: Path) -> None:
    """The line of the first wrong byte is given."""
    path = root / "exercises" / "networks" / "stable-softmax" / "exercise.yaml"
    path.write_bytes(b"id: x\ntitle: caf\xe9\n")
    assert f"{path}:2: this line is not UTF-8." in str(refused(root))


def test_a_folder_in_the_place_of_a_file_is_named(root: Path) -> None:
    """What the system says is passed on with the file's name."""
    path = change(root)
    path.unlink()
    assert f"There is no file {path}." in str(refused(root))
    path.mkdir()
    assert f"{path} cannot be read: Is a directory." in str(refused(root))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "  en: A course\n  zh: 课程\n",
            "  [A course]\n",
            "'title' must be a group of fields, not a",
        ),
        ("  en: A course\n", "", "the field 'en' is missing"),
        ("  en: Networks\n", "  en: [x]\n", "'en' must be a text, not a list"),
        ("spine:", "spine: x\n  y:", "'spine' must be a group of fields, not 'x'"),
        ("id: basics", "id: Basics", "'Basics' does not fit 'id'"),
    ],
)
def test_errors_of_the_syllabus(root: Path, old: str, new: str, problem: str) -> None:
    """course.yaml is held to its schema like every other file."""
    path = root / "exercises" / "course.yaml"
    text = path.read_text("utf-8")
    assert old in text
    put(path, text.replace(old, new))
    with pytest.raises(LlmexError) as caught:
        load_course(root)
    assert problem in str(caught.value)


def test_true_and_false(root: Path) -> None:
    """A switch is true or false, not a word."""
    change(root, scratch=True, long=["test_two"])
    assert load_course(root).exercise("stable-softmax").scratch
    assert load_course(root).exercise("stable-softmax").long == ("test_two",)
    change(root, scratch="always")
    assert "'scratch' must be true or false, not 'always'" in str(refused(root))


def test_dates_and_quoted_words_stay_texts(root: Path) -> None:
    """A title that looks like a date is a title."""
    path = change(root)
    put(path, path.read_text().replace("A title", "2024-01-31").replace("One sentence.", '"no"'))
    exercise = load_course(root).exercise("stable-softmax")
    assert (exercise.title, exercise.summary) == ("2024-01-31", "no")


def test_a_broken_exercise_leaves_the_others(root: Path) -> None:
    """All others are read, and the broken one is one error."""
    path = change(root, difficulty=9)
    good, bad = load_course(root).read_all()
    assert [e.id for e in good] == ["array-basics", "log-softmax", "layer-norm"]
    assert len(bad) == 1
    assert str(path) in str(bad[0])


def test_a_course_of_a_newer_llmex_is_refused(root: Path) -> None:
    """The remedy is to bring llmex up to date, not to mend the file."""
    path = root / "exercises" / "course.yaml"
    put(path, path.read_text("utf-8").replace("schema: 1", "schema: 2\nfuture: 1"))
    with pytest.raises(LlmexError, match=r"newer llmex .schema 2.*\n.*pip install"):
        load_course(root)


def test_no_course(tmp_path: Path) -> None:
    """A folder without course.yaml is no course."""
    with pytest.raises(LlmexError, match=r"There is no course in .*\n.*course.yaml"):
        load_course(tmp_path)


def test_an_id_that_stands_twice_is_named_with_both_places(root: Path) -> None:
    """The second place is the error's, the first is in its words."""
    modules = {"basics": ("array-basics", "layer-norm"), "networks": IDS[1:]}
    path = put(root / "exercises" / "course.yaml", syllabus(modules))
    lines = path.read_text("utf-8").splitlines()
    first, second = (i + 1 for i, line in enumerate(lines) if "layer-norm" in line)
    with pytest.raises(LlmexError) as caught:
        load_course(root)
    assert f"{path}:{second}:5: 'layer-norm' stands here and in line {first}." in str(caught.value)
