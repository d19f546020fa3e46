"""What the tests of the workspace write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

STUB = '''"""Write {id}."""

# TODO
def f(x):
    """One more, and this is a docstring."""
    raise NotImplementedError
'''


MINE = "def f(x):\n    return x + 1\n"
PROVIDED = "def f(x):\n    return x + 1  # the library's\n"


IDS = {"maths": ["first-one", "second-one"], "gpt": ["third-one"]}


def put(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder that is not hidden."""
    found = sorted(p for p in root.rglob("*") if p.is_file() and ".llmex" not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def fail_open(monkeypatch: pytest.MonkeyPatch, number: int, name: str = "first_one") -> None:
    """Let the system refuse to open files whose name holds `name`."""
    real = os.open

    def refuse(path: object, *args: object, **kwargs: object) -> int:
        if name in str(path):
            raise OSError(number, os.strerror(number))
        return real(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
