"""A learner's trip through the spine, from the first `next` to text from a model of their own.

`LLMEX_TRIP=long python -m pytest tests/test_trip.py` makes every known mistake on the way, not only
each tenth.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.grader.catalog import mistakes
from tests.judging import course

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

EACH = 1 if os.environ.get("LLMEX_TRIP") == "long" else 10  # each tenth mistake, or all
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def llmex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in an empty folder; what it says as JSON, with its exit code under "exit"."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def run(*arguments: str) -> dict[str, Any]:
        code = main([*arguments, "--json"])
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {**said, "exit": code}

    return run


def spine() -> tuple[str, ...]:
    """The exercises of the spine, in order."""
    return course(None).tracks["spine"].exercises


def write(said: dict[str, Any]) -> str:
    """Write the solution of the exercise that `next` gave as its answer; its id."""
    name: str = said["exercise"]["id"]
    solution = course(None).exercise(name).solution_path.read_text("utf-8")
    Path(said["exercise"]["file"]).write_text(solution, "utf-8")
    return name


def test_from_the_first_exercise_to_text_from_a_model_of_ones_own(llmex: Run) -> None:
    """Whoever writes every solution is led through the spine, and each builds on the earlier."""
    for expected in spine():
        assert write(llmex("next")) == expected
        judged = llmex("check")
        report = judged["report"]
        assert (judged["exit"], report["verdict"]["outcome"]) == (0, "passed"), report
        assert report["provided"] == [], f"{expected} rests on what the learner did not write"
    assert report["verdict"]["runs"]
    for run in report["verdict"]["runs"]:
        assert run["losses"][-1][1] < run["losses"][0][1]
        assert len(run["samples"]) == 3
    status = llmex("status")
    assert status["passed"] == status["of"] == len(spine())


def test_known_mistakes_on_the_way_are_called_by_their_names(llmex: Run) -> None:
    """Whoever makes known mistakes first is told which each is, and still arrives."""
    silent, made = [], 0
    for name in spine():
        given = llmex("next", name)
        exercise = course(None).exercise(given["exercise"]["id"])
        for mistake in mistakes(exercise):
            made += 1
            if made % EACH:
                continue
            Path(given["exercise"]["file"]).write_text(mistake.source(), "utf-8")
            judged = llmex("check", "--quick")
            found = judged["report"]["diagnosis"]
            assert judged["exit"] == 1, f"{exercise.id}: {mistake.id} passes"
            named = found["mistake"] if found else judged["report"]["verdict"]["outcome"]
            if named not in (mistake.id, "stopped"):  # a stop says its cause itself
                silent.append((exercise.id, mistake.id, named))
        write(given)
        after = llmex("check", "--quick")["report"]["verdict"]["checks"]
        assert {check["outcome"] for check in after} <= {"passed", "not-run"}
    assert silent == []
    assert made > EACH
