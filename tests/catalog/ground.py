"""A small course to read, and how to change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError

SUITE = '''"""Checks."""


def test_one(learner):
    """Rows sum to one."""


def test_two(learner):
    """Equals the definition, for any
    number of rows.

    A second paragraph is for authors.
    """


def test_three(learner):
    pass
'''


SOLUTION = "def f(x):\n    y = x + 1\n    return y * 2\n"
MISTAKES = """\
- id: no-one
  edit: [{find: "x + 1", replace: "x"}]
  says: One is not added.
- id: other
  file: mistakes/other.py
  says: It is all wrong.
- id: twice
  says: Both at once.
  edit:
    - {find: "y * 2", replace: "y * 2 * 1000000"}
    - {find: "x + 1", replace: "x + 111111"}
"""


IDS = ("array-basics", "stable-softmax", "log-softmax", "layer-norm")


def metadata(exercise_id: str, **more: Any) -> dict[str, Any]:
    """An exercise.yaml with nothing wrong in it."""
    return {
        "id": exercise_id,
        "version": 1,
        "title": "A title",
        "summary": "One sentence.",
        "difficulty": 1,
        "minutes": 20,
        "uses": "numpy",
        "checks": ["test_one", "test_two"],
        "hints": ["What is asked?", "Look again.", "f(x)"],
        **more,
    }


def put(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def add_exercise(root: Path, module: str, exercise_id: str, **more: Any) -> Path:
    """An exercise with all its files; returns its public folder."""
    folder = root / "exercises" / module / exercise_id
    put(folder / "exercise.yaml", yaml.safe_dump(metadata(exercise_id, **more), sort_keys=False))
    put(folder / "stub.py", "def f(x):\n    raise NotImplementedError\n")
    put(folder / "notes.en.md", "# Notes\n")
    hidden = root / "solutions" / module / exercise_id
    put(hidden / "suite.py", SUITE.partition("\n\ndef test_three")[0] + "\n")
    put(hidden / "solution.py", SOLUTION)
    return folder


def syllabus(modules: dict[str, tuple[str, ...]], **more: Any) -> str:
    """The text of a course.yaml."""
    entries = [
        {"id": m, "title": {"en": m.title(), "zh": "模块"}, "exercises": list(ids)}
        for m, ids in modules.items()
    ]
    plain = {"schema": 1, "title": {"en": "A course", "zh": "课程"}, "modules": entries, **more}
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def change(root: Path, exercise_id: str = "stable-softmax", **more: Any) -> Path:
    """Write the exercise's metadata anew with other fields (None removes one)."""
    (folder,) = root.glob(f"exercises/*/{exercise_id}")
    plain = metadata(exercise_id) | more
    kept = {k: v for k, v in plain.items() if v is not None}
    return put(folder / "exercise.yaml", yaml.safe_dump(kept, sort_keys=False))


def refused(root: Path, exercise_id: str = "stable-softmax") -> LlmexError:
    """The error of an exercise that cannot be read."""
    with pytest.raises(LlmexError) as caught:
        load_course(root).exercise(exercise_id)
    return caught.value
