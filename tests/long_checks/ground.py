"""How the tests of long checks run llmex."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.judging import world_solution

RIGHT, DOUBLE = world_solution("descent"), world_solution("double")


Run = Callable[..., tuple[int, str, str]]


def command(*arguments: str) -> list[str]:
    """A command of ours as a process takes it."""
    return [sys.executable, "-m", "llmex.cli.main", *arguments]


def call(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in a folder."""
    done = subprocess.run(
        command(*arguments), cwd=folder, env=environment, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def entry(run: Run, exercise: str) -> dict[str, Any]:
    """What is recorded of an exercise."""
    listed = json.loads(run("list", "--json")[1])["exercises"]
    found: dict[str, Any] = next(row for row in listed if row["id"] == exercise)
    return found


def begin(run: Run, folder: Path, text: str = DOUBLE) -> None:
    """Answer the exercise that `descent` rests on, and have it judged."""
    assert run("next", "double")[0] == 0
    (folder / "small" / "double.py").write_text(text)
    run("check", "double")
    run("next", "descent")
