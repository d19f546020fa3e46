"""All problems of a course are found at once; mistakes are edits; reading costs little."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from llmex.grader.catalog import Course, json_schema, load_course, mistakes
from llmex.grader.errors import LlmexError
from llmex.grader.problems import problems
from tests.catalog.ground import (
    IDS,
    MISTAKES,
    SOLUTION,
    SUITE,
    add_exercise,
    change,
    metadata,
    put,
    syllabus,
)


def found(course: Course) -> str:
    """All problems as one text."""
    return "\n".join(str(error) for error in problems(course))


def test_folders_and_syllabus_agree(root: Path) -> None:
    """An exercise without a folder, a folder without an entry and a wrong module are found."""
    shutil.rmtree(root / "exercises" / "networks" / "layer-norm")
    add_exercise(root, "networks", "new-one")
    add_exercise(root, "basics", "log-softmax")
    text = found(load_course(root))
    assert "the exercise 'layer-norm' has no folder" in text
    assert "new-one is not in" in text
    assert "basics/log-softmax is not in" in text
    assert text.count("\n") == 5


def test_prerequisites_exist_and_come_before(root: Path) -> None:
    """Unknown needs, later needs and circles are found with their lines."""
    change(root, "array-basics", needs=["stable-softmax"])
    change(root, "stable-softmax", needs=["array-basics", "nothing"], recommends=["layer-norm"])
    change(root, "log-softmax", needs=["log-softmax"], recommends=["nowhere"])
    text = found(load_course(root))
    assert ":16:3: 'array-basics' needs 'stable-softmax', which comes later." in text
    assert ":17:3: 'nothing' in 'needs' is no exercise of this course." in text
    assert "'log-softmax' needs 'log-softmax', which comes later." in text
    assert "'nowhere' in 'recommends' is no exercise of this course." in text
    assert len(problems(load_course(root))) == 4


def test_old_ids_belong_to_one_exercise(root: Path) -> None:
    """An old id that is an id of today, or of two exercises, is found."""
    change(root, "array-basics", aliases=["old"])
    change(root, "stable-softmax", aliases=["old", "layer-norm"])
    text = found(load_course(root))
    assert "'old' is used in" in text
    assert "'layer-norm' is used in" in text
    assert len(problems(load_course(root))) == 2


def test_tracks_and_module_names(root: Path) -> None:
    """A track's unknown exercise and a module that hides a library are found."""
    shutil.move(root / "exercises" / "basics", root / "exercises" / "token")
    shutil.move(root / "solutions" / "basics", root / "solutions" / "token")
    spine = {"spine": {"title": {"en": "S"}, "exercises": ["nothing"]}}
    put(
        root / "exercises" / "course.yaml",
        syllabus({"token": IDS[:1], "networks": IDS[1:]}, tracks=spine),
    )
    text = found(load_course(root))
    assert "the module 'token' would hide Python's own" in text
    assert "the track 'spine' names 'nothing'" in text
    assert len(problems(load_course(root))) == 2


def test_suite_and_checks_agree(root: Path) -> None:
    """A listed check that is not in the suite, an unlisted test and a missing title are found."""
    change(root, checks=["test_one", "test_four"])
    put(root / "solutions" / "networks" / "stable-softmax" / "suite.py", SUITE)
    put(root / "solutions" / "networks" / "log-softmax" / "suite.py", "def test_one(:\n")
    text = found(load_course(root))
    assert "(-test_four, +test_two, +test_three)" in text
    assert "'test_three' has no docstring" in text
    assert "log-softmax/suite.py:1: this cannot be read as Python" in text
    change(root, checks=["test_two", "test_one", "test_three"])
    assert "(another order)" in found(load_course(root))


@pytest.fixture
def hidden(root: Path) -> Path:
    """The solution's folder of an exercise with mistakes."""
    folder = root / "solutions" / "networks" / "stable-softmax"
    put(folder / "mistakes.yaml", MISTAKES)
    put(folder / "mistakes" / "other.py", "f = None\n")
    return folder


def test_a_mistake_is_the_solution_edited(root: Path, hidden: Path) -> None:
    """Edits change the solution where they stand in it, in any order; a file is the whole."""
    course = load_course(root)
    no_one, other, twice = mistakes(course.exercise("stable-softmax"))
    assert no_one.source() == SOLUTION.replace("x + 1", "x")
    assert no_one.says == "One is not added."
    assert other.source() == (hidden / "mistakes" / "other.py").read_text()
    assert twice.source() == "def f(x):\n    y = x + 111111\n    return y * 2 * 1000000\n"
    assert mistakes(course.exercise("layer-norm")) == ()
    assert problems(course) == []


@pytest.mark.parametrize(
    ("find", "problem"),
    [
        ("nothing", ":2:10: 'nothing' occurs 0 times in solution.py, not once."),
        ("y", ":2:10: 'y' occurs 2 times in solution.py, not once."),
        ("", ":2:10: '' occurs 0 times"),
    ],
)
def test_an_edit_that_does_not_fit_is_named(
    root: Path, hidden: Path, find: str, problem: str
) -> None:
    """An edit must find its text exactly once; else its line is named."""
    put(
        hidden / "mistakes.yaml",
        MISTAKES.replace('"x + 1", replace: "x"', f'"{find}", replace: ""'),
    )
    course = load_course(root)
    with pytest.raises(LlmexError) as caught:
        mistakes(course.exercise("stable-softmax"))[0].source()
    assert problem in str(caught.value)
    assert problem in found(course)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("id: other", "id: no-one", ":4:7: the mistake 'no-one' stands in line 1 too."),
        ("  file: mistakes/other.py\n", "", ":4:7: the mistake 'other' needs either"),
        ("mistakes/other.py", "mistakes/gone.py", ":4:3: "),
        ('find: "y * 2"', 'find: "= x + 1\\n    return y"', ":10:7: this edit overlaps"),
        ("  says: One is not added.\n", "", ":1:3: the field 'says' is missing"),
    ],
)
def test_errors_of_mistakes(root: Path, hidden: Path, old: str, new: str, problem: str) -> None:
    """What is wrong with mistakes.yaml is named with its place."""
    assert old in MISTAKES
    put(hidden / "mistakes.yaml", MISTAKES.replace(old, new))
    course = load_course(root)
    assert f"mistakes.yaml{problem}" in found(course)
    with pytest.raises(LlmexError) as caught:
        tuple(mistake.source() for mistake in mistakes(course.exercise("stable-softmax")))
    assert problem in str(caught.value)


def test_the_exported_schema_says_the_same() -> None:
    """JSON Schema has every field, its type, its range and whether it must be there."""
    schema = json_schema("exercise")
    json.dumps(schema)
    fields = schema["properties"]
    assert set(schema["required"]) == set(metadata("x")) - {"hints"}
    assert fields["difficulty"]["minimum"] == 1
    assert fields["difficulty"]["maximum"] == 4
    assert fields["uses"]["enum"] == ["python", "numpy", "torch"]
    assert fields["checks"]["items"]["pattern"] == "^(?:test_[A-Za-z0-9_]+)$"
    assert fields["checks"]["minItems"] == 1
    assert fields["limits"]["properties"]["wall_s"]["default"] == 20
    assert fields["forbids"]["items"]["anyOf"][1]["required"] == ["in", "names"]
    assert schema["additionalProperties"] is False
    course = json_schema("course")
    module = course["properties"]["modules"]["items"]["properties"]
    assert module["title"]["required"] == ["en"]
    assert course["properties"]["tracks"]["additionalProperties"]["type"] == "object"


def test_reading_a_course_imports_nothing_heavy(root: Path) -> None:
    """Commands that do not judge wait for none of the big libraries."""
    code = (
        "import sys; from pathlib import Path; import llmex.grader.workspace as w;"
        "from llmex.grader.catalog import load_course; load_course(Path(sys.argv[1])).read_all();"
        "heavy = {'numpy', 'torch', 'pytest', 'typer', 'rich', 'pydantic', 'msgpack'};"
        "print(*heavy & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(root)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == ""
