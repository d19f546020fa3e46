"""The trouble of one client of the engine, or of one process, is nobody else's."""

from __future__ import annotations

import os
import signal
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from llmex.grader.engine import frames, warm
from llmex.grader.engine.lines import Abandoned, Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.engine.warm import WarmEngine
from tests.engine.ground import (
    SLOW,
    children,
    in_the_background,
    is_gone,
    job,
    running,
    verdict,
    waits_for,
)


def in_the_background_by(other: Callable[[], object]) -> str:
    """What becomes of a slow check in whose middle something else happens."""
    hand, found, engine = in_the_background(SLOW)
    (pid,) = running()
    other()
    hand.join()
    engine.close()
    waits_for(lambda: not children(pid))
    if isinstance(found[0], BaseException):
        raise found[0]
    return str(found[0]["verdicts"]["answer"]["outcome"])


def says(message: bytes | dict[str, Any]) -> None:
    """Somebody says something to the engine, and is heard out."""
    line = warm.connect(warm.socket_path())
    assert line is not None
    with line:
        if isinstance(message, dict):
            frames.send(line, message)
        else:
            line.sendall(message)
        line.settimeout(20)
        assert line.recv(1) == b""


NONSENSE: dict[str, bytes | dict[str, Any]] = {
    "no message": struct.pack("<Q", 4) + b"\xc1\xc1\xc1\xc1",
    "an unknown wish": {"do": "dance"},
    "a module that cannot be imported": {"do": "judge", "imports": ["llmex.no_such_module"]},
    "a list that is none": {"do": "judge", "imports": 3},
}


@pytest.mark.parametrize("message", NONSENSE.values(), ids=list(NONSENSE))
def test_the_trouble_of_one_client_is_nobody_elses(message: bytes | dict[str, Any]) -> None:
    """Who asks for what cannot be is hung up on; the check that runs goes on to its end."""
    (before,) = [verdict()] and running()
    assert in_the_background_by(lambda: says(message)) == "stopped"
    assert running() == [before]


def test_an_engine_told_to_end_in_the_middle_of_a_check() -> None:
    """Its end is no verdict: another process judges the same answer."""

    def end() -> None:
        (pid,) = running()
        os.kill(pid, signal.SIGTERM)
        waits_for(lambda: is_gone(pid))

    assert in_the_background_by(end) == "stopped"


def test_an_engine_replaced_in_the_middle_of_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old engine is found no more, brings its check to an end, and only then leaves."""
    with monkeypatch.context() as changed:
        hand, found, engine = in_the_background(SLOW)
        (old,) = running()
        judging = children(old)
        changed.setattr(warm, "fingerprint", lambda: "another")
        assert verdict() == "passed"
        (new,) = running()
        assert new != old
        assert not found
        assert children(old) == judging
        hand.join()
        assert found[0]["verdicts"]["answer"]["outcome"] == "stopped"
    assert verdict(engine) == "passed"  # who began with the old one stays with it
    assert running() == [new]
    engine.close()
    waits_for(lambda: is_gone(old))


@pytest.mark.parametrize("which", [0, 1], ids=["judge", "worker"])
def test_a_judge_or_a_worker_killed_in_the_middle(which: int) -> None:
    """The learner is told; the engine lives and judges the next answer."""
    hand, found, engine = in_the_background(SLOW)
    (pid,) = running()
    os.kill(sorted(children(pid))[which], signal.SIGKILL)
    hand.join()
    engine.close()
    if which:
        assert found[0]["verdicts"]["answer"]["outcome"] == "stopped"
    else:
        assert found[0].exit_code == 3
    waits_for(lambda: not children(pid))
    assert verdict() == "passed"
    assert running() == [pid]


def test_a_client_that_leaves_takes_its_judge_along() -> None:
    """A killed command leaves no process of its check behind, and the engine goes on."""
    line = warm.connect(warm.socket_path()) or WarmEngine().take()
    asked = job(SLOW)
    frames.send(line, {"do": "judge", "imports": [], "hidden": asked["hidden"]})
    frames.receive(line)
    frames.send(line, asked)
    (pid,) = running()
    waits_for(lambda: len(children(pid)) == 2)
    line.close()
    waits_for(lambda: not children(pid))
    assert running() == [pid]


def test_a_job_can_be_abandoned() -> None:
    """A check that nobody wants any more ends at once, and the next one is judged as ever."""
    hand, found, engine = in_the_background(SLOW)
    engine.abandon()
    hand.join(5)
    assert isinstance(found[0], Abandoned)
    assert verdict(engine) == "passed"
    engine.close()


def test_a_private_engine_goes_on_after_an_abandoned_job() -> None:
    """An engine with one connection is started again when that was given up."""
    with PrivateEngine() as engine:
        found: list[BaseException] = []
        hand = threading.Thread(target=lambda: found.append(error_of(engine)), daemon=True)
        hand.start()
        time.sleep(0.5)
        while hand.is_alive():
            engine.abandon()
            hand.join(0.05)
        assert isinstance(found[0], Abandoned)
        assert verdict(engine) == "passed"


def error_of(engine: Engine) -> BaseException:
    """What a check of an endless loop ends in."""
    with pytest.raises(Abandoned) as caught:
        engine.run(job(SLOW))
    return caught.value


def test_a_silent_client_holds_nobody_up() -> None:
    """Half a message from one client does not keep the others from a verdict."""
    verdict()
    line = warm.connect(warm.socket_path())
    assert line is not None
    with line:
        line.sendall(b"\x05\x00\x00")
        assert verdict() == "passed"


def test_a_suspended_engine_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that takes no job for a while is left alone: another process gives the verdict."""
    verdict()
    (pid,) = running()
    monkeypatch.setattr(WarmEngine, "patience", 0.5)
    os.kill(pid, signal.SIGSTOP)
    try:
        assert verdict() == "passed"
    finally:
        os.kill(pid, signal.SIGCONT)
    waits_for(lambda: running() == [pid])
