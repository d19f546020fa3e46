"""A small course and a workspace for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader.catalog import Course, Exercise, load_course
from llmex.grader.workspace import Workspace, create
from tests.workspace.ground import IDS, PROVIDED, STUB, put


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Three exercises in two modules; only the first has a provided stand-in."""
    root = tmp_path / "course"
    top = root / "exercises"
    modules = "".join(
        f"  - {{id: {m}, title: {{en: M}}, exercises: [{', '.join(e)}]}}\n" for m, e in IDS.items()
    )
    put(top / "course.yaml", f"schema: 1\ntitle: {{en: C}}\nmodules:\n{modules}")
    for module, ids in IDS.items():
        for name in ids:
            put(
                top / module / name / "exercise.yaml",
                f"id: {name}\nversion: 1\ntitle: T\nsummary: S\ndifficulty: 1\nminutes: 5\n"
                "uses: python\nchecks: [test_f]\n",
            )
            put(top / module / name / "stub.py", STUB.format(id=name))
            put(top / module / name / "notes.en.md", f"# {name}\n")
            put(top / module / name / "notes.zh.md", f"# {name} 笔记\n")
    put(top / "maths" / "first-one" / "provided.py", PROVIDED)
    return load_course(root)


@pytest.fixture
def ws(tmp_path: Path, course: Course) -> Workspace:
    """A workspace of that course."""
    return create(tmp_path / "ws", course=course.root, language="en")


@pytest.fixture
def first(ws: Workspace) -> Exercise:
    """The first exercise, its stub laid out."""
    exercise = ws.course.exercise("first-one")
    ws.start(exercise)
    return exercise
