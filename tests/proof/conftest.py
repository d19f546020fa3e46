"""A copy of the miniature course, with one exercise to prove."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llmex.grader.catalog import Course, Exercise, load_course
from tests.judging import WORLD


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The miniature course, to be changed."""
    for tree in ("exercises", "solutions"):
        shutil.copytree(WORLD / tree, tmp_path / tree)
    return tmp_path


@pytest.fixture
def course(root: Path) -> Course:
    """The course in it."""
    return load_course(root)


@pytest.fixture
def double(course: Course) -> Exercise:
    """Its first exercise."""
    return course.exercise("double")
