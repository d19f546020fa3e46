"""The deep check on the miniature course: what it counts, what it finds, and what it writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llmex.grader.author import proof
from llmex.grader.author.deep import Proved, deep
from llmex.grader.author.mutants import mutants
from llmex.grader.catalog import Course, load_course
from tests.judging import WORLD

WEAK_SUITE = '''from llmex.grader.compare import assert_equal


def test_small(learner):
    """Doubles a small number"""
    assert_equal(learner.double(2), 4)


def test_law(learner):
    """Doubles another"""
    assert_equal(learner.double(0), 0)


def test_list(learner):
    """Doubles every number of a list"""
    assert_equal(learner.double_all([]), [])
'''
LOOP = '''

def half(x: int) -> int:
    """Half of `x`."""
    n = 0
    while n + n < x:
        n += 1
    return n
'''
HALF = '''

def test_half(learner):
    """Halves a number"""
    for x in (0, 2, 10):
        assert_equal(learner.half(x), x // 2)
'''
NO_GRADIENT = '''import torch

from llmex.grader.compare import assert_close


def test_layer(learner, trng, sizes):
    """Multiplies by the weight"""
    for n, d in sizes(2):
        weight, x = torch.randn(d, generator=trng), torch.randn(n, d, generator=trng)
        layer = learner.Scale(d)
        assert_close(layer(x), x)
        learner.load(layer, {"weight": weight})
        assert_close(layer(x), x * weight)


def test_gradient(learner):
    """Keeps the shape"""
    assert_close(learner.Scale(3)(torch.ones(2, 3)), torch.ones(2, 3))


def test_in_place(learner):
    """Scales a tensor in place"""
    w = torch.tensor([1.0, 2.0])
    learner.inplace.scale_(w, 3.0)
    assert_close(w, torch.tensor([3.0, 6.0]))
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The miniature course, to be changed."""
    for tree in ("exercises", "solutions"):
        shutil.copytree(WORLD / tree, tmp_path / tree)
    return load_course(tmp_path)


def proved(course: Course, exercise: str, seeds: int = 2, again: bool = False) -> Proved:
    """What the deep check says of one exercise."""
    (one,) = deep(course, [exercise], seeds=seeds, again=again)
    assert one.trouble is None
    return one


def said(one: Proved) -> str:
    """All findings as one text."""
    return "\n".join(error.problem.english() for error in one.findings)


def test_a_good_exercise_is_proved_and_the_proof_is_kept(course: Course) -> None:
    """On 200 seeds nothing fails, every mutant is told, and proof.yaml is there and fresh."""
    exercise = course.exercise("double")
    one = proved(course, "double", seeds=proof.SEEDS)
    assert one.findings == ()
    kept, errors = proof.load(exercise)
    assert errors == []
    assert kept == one.proof
    assert kept is not None
    every = mutants(exercise.solution_path.read_text("utf-8"))
    assert (kept.seeds.run, kept.seeds.failed, kept.seeds.right) == (200, 0, ("solution",))
    assert (kept.mutants.made, kept.mutants.killed) == (len(every), len(every))
    assert list(kept.checks) == list(exercise.checks)
    assert all(0 < spent.cpu_ms < 1000 for spent in kept.checks.values())
    assert proof.state(course, exercise) == "good"
    again = proved(course, "double", seeds=proof.SEEDS, again=True)
    assert again.findings == ()


def test_few_seeds_write_nothing(course: Course) -> None:
    """A short run for a first look leaves no proof behind."""
    assert proved(course, "double").findings == ()
    assert proof.state(course, course.exercise("double")) == "missing"


def test_survivors_are_named_with_their_line(course: Course) -> None:
    """Where the suite is weak, each mutant that passes is a finding at its line."""
    exercise = course.exercise("double")
    exercise.suite_path.write_text(WEAK_SUITE, "utf-8")
    one = proved(course, "double")
    names = [mutant.name for mutant in one.survivors]
    assert "double_all: [2 * x for x in xs] -> [2 for x in xs]" in names
    assert len(one.findings) == len(names)
    line = (
        exercise.solution_path.read_text("utf-8")
        .split("\n")
        .index("    return [2 * x for x in xs]")
    )
    assert f"solution.py:{line + 1}: no check tells this mutant: double_all" in said(one)
    assert proof.state(course, exercise) == "missing"


def test_marked_mutants_do_not_count(course: Course) -> None:
    """What equivalent.yaml marks is no survivor; a mark that a check refutes is a finding."""
    exercise = course.exercise("double")
    exercise.suite_path.write_text(WEAK_SUITE, "utf-8")
    name = proved(course, "double").survivors[0].name
    path = exercise.solution_folder / "equivalent.yaml"
    path.write_text(f'- mutant: "{name}"\n  why: Nobody looks at it, says this test.\n', "utf-8")
    marked = proved(course, "double")
    assert name not in [mutant.name for mutant in marked.survivors]
    assert marked.proof is not None
    assert marked.proof.mutants.equivalent == 1
    shutil.copy(WORLD / "solutions/small/double/suite.py", exercise.suite_path)
    assert f"equivalent.yaml:1:11: '{name}' is not equivalent: test_list" in said(
        proved(course, "double")
    )


def test_a_right_answer_that_fails_is_found_on_any_seed(course: Course) -> None:
    """An alternative that is wrong on rare draws only is found among the seeds."""
    exercise = course.exercise("double")
    folder = exercise.solution_folder / "alternatives"
    folder.mkdir()
    rare = "def double(x):\n    return x + x if x % 50 != 41 else 0\n"
    rest = "def double_all(xs):\n    return [x + x for x in xs]\n"
    (folder / "rare.py").write_text(rare + "\n\n" + rest, "utf-8")
    one = proved(course, "double", seeds=40)
    assert "rare.py:1: this right answer does not pass (seed " in said(one)
    assert one.proof is not None
    assert 0 < one.proof.seeds.failed < 20


def test_mutants_that_never_end_cost_little(course: Course) -> None:
    """An endless loop is stopped long before the limit of the exercise, and counts as told."""
    exercise = course.exercise("double")
    for path, text in ((exercise.solution_path, LOOP), (exercise.suite_path, HALF)):
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    stub = exercise.stub_path
    stub.write_text(
        stub.read_text("utf-8") + LOOP.split("    n = 0")[0] + "    raise NotImplementedError\n"
    )
    yaml = exercise.folder / "exercise.yaml"
    text = yaml.read_text("utf-8").replace("  - test_list\n", "  - test_list\n  - test_half\n")
    yaml.write_text(text.replace("cpu_s: 1, wall_s: 5", "cpu_s: 60, wall_s: 60"), "utf-8")
    one = proved(load_course(course.root), "double")
    assert said(one) == ""
    assert [m.name for m in one.survivors] == ["half: n = 0 -> n = -1"]  # which nothing shows


def test_wrong_gradients_are_told_apart(course: Course) -> None:
    """Zero, flipped and doubled gradients of a layer fail a suite that looks at gradients."""
    one = proved(course, "scale")
    assert one.proof is not None
    gradients = one.proof.gradients
    assert (gradients.names, gradients.injected, gradients.killed) == (("Scale",), 3, 3)


def test_a_suite_without_gradients_is_found(course: Course) -> None:
    """Each wrong gradient that a torch suite lets pass is a finding."""
    exercise = course.exercise("scale")
    exercise.suite_path.write_text(NO_GRADIENT, "utf-8")
    one = proved(course, "scale")
    for kind in ("zero", "sign-flipped", "doubled"):
        assert f"every check passes with the gradients of 'Scale' {kind}." in said(one)
    assert one.survivors == ()


def test_a_proof_that_claims_too_much_is_found(course: Course) -> None:
    """When CI proves again, a number that was edited, or a missing proof, is a finding."""
    exercise = course.exercise("double")
    missing = proved(course, "double", again=True)
    assert "proof.yaml:1: this file is missing." in said(missing)
    assert missing.proof is not None
    one = proved(course, "double")
    assert one.proof is not None
    proof.write(exercise, one.proof)
    assert proved(course, "double", again=True).findings == ()
    path = exercise.solution_folder / proof.FILE
    text = path.read_text("utf-8")
    path.write_text(text.replace("killed: 8", "killed: 9").replace("made: 8", "made: 9"), "utf-8")
    assert "it says that 9 of 9 mutants are told, but now 8 of 8" in said(
        proved(course, "double", again=True)
    )
    path.write_text(text.replace("killed: 8", "killed: 7"), "utf-8")
    assert proved(course, "double", again=True).findings == (), "one mutant more is no fault"


def test_a_suite_that_breaks_on_a_mutant_is_found(course: Course) -> None:
    """A suite's own error on a wrong answer is no kill: a learner would see llmex fail."""
    exercise = course.exercise("double")
    text = exercise.suite_path.read_text("utf-8")
    fragile = text.replace(
        "    assert_equal(learner.double_all([1, 3, 5]), [2, 6, 10])",
        "    got = learner.double_all([1, 3, 5])\n    assert_equal(got[0] // (got[1] - 2), 0)",
    )
    exercise.suite_path.write_text(fragile, "utf-8")
    one = proved(course, "double")
    assert "the suite breaks on double_all: " in said(one)


def test_gradients_that_are_not_promised_are_excused(course: Course) -> None:
    """With a sentence that says why, no check need tell them, and the proof leaves them out."""
    course.exercise("scale").suite_path.write_text(NO_GRADIENT, "utf-8")
    excuse = "- mutant: gradients of Scale\n  why: It only scales what is shown to people.\n"
    course.exercise("scale").suite_path.with_name("equivalent.yaml").write_text(excuse)
    one = proved(course, "scale")
    assert "gradients" not in said(one)
    assert one.proof is not None
    assert (one.proof.gradients.names, one.proof.gradients.injected) == ((), 0)


def test_an_excuse_that_a_check_refutes_is_found(course: Course) -> None:
    """Where a check does differentiate, the excuse goes; so it does for what has no gradient."""
    excuse = "- mutant: gradients of {}\n  why: It only scales what is shown to people.\n"
    path = course.exercise("scale").suite_path.with_name("equivalent.yaml")
    path.write_text(excuse.format("Scale") + excuse.format("scale_"))
    text = said(proved(course, "scale"))
    assert "'gradients of Scale' is not equivalent: test_gradient tells it." in text
    assert "there is no mutant 'gradients of scale_'." in text
