"""Whatever breaks between suite and report is llmex's trouble: no pass, and nobody's failure."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from llmex.grader.catalog import Course, load_course
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from llmex.grader.grade import grade
from llmex.grader.sources import gather
from llmex.grader.workspace import Workspace, create
from tests.escape.attacks import HERE

ANSWER = (HERE / "honest.py").read_text("utf-8")
SLOW = ANSWER.replace("return np.ones(3)", "__import__('time').sleep(30)")

SUITES = {
    "empty": "",
    "does not parse": "def test_array(learner:\n",
    "cannot be imported": "import nothing_of_that_name\n",
    "raises while it is read": "raise ValueError\n",
    "exits while it is read": "import os\nos._exit(0)\n",
    "exits politely while it is read": "import sys\nsys.exit(0)\n",
    "kills itself": "import os\nos.kill(os.getpid(), 9)\n",
    "asks for an unknown fixture": "def test_array(learner, nothing):\n    pass\n",
    "has a check too few": "{suite}\n\ndel test_nothing\n",
    "has a check too many": "{suite}\n\ndef test_more(learner):\n    pass\n",
    "has its checks twice": "{suite}\n\nimport pytest\n"
    "test_array = pytest.mark.parametrize('n', [1, 2])(lambda learner, n: None)\n",
    "skips from inside": "import pytest\n{suite}\n\ndef test_array(learner):\n    pytest.skip()\n",
    "exits from inside": "{suite}\n\ndef test_array(learner):\n    raise SystemExit(0)\n",
    "leaves from inside": "import pytest\n{suite}\n\ndef test_array(learner):\n"
    "    pytest.exit('', 0)\n",
    "is interrupted": "{suite}\n\ndef test_array(learner):\n    raise KeyboardInterrupt\n",
    "compares nothing": "{suite}\n\ndef test_array(learner):\n    learner.array()\n",
    "fails by itself": "{suite}\n\ndef test_array(learner):\n    assert 1 == 2\n",
    "wants what is not finite": "{suite}\n\ndef test_array(learner):\n"
    "    assert_close(learner.array(), np.full(3, np.nan))\n",
    "changes its mind": "{suite}\n\ntest_text = None\n",
}  # fmt: skip


MARKS = (
    "import pytest\n{suite}\n\ntest_array = pytest.mark.skip('no')(test_array)\n",
    "import pytest\n{suite}\n\ntest_array = pytest.mark.xfail(test_array)\n",
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of the course, to be broken."""
    return Path(shutil.copytree(HERE / "course", tmp_path / "course"))


@pytest.fixture(scope="module")
def engine() -> Iterator[PrivateEngine]:
    """An engine that outlives dead judges."""
    made = PrivateEngine(lines=24)
    with made:
        yield made


def outcome(root: Path, engine: PrivateEngine, text: str = ANSWER) -> str:
    """What becomes of an answer; "grader-error" also where there is no verdict at all."""
    try:
        course = load_course(root)
        exercise = course.exercise("plain")
        return grade(exercise, gather(course, exercise, text, None), engine=engine).verdict.outcome
    except LlmexError as error:
        return "grader-error" if error.exit_code in (2, 3) else "?"  # 2: the course is refused
    except (OSError, ValueError):  # the command line says that llmex failed, exit code 3
        return "grader-error"


def suite_of(root: Path) -> Path:
    """The suite that is broken."""
    return root / "solutions" / "attacked" / "plain" / "suite.py"


@pytest.mark.parametrize("fault", SUITES)
@pytest.mark.parametrize("text", [ANSWER, "def array():\n    return 0\n"], ids=["right", "wrong"])
def test_a_broken_suite_judges_nobody(
    fault: str, text: str, course: Path, engine: PrivateEngine
) -> None:
    """A suite that is not what it should be gives a grader-error to right and wrong answers."""
    path = suite_of(course)
    path.write_text(SUITES[fault].replace("{suite}", path.read_text("utf-8")))
    assert outcome(course, engine, text) == "grader-error"


@pytest.mark.parametrize(
    "fault",
    [lambda p: p.unlink(), lambda p: p.write_bytes(b"\xff\xfe\x00"), lambda p: p.write_text("- x")],
    ids=["gone", "bytes", "another shape"],
)
@pytest.mark.parametrize("name", ["exercise.yaml", "suite.py", "stub.py"])
def test_a_broken_course_judges_nobody(
    name: str, fault: Callable[[Path], Any], course: Path, engine: PrivateEngine
) -> None:
    """A manifest, a suite or a stub that cannot be read is the course's trouble."""
    tree = "solutions" if name == "suite.py" else "exercises"
    fault(course / tree / "attacked" / "plain" / name)
    expected = ("grader-error", "passed") if name == "stub.py" else ("grader-error",)
    assert outcome(course, engine) in expected  # the stub of a module may be any text


@pytest.mark.parametrize("text", MARKS, ids=["skip", "xfail"])
def test_marks_change_nothing(text: str, course: Path, engine: PrivateEngine) -> None:
    """A check that is marked as skipped, or as expected to fail, is judged like any other."""
    path = suite_of(course)
    path.write_text(text.replace("{suite}", path.read_text("utf-8")))
    assert outcome(course, engine) == "passed"
    assert outcome(course, engine, "def array():\n    return 0\n") == "failed"


def test_a_list_of_other_checks_judges_nobody(course: Path, engine: PrivateEngine) -> None:
    """Checks that exercise.yaml lists and the suite lacks, or the other way, are no pass."""
    path = course / "exercises" / "attacked" / "plain" / "exercise.yaml"
    path.write_text(path.read_text("utf-8").replace("  - test_nothing\n", ""))
    assert outcome(course, engine) == "grader-error"


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"verdicts": {}},
        {"verdicts": {"answer": {}}, "diagnosis": None, "tier": "T2"},
        {"verdicts": {"answer": {"outcome": "passed", "checks": 3}}, "diagnosis": None},
        {"verdicts": [], "diagnosis": None, "tier": "T2"},
    ],
    ids=["empty", "no answer", "no outcome", "no checks", "a list"],
)
def test_a_broken_reply_of_the_judge_is_no_verdict(reply: dict[str, Any], course: Path) -> None:
    """Half a result raises; it never becomes a report."""

    class Broken(PrivateEngine):
        def run(self, *_: Any, **__: Any) -> dict[str, Any]:
            return reply

    with Broken() as broken:
        exercise = load_course(course).exercise("plain")
        answer = gather(load_course(course), exercise, ANSWER, None)
        with pytest.raises((LlmexError, KeyError, TypeError, AttributeError)):
            grade(exercise, answer, engine=broken)


def _children(pid: int) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            stat = Path("/proc", name, "stat").read_text()
            if int(stat.rpartition(")")[2].split()[1]) == pid:
                found.append(int(name))
    return found


def _kill_soon(victims: Callable[[], list[int]]) -> threading.Thread:
    def kill() -> None:
        for _ in range(200):
            time.sleep(0.02)
            found = victims()
            if found:
                time.sleep(0.1)
                for pid in found:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                return

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_killed_judge_is_no_verdict(course: Path) -> None:
    """SIGKILL of the judge, and of its workers with it, gives exit code 3 and leaves nothing."""
    engine = PrivateEngine()
    with engine:
        pid = engine._process.pid
        thread = _kill_soon(lambda: _children(pid)[:2])
        assert outcome(course, engine, SLOW) in ("grader-error", "stopped")
        thread.join()
        deadline = time.monotonic() + 5
        while _children(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _children(pid)


def test_a_killed_engine_takes_all_with_it(course: Path) -> None:
    """SIGKILL of the engine ends judges and workers; the job is judged by another engine."""
    engine = PrivateEngine()
    with engine:
        pid, seen = engine._process.pid, list[int]()

        def victims() -> list[int]:
            seen[:] = _children(pid)
            return [pid] if len(seen) == 2 else []

        thread = _kill_soon(victims)
        assert outcome(course, engine, SLOW) == "stopped"
        thread.join()
        deadline = time.monotonic() + 5
        while any(_is_alive(one) for one in seen) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(_is_alive(one) for one in seen)


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def workspace(course: Path, tmp_path: Path) -> tuple[Workspace, Course]:
    """A workspace with progress to lose."""
    made = create(tmp_path / "work", course=course)
    return made, made.course


def test_a_full_disk_records_nothing(
    workspace: tuple[Workspace, Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where progress cannot be written llmex says so, exit code 3, and the old file stays."""
    made, _ = workspace
    before = made.progress_path.read_bytes()

    def full(*_: Any, **__: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LlmexError) as found:
        made.update(lambda progress: progress.__class__(language="zh"))
    assert found.value.exit_code == 3
    assert made.progress_path.read_bytes() == before


@pytest.mark.parametrize("spoil", [b"", b"\x00" * 100, b"- a\n- b\n", b"version: [\n"])
def test_a_spoilt_state_file_passes_nobody(
    spoil: bytes, workspace: tuple[Workspace, Course]
) -> None:
    """A state file that is no state file is set aside or refused: nothing in it is a pass."""
    made, _ = workspace
    made.progress_path.write_bytes(spoil)
    with contextlib.suppress(LlmexError):
        progress = made.progress()
        assert not [name for name, one in progress.exercises.items() if "passed" in str(one)]
