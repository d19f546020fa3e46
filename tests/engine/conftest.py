"""A folder of its own for every engine of these tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.grader.engine import warm
from llmex.grader.engine.warm import ask


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder of the test's own (the path of a socket is short); its engines end."""
    with tempfile.TemporaryDirectory(prefix="llmex-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setattr(f"{warm.__name__}.gettempdir", lambda: f"{folder}/none")
        monkeypatch.delenv("LLMEX_ENGINE", raising=False)
        yield Path(folder)
        monkeypatch.undo()
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        ask("stop")
