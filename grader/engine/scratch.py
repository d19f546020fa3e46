"""Folders that answers may write to; they do not outlive their engine for long.

All folders of an engine lie in one that it keeps locked for its life. One that nobody has locked
was left by an engine that was killed: the next one that starts clears it away.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "llmex-scratch-"
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Scratch:
    """The scratch folders of one engine."""

    def __init__(self) -> None:
        self._home, self._lock = "", -1

    def folder(self) -> str:
        """A new folder; raises OSError where none can be made."""
        if not self._home:
            self._home, self._lock = _locked_home()
        return tempfile.mkdtemp(dir=self._home)

    def close(self) -> None:
        """Clear away what is left of it all."""
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)
            os.close(self._lock)
            self._home, self._lock = "", -1


def sweep() -> None:
    """Delete what engines of this user, now dead, have left in the folder for temporary files."""
    with contextlib.suppress(OSError):
        for found in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                _sweep(found)


def _sweep(folder: Path) -> None:
    if folder.lstat().st_uid != os.getuid():
        return
    number = os.open(folder, _FOLDER)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(number)


def _locked_home() -> tuple[str, int]:
    """A folder that exists and is ours: another engine may sweep it before we have locked it."""
    while True:
        home = tempfile.mkdtemp(prefix=_PREFIX)
        number = os.open(home, _FOLDER)
        fcntl.flock(number, fcntl.LOCK_EX)
        if os.path.isdir(home):
            return home, number
        os.close(number)
