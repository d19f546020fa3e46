"""The warm engine: found, shared, replaced, killed, and never in anybody's way."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from llmex.grader.engine import frames, judge, open_engine, warm
from llmex.grader.engine.lines import Abandoned, Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.engine.warm import NoWarmEngine, WarmEngine, ask
from llmex.grader.grade import grade, job_of
from tests.judging import answer, course, world_answer

PASSED = world_answer("double/passed")
SLOW = "def double(x):\n    while True:\n        pass\n\n\ndef double_all(xs):\n    return xs\n"


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


def verdict(engine: Engine | None = None, text: str = PASSED) -> str:
    """The outcome of an answer to `double`."""
    exercise = course().exercise("double")
    return grade(exercise, answer(exercise, text), engine=engine).verdict.outcome


def job(text: str) -> dict[str, Any]:
    """The job of judging an answer to `double`."""
    exercise = course().exercise("double")
    return job_of(exercise, answer(exercise, text), diagnose=False, seed=0).plain()


def running() -> list[int]:
    """The engines of this test."""
    return [status["pid"] for status in ask("status")]


def waits_for(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether no such process runs."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def children(pid: int) -> list[int]:
    """The processes that one has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


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


def in_the_background(text: str) -> tuple[threading.Thread, list[Any], Engine]:
    """A check that runs, and the list into which its result or its error will come."""
    engine, found = open_engine(), list[Any]()

    def run() -> None:
        try:
            found.append(judge(job(text), engine))
        except BaseException as error:
            found.append(error)

    hand = threading.Thread(target=run)
    hand.start()
    waits_for(lambda: [status for status in ask("status") if status["judging"]])
    (pid,) = running()
    waits_for(lambda: len(children(pid)) == 2)
    time.sleep(0.1)
    return hand, found, engine


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


def test_it_leaves_when_nobody_comes(runtime: Path) -> None:
    """An engine that nobody needs ends by itself and takes its socket and its log along."""
    path = runtime / "short.sock"
    code = (
        "import socket, sys; from llmex.grader.engine.server import Server; "
        "s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); "
        "print(flush=True); Server([], s, sys.argv[1], patience=0.2).serve()"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as one:
        assert one.wait(20) == 0
    assert not path.exists()


def test_a_stale_socket_is_cleared_away(runtime: Path) -> None:
    """The socket of an engine that was killed is replaced, and no other file is touched."""
    verdict()
    path = warm.socket_path()
    ask("stop")
    waits_for(lambda: not path.exists())
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    (runtime / "llmex" / "mine.txt").write_text("mine")
    assert verdict() == "passed"
    assert len(running()) == 1
    assert (runtime / "llmex" / "mine.txt").read_text() == "mine"


def test_another_version_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """When llmex or its packages have changed, a new engine is started and the old one leaves."""
    verdict()
    (old,) = running()
    monkeypatch.setattr(warm, "fingerprint", lambda: "another")
    assert verdict() == "passed"
    waits_for(lambda: is_gone(old))
    assert len(running()) == 1


def test_the_fingerprint_tells_of_every_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code of llmex, installed packages and the interpreter: a change of any gives another name."""
    seen = {fresh_fingerprint()}
    package = tmp_path / "site"
    package.mkdir()
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(package))
    seen.add(fresh_fingerprint())
    (package / "new-1.0.dist-info").mkdir()
    os.utime(package, (1, 1))
    seen.add(fresh_fingerprint())
    monkeypatch.setattr(sys, "version", "4.0")
    seen.add(fresh_fingerprint())
    assert len(seen) == 4


def fresh_fingerprint() -> str:
    """The fingerprint as a new process would find it."""
    return warm.fingerprint.__wrapped__()


def test_a_changed_suite_is_judged_by_at_once(tmp_path: Path) -> None:
    """The engine holds nothing of a course: a changed suite counts from the next check on."""
    asked = job(PASSED)
    changed = tmp_path / "suite.py"
    changed.write_text(Path(asked["suite"]).read_text().replace("learner.double(2), 4", "1, 4"))
    with open_engine() as engine:
        assert judge(asked, engine)["verdicts"]["answer"]["outcome"] == "passed"
        again = judge(asked | {"suite": str(changed)}, engine)
    assert again["verdicts"]["answer"]["outcome"] == "failed"


@pytest.mark.parametrize("trouble", ["missing", "not a folder", "open to others", "too long"])
def test_trouble_with_the_runtime_folder(
    trouble: str, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no private folder for a socket, a check does without a warm engine."""
    if trouble == "missing":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime / "gone"))
    elif trouble == "not a folder":
        (runtime / "llmex").write_text("")
    elif trouble == "open to others":
        (runtime / "llmex").mkdir()
        (runtime / "llmex").chmod(0o755)
    else:
        deep = runtime / ("x" * 100)
        deep.mkdir()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(NoWarmEngine):
        warm.socket_path()
    assert verdict() == "passed"
    (runtime / "none").mkdir()
    assert warm.socket_path().parent.parent == runtime / "none"


def test_a_file_system_without_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a socket cannot be made, a check does without a warm engine."""

    def refuses(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(warm, "_listening", refuses)
    assert verdict() == "passed"
    assert running() == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_the_socket_of_another_user_is_not_used() -> None:
    """What listens at our place but is somebody else's gets no job."""
    path = warm.socket_path()
    code = (
        "import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); "
        "os.setuid(65534); s.listen(); print(flush=True); s.accept()[0].recv(1)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(NoWarmEngine, match="another user"):
            warm.connect(path)
        other.kill()


def test_a_starter_that_hangs_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that was suspended while it started the engine does not block the others."""
    monkeypatch.setattr(warm, "_PATIENCE", 0.2)
    with warm._alone(warm.socket_path()):
        assert verdict() == "passed"
    assert running() == []


def test_an_engine_at_rest_costs_nothing() -> None:
    """Between two checks the engine uses no processor time at all."""
    verdict()
    (pid,) = running()
    time.sleep(2.0)  # in which it tidies up
    before = cpu(pid)
    time.sleep(1.0)
    assert cpu(pid) == before


def cpu(pid: int) -> int:
    """The ticks of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
