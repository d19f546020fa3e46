"""After hostile runs nothing is left: no process, no file, no IPC object; and others are judged."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.grader.engine import children
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.grade import grade
from llmex.grader.report import Report
from llmex.grader.sources import gather
from tests.escape import LONG
from tests.escape.attacks import HERE, corpus, course

HONEST = (HERE / "honest.py").read_text("utf-8")
RUNS = 1000 if LONG else 40
PLACES = (Path("/tmp"), Path("/dev/shm"), Path("/dev/mqueue"))
QUICK = {
    "exit_at_once", "fork", "clone_raw", "spawn", "segfault", "abort", "kill_itself", "sysv_memory",
    "sysv_queue", "sysv_semaphore", "shared_memory", "posix_queue", "write_file", "result_file",
    "at_the_end", "close_the_connection", "memory_at_once", "reply_before", "new_session",
}  # fmt: skip


def judged(exercise_id: str, text: str, engine: PrivateEngine) -> Report:
    """The report on a text."""
    exercise = course().exercise(exercise_id)
    return grade(exercise, gather(course(), exercise, text, None), engine=engine)


def running(session: int) -> set[str]:
    """Every live process of an engine's session."""
    found = set()
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            if name.isdigit() and int(fields[3]) == session and fields[0] != "Z":
                found.add(name)
    return found


def objects(name: str) -> set[str]:
    """Files of a name in the shared places, and objects of System V."""
    found = set()
    for place in PLACES:
        with contextlib.suppress(OSError):
            found |= {str(path) for path in place.iterdir() if name in path.name}
    for kind in ("shm", "msg", "sem"):
        with contextlib.suppress(OSError):
            lines = Path("/proc/sysvipc", kind).read_text().splitlines()[1:]
            found |= {f"{kind} {line.split()[1]}" for line in lines}
    return found


def test_nothing_survives_hostile_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After many hostile runs the engine is alone, and the machine has no more than before."""
    attacks = [attack for attack in corpus() if attack.name in QUICK]
    assert len(attacks) == len(QUICK)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    name = "llmex-escape-" + secrets.token_hex(6)
    told, before = {"folder": str(tmp_path), "abstract": name}, objects(name)
    engine = PrivateEngine(lines=8)
    with engine:
        session = engine._process.pid
        for number in range(RUNS):
            attack = attacks[number % len(attacks)]
            report = judged(attack.exercise, attack.source(told), engine)
            assert report.verdict.passed == 0, attack.name
        assert judged("plain", HONEST, engine).verdict.outcome == "passed"
        assert _settles(lambda: running(session) == {str(session)})
    assert _settles(lambda: not running(session))
    assert _settles(lambda: objects(name) <= before)
    assert not list(tmp_path.iterdir())


def _settles(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within ten seconds."""
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


@pytest.mark.parametrize("name", ["memory_list", "loop_in_a_thread", "thread_bomb", "output_flood"])
def test_an_honest_answer_beside_a_bomb_keeps_its_verdict(name: str) -> None:
    """While a bomb goes off in one judge, an answer in another passes as ever."""
    bomb = next(attack for attack in corpus() if attack.name == name)
    outcomes = []

    def honest() -> None:
        engine = PrivateEngine()
        with engine:
            for _ in range(3):
                outcomes.append(judged("plain", HONEST, engine).verdict.outcome)

    thread = threading.Thread(target=honest)
    engine = PrivateEngine()
    with engine:
        thread.start()
        verdict = judged(bomb.exercise, bomb.source(), engine).verdict
        thread.join()
        assert verdict.outcome in ("stopped", "failed")
        assert judged("plain", HONEST, engine).verdict.outcome == "passed"
    assert outcomes == ["passed"] * 3


def test_the_next_answer_finds_a_clean_process() -> None:
    """What an answer patches, fills and leaves behind is gone when the next one is judged."""
    engine = PrivateEngine()
    with engine:
        for name in ("poison_modules", "patch_comparator", "patch_pytest", "conftest"):
            attack = next(attack for attack in corpus() if attack.name == name)
            judged(attack.exercise, attack.source(), engine)
            assert judged("plain", HONEST, engine).verdict.outcome == "passed"


def test_a_stopped_process_can_be_ended() -> None:
    """A worker that has stopped itself, and blocks every signal, is gone within a moment."""

    def body(_: object) -> None:
        import signal

        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)

    pid, sock = children.fork(body)  # type: ignore[arg-type]
    started = time.monotonic()
    assert children.end(pid) == ("killed", 9)
    assert time.monotonic() - started < 5
    sock.close()
