"""Sessions of an author check: who sits for what, with which seed, side by side."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llmex.grader import observation
from llmex.grader.author.bench import Bench
from llmex.grader.author.check import check
from llmex.grader.author.subjects import Cast, returning
from llmex.grader.catalog import Course, Exercise, load_course
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.evidence import Evidence
from llmex.grader.grade import grade, setting
from llmex.grader.job import Job, Subject
from llmex.grader.mistakes import mistakes
from llmex.grader.sources import gather
from llmex.grader.trace import Mark, call_of
from tests.authoring import write_example


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The document's course."""
    monkeypatch.setenv("LLMEX_ENGINE", "off")
    return load_course(write_example(tmp_path))


@pytest.fixture
def exercise(course: Course) -> Exercise:
    """The document's exercise."""
    return course.exercise("smoothed-loss")


def with_a_long_check(course: Course) -> Course:
    """The course with `test_runs` marked as long."""
    path = course.root / "exercises" / "training" / "smoothed-loss" / "exercise.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("forbids: []", "forbids: []\nlong: [test_runs]"), "utf-8")
    return load_course(course.root)


def test_everyone_sits(course: Course, exercise: Exercise) -> None:
    """Right answers with every seed, the solution twice, each mistake, the stub, and nonsense."""
    cast = Cast(course, exercise)
    right = list(cast.right(3))
    assert [one.name for one in right] == [
        "solution", "alternatives/two_sums", "alternatives/weight_matrix",
    ]  # fmt: skip
    assert {one.subject.seed for one in right} == {3}
    wrong = list(cast.wrong(mistakes(exercise)))
    assert [one.must for one in wrong] == ["pass", "pass"] + ["fail"] * 8
    empty = list(cast.empty())
    assert empty[0].must == "be unwritten"
    assert {one.must for one in empty[1:]} == {"be judged"}
    labels = [one.subject.label for one in (*right, *wrong[1:], *empty)]
    assert len(labels) == len(set(labels))
    assert [one.name for one in (*right, *wrong, *empty) if not one.subject.short] == [
        "solution", "solution",
    ]  # fmt: skip


def test_a_stub_returns_nonsense() -> None:
    """Each raise of NotImplementedError becomes a return; a constructor does nothing."""
    stub = (
        "class A:\n    def __init__(self):\n        raise NotImplementedError\n    def f(self):\n"
    )
    stub += '        """Says."""\n        raise NotImplementedError("later")\n'
    made: dict[str, Any] = {}
    exec(returning("(None, None)", stub), made)
    assert made["A"]().f() == (None, None)


def test_a_long_check_is_for_the_solution_and_the_learner(course: Course) -> None:
    """Nobody else sits for it: the mistake that only it would tell passes, which is a finding."""
    long = with_a_long_check(course)
    checked = check(long, ["smoothed-loss"])[0]
    texts = [str(error) for error in checked.findings]
    assert len(texts) == 1
    assert "the mistake 'runs-mixed' passes every check" in texts[0]
    assert set(checked.slowest) == set(long.exercise("smoothed-loss").checks)


def test_a_learner_sits_for_long_checks(course: Course) -> None:
    """A long check is judged and shown, and what fails only there is named after no mistake."""
    long = with_a_long_check(course)
    exercise = long.exercise("smoothed-loss")
    known = {mistake.id: mistake.source() for mistake in mistakes(exercise)}
    with PrivateEngine() as engine:
        answers = {name: gather(long, exercise, known[name], None) for name in known}
        mixed = grade(exercise, answers["runs-mixed"], engine=engine)
        swapped = grade(exercise, answers["weights-swapped"], engine=engine)
    assert [check.name for check in mixed.verdict.checks] == list(exercise.checks)
    assert mixed.verdict.outcome == "failed"
    assert mixed.diagnosis is None
    assert swapped.diagnosis is not None
    assert swapped.diagnosis.mistake == "weights-swapped"


def test_each_subject_has_its_own_seed(exercise: Exercise, tmp_path: Path) -> None:
    """In one session an answer gets other cases with another seed, and the same with its own."""
    suite = tmp_path / "suite.py"
    suite.write_text(
        "from llmex.grader.compare import assert_equal\n\n\n"
        "def test_seed(learner, rng, seed):\n"
        '    """Shows what it drew"""\n'
        '    assert_equal(learner.f(), f"{seed} {rng.integers(1000)}")\n'
    )
    subjects = tuple(
        Subject(label, "m", {"m": "def f():\n    return ''\n"}, seed=seed)
        for label, seed in (("a", 1), ("b", 2), ("c", 1))
    )
    values = setting(exercise) | {"suite": str(suite.resolve()), "checks": ("test_seed",)}
    with PrivateEngine() as engine:
        result = engine.run(Job(**values, subjects=subjects).plain())
    shown = {
        label: verdict["checks"][0]["counterexample"]["want"]
        for label, verdict in result["verdicts"].items()
    }
    assert shown["a"] == shown["c"]
    assert shown["a"] != shown["b"]
    assert "'2 " in shown["b"]


def test_one_subject_after_the_other(exercise: Exercise, tmp_path: Path) -> None:
    """A subject sits for all its quick checks before the next one does; long checks come last."""
    suite = tmp_path / "suite.py"
    suite.write_text(
        "from llmex.grader.compare import assert_equal\n"
        + "".join(
            f'\n\ndef test_{name}(learner):\n    """Is one"""\n    assert_equal(learner.f(), 1)\n'
            for name in ("long", "first", "second")
        )
    )
    source = {"m": "def f():\n    return 1\n"}
    checks = ("test_long", "test_first", "test_second")
    values = setting(exercise) | {"suite": str(suite.resolve()), "checks": checks}
    values |= {"long": ("test_long",)}
    subjects = tuple(Subject(label, "m", source) for label in ("a", "b"))
    heard: list[dict[str, Any]] = []
    with PrivateEngine() as engine:
        result = engine.run(Job(**values, subjects=subjects).plain(), heard.append)
    told = [(e["subject"], e["check"].removeprefix("test_")) for e in heard if "check" in e]
    assert told == [
        ("a", "first"), ("a", "second"), ("b", "first"), ("b", "second"), ("a", "long"),
        ("b", "long"),
    ]  # fmt: skip
    assert {verdict["outcome"] for verdict in result["verdicts"].values()} == {"passed"}


def test_jobs_run_side_by_side() -> None:
    """As many jobs as there are lines are judged at once; each step is counted."""
    together = threading.Barrier(2, timeout=10)
    steps: list[tuple[str, int, int]] = []

    class Engine:
        def run(self, _job: dict[str, Any], on_event: Any) -> dict[str, Any]:
            together.wait()  # breaks unless two are here at once
            on_event({"event": "check"})
            on_event({"event": "something else"})
            return {"done": True}

    bench = Bench(Engine(), 2, lambda *step: steps.append(step))  # type: ignore[arg-type]
    job = Job("x", "suite.py", (), ("test_a",), (Subject("a", "m", {}),), {})
    futures = [bench.submit(job), bench.submit(job)]
    assert [future.result() for future in futures] == [{"done": True}] * 2
    bench.close()
    assert sorted(steps) == [("x", 1, 2), ("x", 2, 2)]
    assert bench.seconds["x"] >= 0


def test_what_the_solution_was_asked() -> None:
    """Shapes, values and pairs of sizes, function by function, methods together; no stage."""
    heard = observation.Observation()
    large = Mark("large", "large", text="float32 array of shape (40, 50)")
    heard.note(
        [
            call_of("f", (np.zeros((3, 3)),), {"eps": 0.1}),
            call_of("f", (np.zeros(4),), {"eps": 0.1, "mask": None}),
            call_of("g", (large, [np.zeros((2, 2))])),
            call_of("stage.h", (1,)),
            call_of("M", (3, 3), {"eps": 0.1, "d": 2}),
            call_of("m.forward", (np.zeros((2, 2)),), on=Mark("m", made_by=call_of("M", (3, 3)))),
            call_of("m.forward", (1,), on=Mark("m")),
        ]
    )
    asked = heard.plain()
    assert set(asked) == {"f", "g", "M", "M()"}
    assert asked["M"]["pairs"] == {"0 1": False, "0 d": True, "1 d": True}
    assert asked["M()"]["arrays"] is True
    assert asked["M()"]["uneven"] is False
    assert asked["f"]["arrays"] is True
    assert asked["f"]["uneven"] is False
    assert asked["f"]["given"]["eps"] == ["0.1"]
    assert asked["f"]["given"]["mask"] == ["None"]
    assert asked["g"]["uneven"] is True


@pytest.mark.parametrize(
    ("kind", "want", "tolerance", "exact"),
    [
        ("equal", 0.1, None, True),
        ("equal", [1, 2], None, False),
        ("equal", np.array([0.5, 2.0]), None, True),
        ("equal", {"a": np.array([1.0, 2.0])}, None, False),
        ("close", np.array([0.1]), None, False),
        ("close", np.array([0.1]), 1e-12, False),
        ("close", np.array([0.1]), 0.0, True),
        ("close", np.array([1.0, 2.0]), 0.0, False),
        ("close", np.array([np.inf, 0.1]), 1e-17, True),
    ],
)
def test_what_is_compared_to_the_last_bit(
    kind: str, want: Any, tolerance: float | None, exact: bool
) -> None:
    """Fractions without room for another order of summation; whole numbers may be exact."""
    evidence = Evidence(kind, "", want, want, tolerance, tolerance, True, 0.0)
    assert observation._to_the_last_bit(evidence) is exact
