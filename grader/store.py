"""Files that are whole or not there, written one llmex at a time, with every failure explained."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.errors import LlmexError
from llmex.grader.yaml_lines import shown

try:
    import fcntl
except ImportError:  # a platform without file locks: two llmex at once are then not told apart
    fcntl = None  # type: ignore[assignment]

WAIT_SECONDS = 10.0
PAUSE_SECONDS = 0.02
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_BLOCK = getattr(os, "O_NONBLOCK", 0)
_CLOSE = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` into `path` so that after a crash the file is the old one or the new one.

    A link is followed: the file behind it changes. Call it under `locked`. Raises LlmexError where
    the disk is full or cannot be written.
    """
    target = Path(os.path.realpath(path))
    temp = target.with_name(f".{target.name}.tmp")
    try:
        temp.unlink(missing_ok=True)
        _write_new(temp, data, _mode_of(target))
        os.replace(temp, target)
        sync_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
        raise unwritable(error, path) from None


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; FileExistsError if one is, even a dangling link.

    Raises LlmexError where the disk is full or cannot be written; then nothing is left behind.
    """
    try:
        _write_new(path, data, 0o666)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritable(error, path) from None


def _write_new(path: Path, data: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _CLOSE
    handle = os.open(path, flags, mode)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _mode_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0o666


def sync_folder(folder: Path) -> None:
    """Make a new or renamed entry of `folder` survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | _CLOSE)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(path: Path) -> None:
    """Make `path` and its parents; LlmexError where something else is in the way."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise LlmexError(
            "{path} cannot be a folder: something else has that name.",
            "Move it away, then run the command again.",
            path=shown(path),
        ) from None
    except OSError as error:
        raise unwritable(error, path) from None


def read_regular(
    path: Path, limit: int, *, below: Path | None = None, follow: bool = False
) -> bytes | None:
    """The bytes of a regular file, None where there is nothing; a link counts only with `follow`.

    With `below`, the folder between it and the file must not be a link either. Raises LlmexError
    for anything else than a readable regular file of at most `limit` bytes.
    """
    try:
        handle = _open(path, below, 0 if follow else _NO_FOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(error, path) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise _not_regular(path)
    with open(handle, "rb") as file:
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(error, path) from None
    if len(data) > limit:
        raise LlmexError(
            "{file} is too large: {size} bytes, at most {limit}.",
            "Take out what is not code, such as data, then run the command again.",
            file=shown(path),
            size=max(found.st_size, len(data)),
            limit=limit,
        )
    return data


def course_text(path: Path) -> str:
    """A text of the course; LlmexError where it is gone or is no UTF-8: llmex's own trouble."""
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        raise LlmexError(
            "The course's file {file} cannot be read.",
            "Install llmex again, or tell the author of the course.",
            exit_code=3,
            file=shown(path),
        ) from None


def _open(path: Path, below: Path | None, no_follow: int) -> int:
    flags = os.O_RDONLY | no_follow | _NO_BLOCK | _CLOSE
    if below is None or path.parent == below or os.open not in os.supports_dir_fd:
        return os.open(path, flags)
    folder = os.open(path.parent, flags | os.O_DIRECTORY)
    try:
        return os.open(path.name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def _unreadable(error: OSError, path: Path) -> LlmexError:
    if error.errno == errno.ENOTDIR:
        return LlmexError(
            "{folder} must be a folder, and no link to one.",
            "Move it away, then `llmex next` makes it anew.",
            folder=shown(path.parent),
        )
    if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV):
        return _not_regular(path)
    return LlmexError(
        "{file} cannot be read: {reason}.",
        "Give yourself the right to read it: `chmod u+r {file}`.",
        file=shown(path),
        reason=os.strerror(error.errno or 0),
    )


def _not_regular(path: Path) -> LlmexError:
    kinds = {
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
    }
    try:
        kind = kinds.get(stat.S_IFMT(path.lstat().st_mode), "a device")
    except OSError:
        kind = "no file"
    return LlmexError(
        "{file} is {kind}, and llmex reads ordinary files only.",
        "Move it away, then run the command again.",
        file=shown(path),
        kind=kind,
    )


def unwritable(error: OSError, path: Path) -> LlmexError:
    """What a failed write means for the person at the keyboard."""
    if error.errno in _FULL:
        return LlmexError(
            "The disk is full: {file} could not be written.",
            "Free some space, then run the command again; nothing was lost.",
            exit_code=3,
            file=shown(path),
        )
    if error.errno == errno.EROFS:
        return LlmexError(
            "The disk cannot be written to: {file} stays as it was.",
            "Copy the workspace to a disk that you may write to, and go on there.",
            exit_code=3,
            file=shown(path),
        )
    return LlmexError(
        "{file} could not be written: {reason}.",
        "Make {folder} a folder that you may write to, then run the command again.",
        exit_code=3,
        file=shown(path),
        folder=shown(path.parent),
        reason=os.strerror(error.errno or 0),
    )


@contextlib.contextmanager
def locked(path: Path, wait: float | None = None) -> Iterator[None]:
    """Hold the lock file `path`, so that no other llmex changes the same workspace.

    Waits at most `wait` seconds, then raises LlmexError. Where the system has no locks it goes on
    without.
    """
    make_folder(path.parent)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW | _CLOSE, 0o666)
    except OSError as error:
        raise unwritable(error, path) from None
    try:
        _take(handle, path, WAIT_SECONDS if wait is None else wait)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path, wait: float) -> None:
    if fcntl is None:
        return
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR):
                raise unwritable(error, path) from None
        if time.monotonic() >= end:
            raise LlmexError(
                "Another llmex is at work in {folder}.",
                "Wait until it ends, then run the command again.",
                exit_code=3,
                folder=shown(path.parent.parent),
            )
        time.sleep(PAUSE_SECONDS)


def dated(folder: Path, prefix: str, ending: str = "") -> Iterator[Path]:
    """Names in `folder` to try in turn: prefix, UTC time, ending; then the time with -2, -3, ..."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    yield folder / f"{prefix}{stamp}{ending}"
    for count in itertools.count(2):
        yield folder / f"{prefix}{stamp}-{count}{ending}"
