"""How these tests judge and read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from llmex.grader.report import Check, Diagnosis, Report, Verdict

WORLD = Path(__file__).parent.parent / "world"


Run = Callable[..., tuple[int, str, str]]


def judged(outcome: str, passed: int = 0, of: int = 2, **fields: Any) -> Callable[..., Report]:
    """A judge that says the same of every answer."""

    def grade(exercise: Any, _answer: Any, **_: object) -> Report:
        states = ["passed"] * passed + ["failed"] * (of - passed)
        checks = tuple(Check(f"test_{i}", f"Claim {i}", s) for i, s in enumerate(states))  # type: ignore[arg-type]
        verdict = Verdict(outcome, checks, **fields)  # type: ignore[arg-type]
        found = Diagnosis("m", "It adds one.", 1) if outcome == "failed" else None
        return Report(exercise.id, exercise.version, verdict, found, seconds=0.2, tier="T2")

    return grade


def facts(out: str) -> Mapping[str, Any]:
    """The one line of JSON on standard output."""
    assert out.count("\n") == 1
    plain: Mapping[str, Any] = json.loads(out)
    assert plain["schema"] == 1
    return plain
