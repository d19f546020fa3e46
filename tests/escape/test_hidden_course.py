"""A course may lie where workers read, as among installed packages: it is hidden there too."""

from __future__ import annotations

import shutil
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.grader.catalog import Course, load_course
from llmex.grader.worker import landlock
from tests.judging import WORLD, judged, world_answer

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


@pytest.fixture
def course() -> Iterator[Course]:
    """The miniature course beside the packages that every worker may read."""
    packages = Path(sysconfig.get_path("purelib"))
    try:
        folder = Path(tempfile.mkdtemp(prefix="a-course-", dir=packages))
    except OSError:
        pytest.skip(f"{packages} cannot be written to")
    try:
        shutil.copytree(WORLD, folder, dirs_exist_ok=True)
        yield load_course(folder)
    finally:
        shutil.rmtree(folder)


def reading(path: Path) -> str:
    """A right answer that opens a file first."""
    return f"open({str(path)!r}).close()\n" + world_answer("double/passed")


@pytest.mark.parametrize("name", ["solutions/small/double/suite.py", "exercises/course.yaml"])
def test_a_course_among_the_packages_is_hidden(course: Course, name: str) -> None:
    """Beside it a file can be read, and of the course itself none."""
    assert (course.root / name).is_file()
    (course.root / "beside.txt").touch()
    beside = judged("double", reading(course.root / "beside.txt"), course).verdict
    assert beside.outcome == "passed", beside
    verdict = judged("double", reading(course.root / name), course).verdict
    assert verdict.outcome == "failed"
    assert verdict.problem is not None
    assert "PermissionError" in verdict.problem.english()
