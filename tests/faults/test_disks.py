"""Disks that are full or read-only, and clocks that jump: nothing is lost, and it is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.ground import (
    EVERY,
    SHOWING,
    TELLING,
    WRITING,
    Run,
    clock_back,
    files,
    full,
    is_ours,
    is_said,
    read_only,
)  # fmt: skip

pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

Disk = Callable[[pytest.MonkeyPatch], None]
DISKS = pytest.mark.parametrize("disk", [full, read_only])


@DISKS
@pytest.mark.parametrize("command", WRITING)
def test_what_cannot_be_written_is_said(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, disk: Disk, command: str
) -> None:
    """A command that changes something ends in 3 with a way out, and every file is as it was."""
    before = files(root)
    disk(monkeypatch)
    code, out, err = run(*command.split())
    assert (code, out) == (3, "")
    assert is_said(err)
    assert {name: files(root)[name] for name in before} == before
    assert not [p for p in root.rglob("*") if p.name.endswith(".tmp")]


@DISKS
@pytest.mark.parametrize("command", [*SHOWING, "break double 1", "solution double --costs"])
def test_showing_needs_no_room(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, disk: Disk, command: str
) -> None:
    """A command that only shows works on any disk."""
    before = files(root)
    disk(monkeypatch)
    code, out, err = run(*command.split())
    assert (code, bool(out), "✗" in err) == (0, True, False)
    assert files(root) == before


@DISKS
@pytest.mark.parametrize("command", ["picture double", "check double", *TELLING])
def test_what_was_worked_out_is_shown(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, disk: Disk, command: str
) -> None:
    """What cannot be kept or noted, a verdict, a picture or a hint, is shown all the same; 3."""
    before = files(root)
    disk(monkeypatch)
    code, out, err = run(*command.split())
    assert code == 3
    assert "double" in out
    assert is_said(err)
    assert files(root) == before


@pytest.mark.parametrize("command", ["picture double", "settings open never", "reset double"])
def test_a_full_disk_in_json(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """With --json the trouble is one line, with its exit code."""
    full(monkeypatch)
    code, out, err = run(*command.split(), "--json")
    (line,) = out.splitlines()
    assert (code, json.loads(line)["exit_code"], err) == (3, 3, "")


@pytest.mark.parametrize("command", EVERY)
def test_a_clock_that_jumps_back(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """In 1970 every command does what it always does, and the first pass keeps its time."""
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setattr("llmex.cli.editor.can_open", lambda _: True)
    first = next(line for line in _progress(root) if "first_passed" in line)
    clock_back(monkeypatch)
    code, _, err = run(*command.split())
    assert code == 0
    assert not is_ours(err)
    assert first in _progress(root)


def test_copies_of_another_time_all_come_back(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies that a wrong clock has dated stand beside the others, each by its name."""
    mine = (root / "small" / "double.py").read_bytes()
    run("reset", "double")
    clock_back(monkeypatch)
    (root / "small" / "double.py").write_text("LATER = 1\n", "utf-8")
    run("reset", "double")
    monkeypatch.undo()
    monkeypatch.chdir(root)
    names = [copy["copy"] for copy in json.loads(run("restore", "double", "--json")[1])["copies"]]
    assert len(names) == 2
    assert names[-1].startswith("1970")
    assert run("restore", "double", names[0])[0] == 0
    assert (root / "small" / "double.py").read_bytes() == mine


def _progress(root: Path) -> list[str]:
    return (root / "progress.yaml").read_text("utf-8").splitlines()
