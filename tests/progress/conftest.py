"""A workspace's file and a small course for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader.catalog import Course, load_course
from llmex.grader.progress import (
    Progress,
)
from llmex.grader.progress_file import create


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A first progress.yaml."""
    create(tmp_path / "ws" / "progress.yaml", Progress(language="en"))
    return tmp_path / "ws" / "progress.yaml"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Five exercises; the spine takes three of them, and c was called old-c."""
    top = tmp_path / "course" / "exercises"
    top.mkdir(parents=True)
    (top / "course.yaml").write_text(
        "schema: 1\ntitle: {en: C}\nmodules:\n"
        "  - {id: m, title: {en: M}, exercises: [a, b, c, d, e]}\n"
        "tracks: {spine: {title: {en: S}, exercises: [b, d, a]}}\n"
    )
    for name in "abcde":
        (top / "m" / name).mkdir(parents=True)
        (top / "m" / name / "exercise.yaml").write_text(
            f"id: {name}\nversion: 1\ntitle: T\nsummary: S\ndifficulty: 1\nminutes: 5\n"
            f"uses: python\nchecks: [test_f]\naliases: [old-{name}]\n"
        )
    return load_course(tmp_path / "course")
