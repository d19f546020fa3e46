"""A workspace with a long check, and an engine of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.judging import WORLD
from tests.long_checks.ground import RIGHT, Run, call, command


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment with a home and an engine of its own, in English; the engine ends with it."""
    home = tmp_path_factory.mktemp("home")
    own = {"XDG_RUNTIME_DIR": str(home), "HOME": str(home), "LLMEX_LANG": "en"}
    others = ("LLMEX_ENGINE", "NO_COLOR", "COLUMNS")
    mine = {name: value for name, value in os.environ.items() if name not in others} | own
    yield mine
    subprocess.run(command("engine", "stop"), env=mine, check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A workspace in which `descent` is the current exercise, answered."""
    subprocess.run(
        command("init", "w", "--course", str(WORLD)), cwd=tmp_path, env=environment, check=True,
        capture_output=True,
    )  # fmt: skip
    (tmp_path / "w" / "small").mkdir()
    call(tmp_path / "w", environment, "next", "descent")
    (tmp_path / "w" / "small" / "descent.py").write_text(RIGHT)
    return tmp_path / "w"


@pytest.fixture
def run(folder: Path, environment: dict[str, str]) -> Run:
    """Run a command in the workspace: (exit code, standard output, errors)."""
    return lambda *arguments: call(folder, environment, *arguments)
