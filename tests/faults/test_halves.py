"""Workspaces that were copied half-way, or hold hostile things, and courses that are gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.ground import EVERY, HALVES, Run, cut_short, files, is_ours, is_said

pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

HIDDEN = ("break double", "break double 1", "solution double", "solution double --costs", "list")
BAD = ("\x1b[2J", "\x1b]0;", "\x07", "\u202e")


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("command", EVERY)
def test_a_workspace_that_is_not_whole(
    root: Path, run: Run, half: Callable[[Path], None], command: str
) -> None:
    """A command works, or says what is wrong and what to do; it never fails itself."""
    half(root)
    code, out, err = run(*command.split())
    assert code in (0, 2)
    assert code == 0 or is_said(err)
    assert not is_ours(out + err)
    assert not [bad for bad in BAD if bad in out + err]


@pytest.mark.parametrize("lost", ["progress.yaml", ".llmex"])
def test_either_half_of_the_progress_is_enough(root: Path, run: Run, lost: str) -> None:
    """Without progress.yaml its copy comes back, and without the copy progress.yaml is enough."""
    target = root / lost
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    run("next", "total")
    assert "status: passed" in (root / "progress.yaml").read_text("utf-8")


@pytest.mark.parametrize("command", ["status", "break nothing", "settings", "next"])
def test_a_repair_is_told_by_the_command_that_made_it(root: Path, run: Run, command: str) -> None:
    """Whatever is typed first after a damage tells of it, also where it ends in an error."""
    cut_short(root)
    assert "progress.yaml was damaged" in run(*command.split())[2]
    assert "progress.yaml was damaged" not in run(*command.split())[2]


@pytest.mark.parametrize("command", EVERY)
def test_a_course_that_is_gone(root: Path, run: Run, command: str) -> None:
    """Without its course a workspace stays as it is, and the line to correct is named."""
    shutil.rmtree(root.parent / "course")
    before = files(root)
    code, out, err = run(*command.split())
    assert is_said(err) or (command, code) == ("restore", 0)
    assert code in (0, 2)
    assert not is_ours(out + err)
    assert files(root) == before


@pytest.mark.parametrize("name", ["solution.py", "mistakes.yaml"])
@pytest.mark.parametrize("how", ["gone", "no text", "a folder"])
@pytest.mark.parametrize("command", HIDDEN)
def test_a_course_that_is_broken(root: Path, run: Run, name: str, how: str, command: str) -> None:
    """A file of the course that cannot be read is the course's trouble, named by its path."""
    path = root.parent / "course" / "solutions" / "small" / "double" / name
    path.unlink()
    if how == "no text":
        path.write_bytes(b"\xff\xfe\x00")
    elif how == "a folder":
        path.mkdir()
    code, out, err = run(*command.split())
    assert not is_ours(out + err)
    assert code in (0, 2, 3)
    assert code == 0 or is_said(err)


def test_a_track_that_is_gone_is_no_end(root: Path, run: Run) -> None:
    """A track that the course has no more is told of, kept on disk, and changed by `tracks`."""
    run("settings", "track", "full")
    path = root / "progress.yaml"
    path.write_text(path.read_text("utf-8").replace("track: full", "track: gone"), "utf-8")
    code, _, err = run("next")
    assert (code, "no track 'gone' any more" in err) == (0, True)
    assert "track: gone" in path.read_text("utf-8")
    assert run("tracks", "full")[0] == 0
    assert run("status")[2] == ""


def test_one_broken_exercise_stops_no_other(root: Path, run: Run) -> None:
    """What looks at the whole course passes an exercise over whose metadata is broken."""
    course = root.parent / "course" / "exercises" / "small"
    (course / "double" / "exercise.yaml").write_text("id: [\n", "utf-8")
    for command in ("status", "list", "picture --list", "tracks", "settings", "next total"):
        assert run(*command.split())[0] == 0, command


def test_answers_without_any_progress_become_a_workspace_again(root: Path, run: Run) -> None:
    """A folder with nothing but answers: `next` says what to type, and that brings them back."""
    (root / "progress.yaml").unlink()
    shutil.rmtree(root / ".llmex")
    before = files(root)
    course = ("--course", str(root.parent / "course"))
    code, _, err = run("next", *course)
    assert (code, "llmex init ." in err, is_said(err)) == (2, True, True)
    assert run("init", ".", *course)[0] == 0
    assert {name: files(root)[name] for name in before} == before
    assert run("check", "--all")[0] == 0
    assert "status: passed" in (root / "progress.yaml").read_text("utf-8")
    (root / "notes.txt").write_text("mine", "utf-8")
    (root / "progress.yaml").unlink()
    shutil.rmtree(root / ".llmex")
    assert run("init", ".", *course)[0] == 2
