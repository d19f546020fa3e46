"""The folder that some answers may write to: capped as a whole, theirs alone, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.grader import guard
from llmex.grader.engine import scratch
from llmex.grader.engine.lines import Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.grade import grade
from llmex.grader.sources import gather
from tests.escape.attacks import corpus, course, judged

FLOODS = [one for one in corpus() if one.name in ("scratch_flood", "scratch_of_many_files")]
TRIES = '''
import os, socket, tempfile


def answer(folder):
    """Say which of many ways to misuse a folder are open."""
    with open(f"{folder}/mine", "w") as file:
        file.write("text")
    ways = {
        "link": lambda: os.symlink("/etc/passwd", f"{folder}/a"),
        "hard link": lambda: os.link(f"{folder}/mine", f"{folder}/b"),
        "link to what is ours": lambda: os.link("/etc/passwd", f"{folder}/c"),
        "folder": lambda: os.mkdir(f"{folder}/d"),
        "pipe": lambda: os.mkfifo(f"{folder}/e"),
        "device": lambda: os.mknod(f"{folder}/f", 0o20666, os.makedev(1, 3)),
        "program": lambda: os.chmod(f"{folder}/mine", 0o755),
        "owner": lambda: os.chown(f"{folder}/mine", 1, 1),
        "out of it": lambda: os.rename(f"{folder}/mine", f"{folder}/../mine"),
        "beside it": lambda: open(f"{folder}/../beside", "w"),
        "who is beside it": lambda: os.listdir(f"{folder}/.."),
        "its removal": lambda: os.rmdir(folder),
        "its name": lambda: os.rename(folder, folder + "x"),
        "a large file": lambda: os.truncate(f"{folder}/mine", 17 << 20),
        "attributes": lambda: os.setxattr(f"{folder}/mine", "user.a", b"x"),
        "a lock on it": lambda: __import__("fcntl").flock(os.open(folder, os.O_RDONLY), 2 | 4),
    }
    print("open:", *[name for name, way in ways.items() if not refused(way)], sep="|")
    os.replace(f"{folder}/mine", f"{folder}/kept")
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"text")
    print("left:", *sorted(os.listdir(folder)), sep="|")


def refused(way):
    try:
        way()
    except OSError:
        return True
    return False
'''


def _report(text: str, engine: Engine) -> str:
    exercise = course().exercise("impossible-scratch")
    return grade(exercise, gather(course(), exercise, text, None), engine=engine).verdict.output


def test_only_plain_files_can_be_made_and_only_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No link, folder, pipe, device, mode or name outside; files can be written and replaced."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with PrivateEngine() as engine:
        lines = _report(TRIES, engine).splitlines()
    assert lines[:2] == ["open:", "left:|kept"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("attack", FLOODS, ids=lambda attack: attack.name)
def test_the_whole_folder_is_capped(
    attack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes without end is killed from outside, before the disk is in danger."""
    most = [0]
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.01):
            with contextlib.suppress(OSError):  # a folder that goes while it is looked at
                most[0] = max(most[0], sum(_size(path) for path in tmp_path.rglob("*")))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        with PrivateEngine() as engine:
            exercise = course().exercise("impossible-scratch")
            answer = gather(course(), exercise, attack.source(), None)  # type: ignore[attr-defined]
            verdict = grade(exercise, answer, engine=engine).verdict
    finally:
        done.set()
        thread.join()
    assert verdict.stop is not None
    assert "scratch folder" in verdict.stop.english()
    assert most[0] < 16 * (guard.SCRATCH_MB << 20)
    assert not list(tmp_path.iterdir())


def _size(path: Path) -> int:
    try:
        return path.lstat().st_blocks * 512
    except OSError:
        return 0


def test_a_folder_of_a_killed_engine_is_swept_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After SIGKILL of the engine in the middle of a check the next engine clears its folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    slow = "def answer(folder):\n    open(folder + '/x', 'w').write('x')\n    input()\n"
    slow = slow.replace("input()", "__import__('time').sleep(50)")
    engine = PrivateEngine()
    exercise = course().exercise("impossible-scratch")
    job = threading.Thread(target=lambda: _until_killed(engine, exercise, slow))
    job.start()
    _wait(lambda: list(tmp_path.glob("*/*/x")))
    (left,) = tmp_path.iterdir()
    other = PrivateEngine()
    with other:
        _report("def answer(_): return 1\n", other)
        assert left.exists(), "the folder of an engine that lives is not touched"
    os.kill(engine._process.pid, signal.SIGKILL)
    job.join()
    assert left.exists()
    with PrivateEngine() as third:
        _report("def answer(_): return 1\n", third)
        assert not left.exists()
    engine.close()


def _until_killed(engine: PrivateEngine, exercise: object, text: str) -> None:
    from llmex.grader.engine.lines import EngineLost
    from llmex.grader.grade import job_of

    answer = gather(course(), exercise, text, None)  # type: ignore[arg-type]
    with pytest.raises(EngineLost):
        engine.run(job_of(exercise, answer, diagnose=False, seed=0).plain())  # type: ignore[arg-type]


def _wait(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_looks_like_a_folder_of_ours_but_is_none_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links and files with such a name are left alone, and so is what they point to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "x").write_text("x")
    (tmp_path / "llmex-scratch-link").symlink_to(precious)
    (tmp_path / "llmex-scratch-file").write_text("x")
    (tmp_path / "llmex-scratch-dead").mkdir()
    scratch.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "llmex-scratch-file", "llmex-scratch-link", "precious",
    ]  # fmt: skip
    assert (precious / "x").exists()


def test_files_that_nobody_sees_are_few() -> None:
    """Files that were deleted while they were open are bounded by the number of descriptors."""
    attack = next(one for one in corpus() if one.name == "scratch_open_and_gone")
    checks = judged(attack).verdict.checks
    found = checks[0].counterexample
    assert found is not None
    assert "Too many open files" in str(found.finding)
