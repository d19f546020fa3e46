"""Progress survives full disks, held locks, two llmex at once and a kill at any moment."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmex.grader import progress_file, store
from llmex.grader.errors import LlmexError
from llmex.grader.progress import (
    Progress,
)
from llmex.grader.progress_file import load, render, update
from tests.progress.ground import CHILD, asides, passed


@pytest.mark.parametrize(
    ("number", "problem"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "The disk cannot be written to")],
)
def test_a_failed_write_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, problem: str
) -> None:
    """The error can be shown after the verdict; the file is the one before, and nothing is left."""
    good = update(path, lambda p: passed(p, "a"))

    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LlmexError, match=problem) as caught:
        update(path, lambda p: passed(p, "b"))
    monkeypatch.undo()
    assert caught.value.exit_code == 3
    assert load(path) == good
    assert [p.name for p in path.parent.iterdir() if "tmp" in p.name] == []


def test_a_power_cut_takes_nothing_that_was_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder are both on the disk: the file before it takes its name, the folder after."""
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def named(old: Path, new: Path) -> None:
        done.append("name")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", named)
    store.write_whole(path, b"whole")
    assert done == ["file", "name", "folder"]
    done.clear()
    store.write_new(path.parent / "new.py", b"new")
    assert done == ["file", "folder"]


def test_a_damaged_file_that_cannot_be_moved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file is never written over before it has been set aside."""
    good = update(path, lambda p: passed(p, "a"))
    path.write_text("[")

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "rename", refuse)
    assert load(path) == good
    with pytest.raises(LlmexError, match="could not be written"):
        update(path, lambda p: passed(p, "b"))
    assert path.read_text() == "["


def test_a_damaged_file_on_a_read_only_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be known is shown, with a notice; nothing is moved."""
    good = update(path, lambda p: passed(p, "a"))
    path.write_text("[")
    real = os.open

    def read_only(name: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(name, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", read_only)
    progress = load(path)
    assert progress == good
    assert progress.notice is not None
    assert "cannot be mended here" in progress.notice.english()
    assert path.read_text() == "["
    with pytest.raises(LlmexError, match="The disk cannot be written to"):
        update(path, lambda p: passed(p, "b"))


def test_a_lock_that_is_held(path: Path) -> None:
    """Who finds another llmex at work waits a while, then says so; reading goes on."""
    with store.locked(path.parent / ".llmex" / "lock"):
        begin = time.monotonic()
        with pytest.raises(LlmexError, match=r"Another llmex is at work in .*\nWait") as caught:
            update(path, lambda p: passed(p, "a"), wait=0.2)
        assert 0.2 <= time.monotonic() - begin < 5
        assert caught.value.exit_code == 3
        assert load(path) == Progress(language="en")
    assert update(path, lambda p: passed(p, "a"), wait=0.2).done("a")


def test_the_lock_is_free_after_an_error(path: Path) -> None:
    """A change that fails lets the lock go and writes nothing."""
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        update(path, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert path.read_bytes() == before
    assert update(path, lambda p: passed(p, "a"), wait=0.2).done("a")


@pytest.mark.parametrize("lacking", ["module", "system"])
def test_without_file_locks(path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    """Where Python or the disk has no locks, progress is recorded all the same."""

    def refuse(_handle: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    if lacking == "module":
        monkeypatch.setattr(store, "fcntl", None)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)
    assert update(path, lambda p: passed(p, "a")).done("a")
    assert load(path).done("a")


def run(path: Path, name: str, times: int) -> subprocess.Popen[str]:
    """Another process that records checks."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), name, str(times)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_at_once_lose_nothing(path: Path) -> None:
    """Three processes record 25 checks each; 75 are in the file."""
    children = [run(path, name, 25) for name in ("x", "y", "z")]
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    progress = load(path)
    assert progress.entry("shared").attempts == 75  # type: ignore[union-attr]
    for name in ("x", "y", "z"):
        assert progress.entry(name).hints_seen == 24  # type: ignore[union-attr]


def test_a_kill_at_any_moment_leaves_a_whole_file(path: Path) -> None:
    """Killed 30 times while it writes, the file is never damaged and never goes back."""
    draw = random.Random(20260131)
    attempts = 0
    for _ in range(30):
        child = run(path, "x", 10**6)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0.002, 0.03))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        progress = progress_file._parse(path.read_bytes(), path)
        entry = progress.entry("shared")
        assert entry is None or entry.attempts >= attempts
        attempts = 0 if entry is None else entry.attempts
    assert attempts >= 30
    assert update(path, lambda p: passed(p, "a"), wait=1).notice is None
    assert asides(path) == []
    assert [p.name for p in path.parent.iterdir() if "tmp" in p.name] == []


def test_a_write_in_place_would_be_caught(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the bytes and the rename leaves the old file: the order is what saves it."""

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    good = update(path, lambda p: passed(p, "a"))
    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        update(path, lambda p: passed(p, "b"))
    monkeypatch.undo()
    assert path.read_text() == render(good)
    assert update(path, lambda p: passed(p, "c"), wait=0.2).done("c")
