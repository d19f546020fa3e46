"""A hostile answer that looks for canaries in all the memory and every place that it can reach."""

# It is sent as an answer's source, and run in the control: it imports nothing of ours.
# mypy: ignore-errors
# ruff: noqa: T201, SIM105
import ctypes
import gc
import os
import re
import sys

PATTERN = re.compile(rb"cana" + rb"ry-[0-9a-f]{24}")
PAGE = 4096
STEP = 1 << 20
FAULT = 14


FOUND = []


def answer(*_):
    """Print every canary that can be found, at the first call."""
    if not FOUND:
        FOUND.append(sorted(word.decode() for word in places() | memory()))
        print("scanned", *FOUND[0])
    return FOUND[0]


def places():
    """What arguments, environment, descriptors and files hold."""
    texts = [*sys.argv, *map("=".join, os.environ.items())]
    for name in ("cmdline", "environ", "maps", "fdinfo"):
        for who in ("self", os.getppid()):
            texts.append(read(f"/proc/{who}/{name}"))
    for number in range(3, 64):
        try:
            texts.append(os.pread(number, 1 << 16, 0).decode("latin-1"))
        except OSError:
            pass
    return set(PATTERN.findall("\n".join(texts).encode("latin-1", "replace")))


def read(path):
    """A file's text; nothing where it cannot be read."""
    try:
        with open(path, encoding="latin-1") as file:
            return file.read()
    except OSError:
        return ""


def memory():
    """What lies in the mapped memory around every object that the collector knows."""
    libc = ctypes.CDLL(None, use_errno=True)
    known = gc.get_objects()
    near = [id(known), id(PAGE), ctypes.addressof(ctypes.c_int())]
    near += map(id, known[:: max(1, len(known) // 3000)])
    near += [id(value) for one in known[::50] for value in gc.get_referents(one)]
    near.append(ctypes.c_void_p.in_dll(libc, "environ").value or 0)
    found, seen = set(), set()
    for address in sorted(near):
        start = address // STEP * STEP
        while start not in seen:
            seen.add(start)
            pages = readable(libc, start)
            found |= set(PATTERN.findall(b"".join(pages)))
            start += STEP if all(pages) else 0
    return found


def readable(libc, start):
    """The pages of one step, empty where none is: the system is asked first, by a call that reads
    there and says so if it cannot."""
    pages = []
    for page in range(start, start + STEP, PAGE):
        ctypes.set_errno(0)
        libc.access(ctypes.c_void_p(page), 0)
        pages.append(b"" if ctypes.get_errno() == FAULT else ctypes.string_at(page, PAGE))
    return pages
