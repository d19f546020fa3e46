"""A proof is kept, grows old with what it proves, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmex.grader.author import proof
from llmex.grader.author.check import check
from llmex.grader.author.proof import Gradients, Runs, Score
from llmex.grader.catalog import Course, Exercise, load_course
from tests.authoring import write_example
from tests.proof.ground import found, proved

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


def test_a_proof_comes_back_as_it_was_written(course: Course, double: Exercise) -> None:
    """What was written is read again, and nothing is wrong with it."""
    wanted = proved(course, double)
    proof.write(double, wanted)
    assert proof.load(double) == (wanted, [])
    assert found(course, double) == []
    assert proof.state(course, double) == "good"


def test_a_missing_proof_is_a_finding(course: Course, double: Exercise) -> None:
    """Without proof.yaml the quick check says so, and what to type."""
    (error,) = proof.findings(course, double)
    assert "proof.yaml:1: this file is missing." in error.problem.english()
    assert error.remedy.english() == "Run `llmex author check --deep double`."
    assert proof.state(course, double) == "missing"


@pytest.mark.parametrize("name", ["solution.py", "suite.py"])
def test_a_proof_is_old_when_a_hidden_file_changes(
    course: Course, double: Exercise, name: str
) -> None:
    """A changed solution or suite makes the proof old, and is named."""
    proof.write(double, proved(course, double))
    path = double.solution_folder / name
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    (problem,) = found(course, double)
    assert f"this is old, solutions/{name} changed since." in problem
    assert proof.state(course, double) == "old"


@pytest.mark.parametrize("name", ["stub.py", "exercise.yaml"])
def test_a_proof_is_old_when_a_public_file_changes(
    course: Course, double: Exercise, name: str
) -> None:
    """A changed stub or description makes the proof old."""
    proof.write(double, proved(course, double))
    path = double.folder / name
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert f"exercises/{name} changed" in found(course, double)[0]


def test_a_proof_is_old_when_a_file_comes_or_goes(course: Course, double: Exercise) -> None:
    """A new alternative, and one that is taken away, are changes too."""
    folder = double.solution_folder / "alternatives"
    folder.mkdir()
    (folder / "other.py").write_text("x = 1\n", "utf-8")
    assert "solutions/alternatives/other.py" in proof.hashes(course, double)
    proof.write(double, proved(course, double))
    assert found(course, double) == []
    (folder / "other.py").unlink()
    assert "alternatives/other.py changed" in found(course, double)[0]


@pytest.mark.parametrize("name", [".ruff_cache/0.17/1", ".cache/a.py", "__pycache__/a.pyc", ".x"])
def test_what_tools_leave_is_no_part_of_a_proof(
    course: Course, double: Exercise, name: str
) -> None:
    """A linter's cache beside a suite, however deep, neither ages a proof nor enters one."""
    before = proof.hashes(course, double)
    left = double.solution_folder / name
    left.parent.mkdir(exist_ok=True, parents=True)
    left.write_text("left by a tool", "utf-8")
    assert proof.hashes(course, double) == before


def test_words_and_line_ends_age_no_proof(course: Course, double: Exercise) -> None:
    """Notes, translations and Windows line ends leave a proof as good as it was."""
    proof.write(double, proved(course, double))
    for name in ("notes.en.md", "notes.zh.md", "overlay.zh.yaml"):
        path = double.folder / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    stub = double.stub_path
    stub.write_bytes(stub.read_bytes().replace(b"\n", b"\r\n"))
    assert found(course, double) == []


def test_another_known_mistake_ages_no_proof(course: Course, double: Exercise) -> None:
    """The deep check makes no known mistake, every other check makes them all."""
    proof.write(double, proved(course, double))
    known = double.solution_folder / "mistakes.yaml"
    known.write_text(known.read_text("utf-8") + "# one more\n", "utf-8")
    (double.solution_folder / "mistakes").mkdir(exist_ok=True)
    (double.solution_folder / "mistakes" / "other.py").write_text("x = 1\n", "utf-8")
    assert found(course, double) == []


def test_a_provided_answer_that_is_imported_counts(course: Course) -> None:
    """A solution's proof is old when the stand-in of an earlier answer that it uses changes."""
    double, scale = course.exercise("double"), course.exercise("scale")
    provided = double.folder / "provided.py"
    provided.write_text("def double(x):\n    return x + x\n", "utf-8")
    path = scale.solution_path
    path.write_text("from small.double import double\n" + path.read_text("utf-8"), "utf-8")
    proof.write(scale, proved(course, scale))
    assert found(course, scale) == []
    provided.write_text("def double(x):\n    return 2 * x\n", "utf-8")
    assert "imports/small.double changed" in found(course, scale)[0]


WEAK: dict[str, dict[str, Any]] = {
    "fewer seeds": {"seeds": Runs(199, 0, ("solution",))},
    "a failure": {"seeds": Runs(200, 1, ("solution",))},
    "too many survivors": {"mutants": Score(40, 36, 1)},
    "too many equivalents": {"mutants": Score(40, 35, 5)},
    "a wrong gradient": {"gradients": Gradients(("double",), 3, 2)},
    "an older format": {"schema": proof.SCHEMA + 1},
}


@pytest.mark.parametrize("name", WEAK)
def test_a_proof_that_proves_too_little_is_none(
    course: Course, double: Exercise, name: str
) -> None:
    """Numbers below what is asked for are a finding, whoever wrote them."""
    proof.write(double, proved(course, double, **WEAK[name]))
    (problem,) = found(course, double)
    assert "this proves less than it must." in problem
    assert proof.state(course, double) == "weak"


def test_a_broken_proof_names_its_line(course: Course, double: Exercise) -> None:
    """A proof that is edited by hand is read as strictly as every other file."""
    path = proof.write(double, proved(course, double))
    path.write_text(path.read_text("utf-8").replace("  killed: 38", "  killed: many"), "utf-8")
    line = path.read_text("utf-8").split("\n").index("  killed: many") + 1
    (problem,) = found(course, double)
    assert f"proof.yaml:{line}:" in problem
    assert proof.state(course, double) == "broken"


def test_the_quick_check_asks_for_the_proof(tmp_path: Path) -> None:
    """`author check` fails where the proof is missing, once there is nothing else to mend."""
    course = load_course(write_example(tmp_path))
    (exercise_id,) = course.ids
    (asked,) = check(course, [exercise_id], proofs=True)
    assert [error.problem.text for error in asked.findings] == [
        "{file}:{line}: this file is missing."
    ]
    exercise = course.exercise(exercise_id)
    proof.write(exercise, proved(course, exercise))
    assert check(course, [exercise_id], proofs=True)[0].findings == ()
    (exercise.solution_folder / "alternatives" / "extra.py").write_text("x = (\n", "utf-8")
    broken = check(course, [exercise_id], proofs=True)[0].findings
    assert broken
    assert not any("proof.yaml" in error.problem.english() for error in broken)
