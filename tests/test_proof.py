"""proof.yaml: when it is missing, old or weak; what may be called equivalent; what CI draws."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.grader.author import equivalent, proof
from llmex.grader.author.check import check
from llmex.grader.author.deep import drawn
from llmex.grader.author.mutants import mutants
from llmex.grader.author.proof import Gradients, Proof, Runs, Score, Spent
from llmex.grader.author.stats import stats, total
from llmex.grader.catalog import Course, Exercise, load_course
from tests.authoring import write_example
from tests.judging import ROOT, WORLD

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The miniature course, to be changed."""
    for tree in ("exercises", "solutions"):
        shutil.copytree(WORLD / tree, tmp_path / tree)
    return tmp_path


@pytest.fixture
def course(root: Path) -> Course:
    """The course in it."""
    return load_course(root)


@pytest.fixture
def double(course: Course) -> Exercise:
    """Its first exercise."""
    return course.exercise("double")


def proved(course: Course, exercise: Exercise, **changes: Any) -> Proof:
    """A proof that holds, with these fields changed."""
    good = Proof(
        schema=proof.SCHEMA,
        llmex="0.1.0",
        date="2026-01-01",
        seeds=Runs(200, 0, ("solution",)),
        mutants=Score(40, 38, 1, ("3 double: 2 * x -> 2 / x",)),
        gradients=Gradients(("double",), 3, 3),
        checks={"test_small": Spent(1.5, 0.0)},
        files=proof.hashes(course, exercise),
    )
    return dataclasses.replace(good, **changes)


def found(course: Course, exercise: Exercise) -> list[str]:
    """What the quick check says of the exercise's proof: each problem in one line."""
    return [error.problem.english() for error in proof.findings(course, exercise)]


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


@pytest.mark.parametrize("name", ["solution.py", "suite.py", "mistakes.yaml"])
def test_a_proof_is_old_when_a_hidden_file_changes(
    course: Course, double: Exercise, name: str
) -> None:
    """A changed solution, suite or list of mistakes makes the proof old, and is named."""
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


def test_words_and_line_ends_age_no_proof(course: Course, double: Exercise) -> None:
    """Notes, translations and Windows line ends leave a proof as good as it was."""
    proof.write(double, proved(course, double))
    for name in ("notes.en.md", "notes.zh.md", "overlay.zh.yaml"):
        path = double.folder / name
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    stub = double.stub_path
    stub.write_bytes(stub.read_bytes().replace(b"\n", b"\r\n"))
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


# -- equivalent.yaml ------------------------------------------------------------------------------

Write = Callable[[str], Path]


@pytest.fixture
def mark(double: Exercise) -> Write:
    """Writes equivalent.yaml."""

    def write(text: str) -> Path:
        path = double.solution_folder / equivalent.FILE
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- mutant: a -> b\n", "equivalent.yaml:1:3: the field 'why' is missing."),
        ("- mutant: a -> b\n  why: yes it is\n", "equivalent.yaml:2:8: 'yes it is' does not say"),
        ("- mutnat: a -> b\n  why: no input can ever show it\n", "unknown field 'mutnat'"),
        (
            "- mutant: a -> b\n  why: &w no input can ever show it\n"
            "- mutant: a -> b\n  why: no input can ever show this\n",
            "equivalent.yaml:3:11: 'a -> b' is marked twice.",
        ),
        ("mutant: a\n", "equivalent.yaml:1:1: "),
    ],
    ids=["no reason", "half a reason", "a typo", "twice", "no list"],
)
def test_errors_in_equivalent_yaml_name_their_line(
    course: Course, double: Exercise, mark: Write, text: str, problem: str
) -> None:
    """The quick check reads equivalent.yaml strictly."""
    mark(text)
    assert any(problem in line for line in found(course, double))


def test_marks_must_be_true_and_few(double: Exercise, mark: Write) -> None:
    """A mark of no mutant, of one that a check tells, and one mark too many are findings."""
    every = mutants(double.solution_path.read_text("utf-8"))
    entry = '- mutant: "{name}"\n  why: No input can show it, for a test\n'
    mark("".join(entry.format(name=name) for name in (every[0].name, every[1].name, "f: a -> b")))
    marked, errors = equivalent.marked(double)
    assert errors == []
    killed = {every[1].name: "test_law"}
    said = [error.problem.english() for error in marked.disagreements(every, killed)]
    assert f"'{every[1].name}' is not equivalent: test_law tells it." in said[0]
    assert "equivalent.yaml:5:11: there is no mutant 'f: a -> b'." in said[1]
    assert f"3 of {len(every)} mutants are marked as equivalent." in said[2]
    assert len(said) == 3


def test_a_tenth_may_be_marked(double: Exercise, mark: Write) -> None:
    """Exactly a tenth is not too much."""
    some = mutants("def f(x):\n    return x + 1\n")[0]
    every = [dataclasses.replace(some, name=f"m{i}") for i in range(20)]
    mark("".join(f"- mutant: m{i}\n  why: No input can show it.\n" for i in range(2)))
    marked, errors = equivalent.marked(double)
    assert errors == []
    assert list(marked.disagreements(every, {})) == []
    assert len(list(marked.disagreements(every[:19], {}))) == 1


# -- what is drawn, what is counted ---------------------------------------------------------------


def test_a_revision_draws_two_exercises() -> None:
    """The same hash draws the same two, others draw others, and everyone's turn comes."""
    ids = [f"exercise-{i}" for i in range(20)]
    one = drawn(ids, "1f0c9a\n")
    assert one == drawn(ids, "1f0c9a")
    assert len(one) == 2
    assert one == sorted(one, key=ids.index)
    turns = {exercise for n in range(200) for exercise in drawn(ids, f"{n:x}")}
    assert turns == set(ids)
    assert drawn(ids[:1], "1f0c9a") == ids[:1]


def test_the_numbers_of_a_course(course: Course, double: Exercise) -> None:
    """Checks and mistakes are counted, and what a proof says is taken over; the rest is zero."""
    proof.write(double, proved(course, double))
    lines = {line.id: line for line in stats(course, course.ids)}
    one, other = lines["double"], lines["scale"]
    assert (one.checks, one.mistakes, one.proof, one.mutants) == (3, 2, "good", 40)
    assert (one.killed, one.survivors, one.cpu_ms, one.gradients) == (38, 1, 1.5, 3)
    assert one.score == round(38 / 39, 4)
    assert (other.proof, other.mutants, other.score) == ("missing", 0, 0.0)
    together = total(list(lines.values()))
    assert together["proved"] == 1
    assert together["exercises"] == len(lines)
    assert together["score"] == one.score


def test_every_committed_proof_is_read() -> None:
    """No proof.yaml of the course is broken."""
    own = load_course(ROOT)
    for exercise_id in own.ids:
        assert proof.state(own, own.exercise(exercise_id)) != "broken", exercise_id


def test_stats_for_programs(
    course: Course, double: Exercise, capsys: pytest.CaptureFixture[str]
) -> None:
    """`author stats --json` says the same for a program, exercise by exercise and in all."""
    proof.write(double, proved(course, double))
    assert main(["author", "stats", "--json", "--course", str(course.root)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [line["id"] for line in said["exercises"]] == list(course.ids)
    assert said["exercises"][0] == dataclasses.asdict(stats(course, ["double"])[0])
    assert said["total"]["mutants"] == 40
    assert main(["author", "stats", "double", "--course", str(course.root)]) == 0
    assert "38/39" in capsys.readouterr().out


def test_what_is_not_clean_is_not_proved(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`author check --deep` begins with the quick check, and ends there if it finds something."""
    monkeypatch.setenv("LLMEX_ENGINE", "off")
    where = ["--course", str(course.root), "--json"]
    assert main(["author", "check", "--deep", "double", *where]) == 1
    (one,) = json.loads(capsys.readouterr().out)["exercises"]
    assert (one["id"], one["proved"], one["proof"]) == ("double", False, None)
    assert one["findings"][0]["line"] > 0
    assert proof.state(course, course.exercise("double")) == "missing"
