"""Landlock: which files a worker may still open. No privilege and no dependency (Linux 5.13).

The engine builds one ruleset, workers inherit its descriptor and enter it. Rules only ever add,
so a folder that holds something hidden is never granted whole: its other entries are, one by one.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_WRITE_FILE, _TRUNCATE, _REMOVE_FILE, _MAKE_REG = 1 << 1, 1 << 14, 1 << 5, 1 << 8
_FS_RIGHTS = (0, 13, 14, 15, 15, 16, 16, 16)  # how many rights each version of Landlock knows
_TCP = 0b11  # bind, connect; since version 4
_SCOPES = 0b11  # abstract sockets, signals; since version 6
_O_PATH = getattr(os, "O_PATH", 0)

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _RulesetAttr(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    if _LIBC is None:
        return 0
    return max(0, int(_LIBC.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)))


def ruleset(readable: Iterable[Path], hidden: Sequence[Path], scratch: Path | None = None) -> int:
    """The descriptor of a ruleset that grants reading below `readable`, around all of `hidden`.

    `scratch` is a folder in which files may be made, written and removed. Raises OSError where
    the kernel has no Landlock.
    """
    known = version()
    if not known or _LIBC is None:
        raise OSError("no Landlock")
    rights = _FS_RIGHTS[min(known, len(_FS_RIGHTS) - 1)]
    handled = (1 << rights) - 1
    attr = _RulesetAttr(handled, _TCP if known >= 4 else 0, _SCOPES if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    number = _call(_CREATE, ctypes.byref(attr), ctypes.c_size_t(size), 0)
    for path in readable:
        for part in around(path, hidden):
            _grant(number, part, _READ_FILE | _READ_DIR)
    _grant(number, Path(os.devnull), _READ_FILE | _WRITE_FILE)
    if scratch is not None:
        writing = _WRITE_FILE | _REMOVE_FILE | _MAKE_REG | (_TRUNCATE if rights > 14 else 0)
        _grant(number, scratch, _READ_FILE | _READ_DIR | writing)
    return number


def enter(number: int) -> None:
    """Restrict this thread, and all that it starts, to the ruleset. There is no way back.

    Python lists a folder of modules again when it has changed, and finds nothing where it may not:
    so whatever has changed is listed now.
    """
    importlib.util.find_spec("a_module_that_nobody_has")
    _call(_RESTRICT, number, 0)


def around(path: Path, hidden: Sequence[Path]) -> list[Path]:
    """`path` itself, or, where something hidden lies in it, all of its entries that hold none."""
    return [Path(part) for part in _around(os.fspath(path), [f"{one}/" for one in hidden])]


def _around(path: str, hidden: Sequence[str]) -> list[str]:
    path = os.path.realpath(path)
    inside = path.rstrip("/") + "/"
    if any(inside.startswith(one) for one in hidden) or not os.path.exists(path):
        return []
    if not any(one.startswith(inside) for one in hidden):
        return [path]
    with contextlib.suppress(OSError):
        entries = sorted(os.listdir(path))
        return [part for name in entries for part in _around(os.path.join(path, name), hidden)]
    return []


def interpreter_paths() -> list[Path]:
    """What Python itself needs to read: its library, installed packages, the system's libraries."""
    names = {sysconfig.get_path(key) for key in ("stdlib", "platstdlib", "purelib", "platlib")}
    names |= {sysconfig.get_config_var("LIBDIR") or "", *_imported_from()}
    names |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"}
    names |= {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/usr/share/zoneinfo"}
    names |= {"/proc/cpuinfo", "/sys/devices/system/cpu"}  # what torch asks before it multiplies
    return [Path(name) for name in sorted(names) if name and os.path.exists(name)]


def own_paths() -> list[Path]:
    """Where llmex itself lies: its package or checkout, its content, what pip wrote about it."""
    package = Path(__file__).resolve().parent.parent
    home = package.parent
    prefix = Path(os.path.realpath(sys.prefix))
    hidden = [package]
    with contextlib.suppress(OSError):  # all of it, but for an environment that lies inside
        hidden += [entry for entry in home.iterdir() if entry not in (prefix, *prefix.parents)]
    for folder in _imported_from():
        with contextlib.suppress(OSError):
            hidden += [entry for entry in Path(folder).iterdir() if "llmex" in entry.name]
    return [Path(os.path.realpath(path)) for path in (*hidden, *_other_copies())]


@functools.cache
def _other_copies() -> tuple[Path, ...]:
    """What other Pythons, or the one below a virtual environment, have installed of llmex."""
    places = [path for path in interpreter_paths() if path.is_dir()]
    patterns = ("*-packages/*llmex*", "python*/*-packages/*llmex*")
    return tuple(found for path in places for one in patterns for found in path.glob(one))


def _imported_from() -> list[str]:
    """The folders that modules are imported from in this process."""
    return [entry for entry in sys.path if os.path.isdir(entry)]


def _grant(number: int, path: Path, rights: int) -> None:
    if not path.is_dir():
        rights &= ~(_READ_DIR | _REMOVE_FILE | _MAKE_REG)
    try:
        parent = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        attr = _PathBeneathAttr(rights, parent)
        _call(_ADD, number, _PATH_BENEATH, ctypes.byref(attr), 0)
    finally:
        os.close(parent)


def _call(number: int, *arguments: object) -> int:
    assert _LIBC is not None
    result = int(_LIBC.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
