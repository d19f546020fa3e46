"""What the engine itself costs: a round trip, one subject more, and being at rest."""

from __future__ import annotations

import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import PYTHON, Row, solution

from llmex.grader.catalog import load_course
from llmex.grader.engine import judge, open_engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.engine.warm import ask
from llmex.grader.grade import imports, job_of
from llmex.grader.sources import gather

TRIVIAL = """

def test_{i}(learner):
    \"""Adds one to {i}\"""
    assert_equal(learner.f({i}), {i} + 1)
"""
SUITE = "from llmex.grader.compare import assert_equal\n" + "".join(
    TRIVIAL.replace("{i}", str(i)) for i in range(10)
)
FEW, MANY = 10, 50


def job(exercise_id: str) -> dict[str, Any]:
    """The job of judging our own solution of an exercise."""
    course = load_course()
    exercise = course.exercise(exercise_id)
    source = (solution(exercise_id) / "solution.py").read_text("utf-8")
    answer = gather(course, exercise, source, None)
    return job_of(exercise, answer, diagnose=True, seed=0).plain()


def round_trip_row(exercise: str, runs: int) -> Row:
    """From the job to the result, over the socket, in a warm engine."""
    asked, times = job(exercise), []
    with open_engine() as engine:
        for _ in range(runs + 1):
            started = time.perf_counter()
            judge(asked, engine)
            times.append(1000 * (time.perf_counter() - started))
    found = statistics.median(times[1:])
    return Row(f"round trip {exercise}, milliseconds", found, 60.0, found, 1.0)


def cpu_row(runs: int) -> Row:
    """The CPU of one subject more in a session of ten trivial checks, engine and judge together."""
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder) / "suite.py"
        suite.write_text(SUITE, encoding="utf-8")
        found = statistics.median(
            (_cpu(suite, MANY) - _cpu(suite, FEW)) / (MANY - FEW) for _ in range(max(runs // 2, 1))
        )
    return Row("CPU of one subject more, ten checks, milliseconds", found, 25.0, found, 1.0)


def _cpu(suite: Path, subjects: int) -> float:
    """The milliseconds of CPU of an engine of our own that judges so many subjects at once."""
    one = {"main": "answer", "sources": {"answer": "def f(x):\n    return x + 1\n"}, "says": ""}
    asked = job("bleu") | {
        "suite": str(suite), "checks": [f"test_{i}" for i in range(10)], "mistakes": [],
        "solution": None, "subjects": [one | {"label": f"s{i}"} for i in range(subjects)],
    }  # fmt: skip
    before = _children()
    with PrivateEngine() as engine:
        result = judge(asked, engine)
    assert all(verdict["outcome"] == "passed" for verdict in result["verdicts"].values())
    return 1000 * (_children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resting_rows(exercise: str) -> list[Row]:
    """The CPU of an engine that waits, and its memory against a process with the same imports."""
    with open_engine() as engine:
        engine.warm(imports(load_course().exercise(exercise)))
        judge(job(exercise), engine)
        time.sleep(4)
        (status,) = [one for one in ask("status") if one["current"]]
        before = _ticks(status["pid"])
        time.sleep(2)
        used = _ticks(status["pid"]) - before
    mine, bare = float(status["resident"]), _bare(status["loaded"])
    return [
        Row("engine at rest, ticks of CPU in 2 seconds", used, 0.0, used, 1.0),
        Row(
            "engine at rest, memory / bare process, same imports",
            mine / bare,
            1.3,
            mine / 1e9,
            bare / 1e9,
        ),
    ]


def _bare(names: list[str]) -> float:
    """The resident bytes of a process that has imported these modules and nothing else."""
    code = (
        f"import importlib, os\nfor name in {names!r}: importlib.import_module(name)\n"
        "pages = int(open('/proc/self/statm').read().split()[1])\n"
        "print(pages * os.sysconf('SC_PAGE_SIZE'))"
    )
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
