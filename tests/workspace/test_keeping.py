"""Reset keeps copies, restore brings them back, and a failing disk loses nothing."""

from __future__ import annotations

import dataclasses
import errno
import functools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.workspace import Workspace
from tests.workspace.ground import MINE, fail_open, files, put


def test_reset_keeps_a_copy_that_restore_brings_back(ws: Workspace, first: Exercise) -> None:
    """No step loses the learner's text: each is a copy that can come back."""
    put(ws.path(first), MINE)
    kept = ws.reset(first)
    assert kept is not None
    assert kept.path.read_text() == MINE
    assert kept.path.is_relative_to(ws.root / ".llmex" / "backups")
    assert not ws.answer(first).started
    assert ws.backups(first) == (kept,)
    assert ws.backups(ws.course.exercise("second-one")) == ()
    put(ws.path(first), "second try\n")
    replaced = ws.restore(kept)
    assert ws.path(first).read_text() == MINE
    assert replaced is not None
    assert replaced.path.read_text() == "second try\n"
    assert kept.path.read_text() == MINE


def test_a_linked_module_folder_is_not_reset(ws: Workspace, first: Exercise) -> None:
    """What lies outside of the workspace is neither read nor written."""
    put(ws.path(first), MINE)
    (ws.root / "maths").rename(ws.root.parent / "outside")
    (ws.root / "maths").symlink_to(ws.root.parent / "outside")
    with pytest.raises(LlmexError, match="maths must be a folder, and no link to one"):
        ws.reset(first)
    assert (ws.root.parent / "outside" / ws.path(first).name).read_text() == MINE
    assert ws.backups() == ()


def test_an_untouched_stub_needs_no_copy(ws: Workspace, first: Exercise) -> None:
    """Reset of what is the stub already changes nothing."""
    assert ws.reset(first) is None
    assert ws.backups() == ()


def test_copies_of_one_second_do_not_collide(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve resets within a second are twelve copies, newest first."""
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 4, 2, 0)))
    for number in range(12):
        put(ws.path(first), f"try {number}\n")
        ws.reset(first)
    texts = [backup.path.read_text() for backup in ws.backups()]
    assert texts == [f"try {number}\n" for number in reversed(range(12))]
    assert ws.backups()[0].time == "20260102T030405Z-12"


def test_restore_after_the_file_is_gone(ws: Workspace, first: Exercise) -> None:
    """A deleted folder is made anew."""
    put(ws.path(first), MINE)
    kept = ws.reset(first)
    assert kept is not None
    for path in (ws.root / "maths").iterdir():
        path.unlink()
    (ws.root / "maths").rmdir()
    assert ws.restore(kept) is None
    assert ws.path(first).read_text() == MINE
    ws.path(first).unlink()
    (ws.root / "maths").rmdir()
    assert ws.reset(first) is None
    assert (ws.root / "maths" / "__init__.py").is_file()
    kept.path.unlink()
    with pytest.raises(LlmexError, match=r"The copy .* is gone"):
        ws.restore(kept)


def test_mode_bits_survive(ws: Workspace, first: Exercise) -> None:
    """Reset and restore leave the file's mode as it was."""
    put(ws.path(first), MINE)
    ws.path(first).chmod(0o640)
    ws.reset(first)
    assert ws.path(first).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("number", "problem", "remedy"),
    [
        (errno.ENOSPC, "The disk is full", "Free some space"),
        (errno.EDQUOT, "The disk is full", "Free some space"),
        (errno.EROFS, "The disk cannot be written to", "Copy the workspace"),
        (errno.EACCES, "could not be written: Permission denied", "may write to"),
    ],
)
def test_a_disk_that_cannot_be_written(
    ws: Workspace,
    first: Exercise,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    problem: str,
    remedy: str,
) -> None:
    """Each failure has its own words, exit code 3, and leaves the learner's file as it was."""
    put(ws.path(first), MINE)
    before = files(ws.root)

    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    for act in (ws.reset, lambda _: ws.start(ws.course.exercise("third-one"))):
        with pytest.raises(LlmexError, match=f"{problem}.*\n.*{remedy}") as caught:
            act(first)
        assert caught.value.exit_code == 3
    monkeypatch.undo()
    assert files(ws.root) == before
    assert ws.backups() == ()
    assert not list(ws.root.rglob("*.tmp"))


def test_a_failed_copy_stops_the_reset(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stub is only put back once the copy is safe."""
    put(ws.path(first), MINE)
    fail_open(monkeypatch, errno.ENOSPC, "first_one.2")
    with pytest.raises(LlmexError, match="The disk is full"):
        ws.reset(first)
    assert ws.path(first).read_text() == MINE


def test_a_refused_rename_leaves_nothing_behind(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last step fails, the file is as it was and the half-written one is gone."""
    put(ws.path(first), MINE)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(LlmexError, match="could not be written: Operation not permitted"):
        ws.reset(first)
    assert ws.path(first).read_text() == MINE
    assert not list(ws.root.rglob("*.tmp"))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc")
def test_no_file_is_left_open(ws: Workspace, first: Exercise) -> None:
    """A watcher may ask a thousand times: reading, refusing and writing leave no file open."""
    put(ws.root / "maths" / "second_one.py" / "x", "")
    before = len(os.listdir("/proc/self/fd"))
    for number in range(5):
        ws.answer(first)
        put(ws.path(first), str(number))
        ws.reset(first)
        ws.update(functools.partial(dataclasses.replace, track=str(number)))
        with pytest.raises(LlmexError):
            ws.answer(ws.course.exercise("second-one"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_an_exercise_without_notes(ws: Workspace, course: Course) -> None:
    """A course may lack notes; the stub comes all the same."""
    exercise = course.exercise("first-one")
    for lang in ("en", "zh"):
        (exercise.folder / f"notes.{lang}.md").unlink()
    laid = ws.start(exercise)
    assert laid.created
    assert not laid.notes.exists()


def test_a_course_file_that_is_gone(ws: Workspace, course: Course) -> None:
    """A stub that the course has lost is llmex's trouble, not the learner's."""
    course.exercise("first-one").stub_path.unlink()
    with pytest.raises(LlmexError, match=r"The course's file .*stub.py cannot be read") as caught:
        ws.start(course.exercise("first-one"))
    assert caught.value.exit_code == 3


def test_the_workspace_is_importable(ws: Workspace, first: Exercise) -> None:
    """`python -m maths.second_one` from the workspace finds the earlier answer."""
    put(ws.path(first), MINE)
    put(ws.path(ws.course.exercise("second-one")), "from maths.first_one import f\nprint(f(1))\n")
    run = subprocess.run(
        [sys.executable, "-m", "maths.second_one"],
        cwd=ws.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == "2\n"
