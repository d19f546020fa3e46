"""An empty folder, a way to run a command, and a judge that says what it is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.grader import grade as grading
from tests.round.ground import WORLD, Run, judged


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test starts in an empty folder, in English, with a home of its own."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(grading, "ready", lambda _: contextlib.nullcontext())
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line on the miniature course: (exit code, standard output, errors)."""

    def run_(*arguments: str, course: bool = True) -> tuple[int, str, str]:
        where = ["--course", str(WORLD)] if course else []
        code = main([*arguments, *where])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a judge in place who says what the test wants."""

    def judge_(outcome: str, passed: int = 0, of: int = 2, **fields: Any) -> None:
        monkeypatch.setattr(grading, "grade", judged(outcome, passed, of, **fields))

    return judge_
