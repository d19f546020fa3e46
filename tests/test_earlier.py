"""Earlier answers: whose they are is said, and a failure that one of them causes is laid there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.judging import WORLD

LLMEX = str(Path(sys.executable).with_name("llmex"))
USES = """
from small.double import double


def four_times(x):
    return double(double(x))
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The miniature course with one exercise more, which builds on `double`."""
    root = tmp_path / "course"
    shutil.copytree(WORLD, root)
    for tree in ("exercises", "solutions"):
        shutil.copytree(root / tree / "small" / "double", root / tree / "small" / "four-times")
    public, hidden = (root / tree / "small" / "four-times" for tree in ("exercises", "solutions"))
    text = (public / "exercise.yaml").read_text()
    head, _, _ = text.partition("checks:")
    head = head.replace("id: double", "id: four-times")
    (public / "exercise.yaml").write_text(head + "needs: [double]\nchecks: [test_four]\n")
    (public / "overlay.zh.yaml").unlink()
    (public / "stub.py").write_text("def four_times(x):\n    raise NotImplementedError\n")
    (hidden / "solution.py").write_text(USES)
    (hidden / "mistakes.yaml").write_text("[]\n")
    (hidden / "suite.py").write_text(
        "from llmex.grader.compare import assert_equal\n\n\n"
        'def test_four(learner):\n    """Four times"""\n'
        "    assert_equal(learner.four_times(3), 12)\n"
    )
    provided = root / "exercises" / "small" / "double" / "provided.py"
    provided.write_text("def double(x):\n    return 2 * x\n")
    syllabus = root / "exercises" / "course.yaml"
    syllabus.write_text(
        syllabus.read_text().replace("[double, total, ", "[double, four-times, total, ")
    )
    return root


def check(course: Path, folder: Path, double: str | None, four: str = USES) -> dict[str, object]:
    """What `llmex check four-times --json` reports for these two files."""
    home = folder / "work"
    run = [LLMEX, "--course", str(course), "--json"]
    environment = os.environ | {"LLMEX_ENGINE": "off"}
    subprocess.run([*run, "init", str(home)], check=True, capture_output=True, env=environment)
    (home / "small").mkdir()
    if double is not None:
        (home / "small" / "double.py").write_text(double)
    (home / "small" / "four_times.py").write_text(four)
    done = subprocess.run(
        [*run, "check", "four-times"], cwd=home, capture_output=True, env=environment, check=False
    )
    report: dict[str, object] = json.loads(done.stdout)["report"]
    return report


def outcome(report: dict[str, object]) -> object:
    """The outcome of a report's verdict."""
    verdict = report["verdict"]
    assert isinstance(verdict, dict)
    return verdict["outcome"]


def test_the_learners_own_is_used(course: Path, tmp_path: Path) -> None:
    """An earlier answer that the learner has written takes part, and the report says so."""
    report = check(course, tmp_path, "def double(x):\n    return x + x\n")
    assert (outcome(report), report["yours"], report["provided"]) == ("passed", ["double"], [])


def test_a_missing_one_is_provided(course: Path, tmp_path: Path) -> None:
    """Without an earlier answer the public stand-in takes its place, and the report says so."""
    report = check(course, tmp_path, None)
    assert (outcome(report), report["yours"], report["provided"]) == ("passed", [], ["double"])


def test_an_untouched_stub_is_provided(course: Path, tmp_path: Path) -> None:
    """A stub that was never touched counts as missing."""
    stub = (course / "exercises" / "small" / "double" / "stub.py").read_text()
    assert check(course, tmp_path, stub)["provided"] == ["double"]


def test_a_wrong_earlier_answer_is_blamed(course: Path, tmp_path: Path) -> None:
    """A failure that disappears with the stand-in lies with the earlier answer."""
    report = check(course, tmp_path, "def double(x):\n    return x\n")
    assert outcome(report) == "failed"
    assert report["blamed"] == ["double"]
    assert report["cleared"] == []


def test_a_right_earlier_answer_is_not_blamed(course: Path, tmp_path: Path) -> None:
    """A failure that stays with the stand-in lies with the answer itself."""
    own = "from small.double import double\n\n\ndef four_times(x):\n    return double(x)\n"
    report = check(course, tmp_path, "def double(x):\n    return x + x\n", own)
    assert outcome(report) == "failed"
    assert report["blamed"] == []
    assert report["cleared"] == ["double"]


def test_what_a_stand_in_calls_is_not_the_answers_doing(course: Path, tmp_path: Path) -> None:
    """A stand-in may call what the exercise forbids; the learner's own earlier answer may not."""
    metadata = course / "exercises" / "small" / "four-times" / "exercise.yaml"
    metadata.write_text(metadata.read_text() + "forbids: [math.fsum]\n")
    calls = "import math\n\n\ndef double(x):\n    return int(math.fsum([x, x]))\n"
    (course / "exercises" / "small" / "double" / "provided.py").write_text(calls)
    assert outcome(check(course, tmp_path / "lent", None)) == "passed"
    own = check(course, tmp_path / "own", calls.replace("x, x", "x, 0, x"))
    assert outcome(own) == "delegated"


def test_what_a_stand_in_has_from_a_library_is_not_the_answers_doing(
    course: Path, tmp_path: Path
) -> None:
    """A stand-in may be a library's class: what its methods call is not the answer's doing."""
    metadata = course / "exercises" / "small" / "four-times" / "exercise.yaml"
    metadata.write_text(metadata.read_text() + "forbids: [heapq.heappush]\n")
    provided = course / "exercises" / "small" / "double" / "provided.py"
    provided.write_text("import sched\n\n\nclass Queue(sched.scheduler):\n    pass\n")
    uses = "def four_times(x):\n    Queue().enter(0, 0, print)\n    return 4 * x\n"
    lent = f"from small.double import Queue\n\n\n{uses}"
    assert outcome(check(course, tmp_path / "lent", None, lent)) == "passed"
    own = f"import sched\n\n\nclass Queue(sched.scheduler):\n    pass\n\n\n{uses}"
    assert outcome(check(course, tmp_path / "own", None, own)) == "delegated"


def test_what_a_stand_in_calls_back_is_the_answers_doing(course: Path, tmp_path: Path) -> None:
    """An answer that hands a stand-in a forbidden call to make has delegated all the same."""
    metadata = course / "exercises" / "small" / "four-times" / "exercise.yaml"
    metadata.write_text(metadata.read_text() + "forbids: [math.fsum]\n")
    provided = course / "exercises" / "small" / "double" / "provided.py"
    provided.write_text("def double(x, how=lambda x: 2 * x):\n    return how(x)\n")
    (tmp_path / "called").mkdir()
    four = USES.replace("double(double(x))", "double(x, lambda x: int(sums.fsum([x] * 4)))")
    four = "sums = __import__('math')\n" + four  # an alias that the text alone does not tell
    assert outcome(check(course, tmp_path / "called", None, four)) == "delegated"


@pytest.mark.parametrize("imports", [True, False])
def test_a_mistake_is_named_whether_or_not_the_answer_imports(
    course: Path, tmp_path: Path, imports: bool
) -> None:
    """A mistake of a solution that imports is found behind an answer that writes all itself."""
    mistakes = course / "solutions" / "small" / "four-times" / "mistakes.yaml"
    mistakes.write_text(
        "- id: once\n  says: It doubles only once.\n"
        "  edit: [{find: double(double(x)), replace: double(x)}]\n"
    )
    alone = "def four_times(x):\n    return 2 * x\n"
    imported = "from small.double import double\n\n\ndef four_times(x):\n    return double(x)\n"
    report = check(course, tmp_path, None, imported if imports else alone)
    assert outcome(report) == "failed"
    assert report["diagnosis"] == {"mistake": "once", "says": "It doubles only once.", "calls": 1}
