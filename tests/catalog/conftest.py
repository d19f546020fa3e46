"""A course in a folder of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalog.ground import IDS, add_exercise, put, syllabus


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A right course with two modules, four exercises and a track."""
    spine = {"spine": {"title": {"en": "The spine"}, "exercises": [IDS[1], IDS[0]]}}
    modules = {"basics": IDS[:1], "networks": IDS[1:]}
    put(tmp_path / "exercises" / "course.yaml", syllabus(modules, tracks=spine))
    for module, ids in modules.items():
        for exercise_id in ids:
            add_exercise(tmp_path, module, exercise_id)
    return tmp_path
