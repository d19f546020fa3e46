"""The life of an engine: when it leaves, when another takes over, and where it cannot live."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmex.grader.engine import judge, open_engine, warm
from llmex.grader.engine.warm import NoWarmEngine, ask
from tests.engine.ground import PASSED, is_gone, job, running, verdict, waits_for


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
