"""What can happen to a workspace or its machine while a learner types a command."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
MINE = "def double(x):\n    return x + x\n\n\ndef double_all(xs):\n    return [x + x for x in xs]\n"
HOSTILE = "def double(x):\n    return '\x1b[2J\x1b]0;evil\x07\u202e[bold]'\n"
SHOWING = (
    "status", "list", "settings", "tracks", "restore", "data", "picture --list", "break double",
    "solution double --diff", "solution double --other solution", "show double --task",
)  # fmt: skip
WRITING = ("settings open never", "tracks full", "next scale", "reset double")
TELLING = ("hint double",)
JUDGING = ("break double 1", "picture double", "solution double --costs", "check double --quick")
OPENING = ("show double --open", "next double --open")
EVERY = (*SHOWING, *WRITING, *TELLING, *JUDGING, *OPENING)


def files(root: Path) -> dict[str, bytes]:
    """Every file of a workspace but its lock."""
    found = (p for p in root.rglob("*") if p.is_file() and p.name != "lock")
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def is_said(err: str) -> bool:
    """Whether an error is a problem and a remedy, and no failure of llmex's own."""
    told = err[err.index("✗ ") :] if "✗ " in err else ""
    problem, _, remedy = told.partition("\n  ")
    return bool(problem.strip() and remedy.strip()) and not is_ours(err)


def is_ours(text: str) -> bool:
    """Whether llmex itself failed."""
    return "Traceback" in text or "llmex itself failed" in text


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """No byte more goes to the disk."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk may be read and not written."""
    real = os.open

    def only_read(path: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and "/dev/" not in str(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", only_read)


def clock_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 1970 again."""
    monkeypatch.setattr(time, "gmtime", lambda *_: time.struct_time((1970, 1, 2, 0, 0, 0, 4, 2, 0)))
    monkeypatch.setattr(time, "time", lambda: 86400.0)


def no_progress(root: Path) -> None:
    """progress.yaml did not come along."""
    (root / "progress.yaml").unlink()


def no_hidden(root: Path) -> None:
    """The hidden folder did not come along."""
    shutil.rmtree(root / ".llmex")


def no_answers(root: Path) -> None:
    """The learner's folder did not come along."""
    shutil.rmtree(root / "small")


def cut_short(root: Path) -> None:
    """Every visible file ends in its middle."""
    for path in (root / "progress.yaml", *(root / "small").iterdir()):
        path.write_bytes(path.read_bytes()[:40])


def hidden_is_a_file(root: Path) -> None:
    """A file has the name of the hidden folder."""
    shutil.rmtree(root / ".llmex")
    (root / ".llmex").write_text("?", "utf-8")


def hostile(root: Path) -> None:
    """The answer holds codes for the terminal, its notes too, and a copy has a strange name."""
    (root / "small" / "double.py").write_text(HOSTILE, "utf-8")
    (root / "small" / "double.md").write_text(HOSTILE, "utf-8")
    copies = root / ".llmex" / "backups" / "small"
    copies.mkdir(parents=True)
    (copies / "\x1b[2Jd\u202e.20260101T000000Z.py").write_text(MINE, "utf-8")


def not_utf8(root: Path) -> None:
    """The answer is no text."""
    (root / "small" / "double.py").write_bytes(b"\xff\xfe\x00")


def a_pipe(root: Path) -> None:
    """A pipe lies where the answer should."""
    (root / "small" / "double.py").unlink()
    os.mkfifo(root / "small" / "double.py")


def no_such_track(root: Path) -> None:
    """The course has the track of this workspace no more."""
    path = root / "progress.yaml"
    path.write_text(path.read_text("utf-8").replace("version: 1\n", "version: 1\ntrack: gone\n", 1))


HALVES = (
    no_progress, no_hidden, no_answers, cut_short, hidden_is_a_file, hostile, not_utf8, a_pipe,
    no_such_track,
)  # fmt: skip
