"""The warm engine is found and shared; one that is lost is replaced, even in mid-check."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from llmex.grader.engine import open_engine, warm
from llmex.grader.engine.warm import ask
from llmex.grader.grade import grade
from tests.engine.ground import (
    PASSED,
    SLOW,
    children,
    in_the_background,
    is_gone,
    running,
    verdict,
    waits_for,
)
from tests.judging import answer, course, world_answer


def test_one_engine_for_many_checks() -> None:
    """The second command finds the engine of the first, whose socket only its user can open."""
    assert [verdict(), verdict()] == ["passed", "passed"]
    (status,) = ask("status")
    assert status["jobs"] == 2
    path = warm.socket_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_several_checks_at_once() -> None:
    """Commands that come together start one engine, and each gets its own verdict."""
    found: list[str] = []
    texts = [PASSED, world_answer("double/failed")] * 3
    hands = [
        threading.Thread(target=lambda t=text: found.append(verdict(text=t))) for text in texts
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(found) == ["failed"] * 3 + ["passed"] * 3
    assert len(running()) == 1


def test_off_leaves_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """With LLMEX_ENGINE=off a check starts its own engine and ends it."""
    monkeypatch.setenv("LLMEX_ENGINE", "off")
    assert verdict() == "passed"
    assert running() == []


def test_without_fork_the_verdict_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where forking is not safe, fresh processes judge alike, behind the same walls."""
    exercise = course().exercise("double")
    monkeypatch.setenv("LLMEX_ENGINE", "off")
    for text in (PASSED, world_answer("double/failed"), world_answer("double/exits")):
        forked = grade(exercise, answer(exercise, text))
        monkeypatch.setenv("LLMEX_FORK", "off")
        fresh = grade(exercise, answer(exercise, text))
        monkeypatch.delenv("LLMEX_FORK")
        assert (fresh.verdict.outcome, fresh.tier) == (forked.verdict.outcome, forked.tier)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "told to end"])
def test_a_lost_engine_is_replaced(how: signal.Signals) -> None:
    """After an engine has died the next check gets a verdict, and a new engine."""
    verdict()
    (pid,) = running()
    os.kill(pid, how)
    waits_for(lambda: is_gone(pid))
    assert verdict() == "passed"
    assert running() != [pid]
    assert len(running()) == 1


def test_an_engine_killed_between_two_checks_of_one_command() -> None:
    """Who keeps a connection, as watch does, is served by a new engine."""
    with open_engine() as engine:
        assert verdict(engine) == "passed"
        (pid,) = running()
        os.kill(pid, signal.SIGKILL)
        waits_for(lambda: is_gone(pid))
        assert verdict(engine) == "passed"
        assert len(running()) == 1


def test_an_engine_killed_in_the_middle_of_a_check() -> None:
    """The learner gets the verdict all the same, and what the engine had started is gone."""
    hand, found, engine = in_the_background(SLOW)
    (pid,) = running()
    started = children(pid)
    os.kill(pid, signal.SIGKILL)
    waits_for(lambda: all(map(is_gone, started)))
    hand.join()
    engine.close()
    assert found[0]["verdicts"]["answer"]["outcome"] == "stopped"
