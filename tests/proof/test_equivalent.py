"""Equivalent mutants are marked by name, truly and seldom; what is drawn and counted."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.cli.main import main
from llmex.grader.author import equivalent, proof
from llmex.grader.author.deep import drawn
from llmex.grader.author.mutants import mutants
from llmex.grader.author.stats import stats, total
from llmex.grader.catalog import Course, Exercise, load_course
from tests.judging import ROOT
from tests.proof.ground import found, proved

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


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
        (
            "- mutant: a -> b\n  why: yes it is\n",
            "equivalent.yaml:2:8: 'yes it is' does not say why no input can show it.",
        ),
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
