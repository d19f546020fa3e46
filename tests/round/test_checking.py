"""A learner's round: next, check, hint and solution, and what each records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.grader.report import Sentence
from tests.round.ground import Run, facts

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


def test_next_makes_a_workspace_and_says_so(run: Run) -> None:
    """In an empty folder `next` makes the workspace, and brings stub and notes."""
    code, out, _ = run("next")
    assert code == 0
    assert "Made a workspace here" in out
    assert "small/double.py" in out
    assert out.rstrip().endswith("llmex show")
    assert Path("progress.yaml").is_file()
    assert Path("small/double.py").is_file()
    assert Path("small/double.md").is_file()


def test_next_asks_for_init_where_other_things_are(run: Run) -> None:
    """A folder with other things in it is left alone, and the way out is named."""
    Path("thesis.tex").write_text("years of work", encoding="utf-8")
    code, out, err = run("next")
    assert (code, out) == (2, "")
    assert "llmex init PATH" in err
    assert sorted(p.name for p in Path().iterdir()) == ["thesis.tex"]


def test_next_repeats_until_it_passes(run: Run, judge: Callable[..., None]) -> None:
    """`next` brings the same exercise until it passes, and then the one after it."""
    run("next")
    assert "double" in run("next")[1].splitlines()[0]
    judge("failed", 1)
    assert run("check")[0] == 1
    assert "double" in run("next")[1].splitlines()[0]
    judge("passed", 2)
    assert run("check")[0] == 0
    assert "total" in run("next")[1].splitlines()[0]


def test_next_with_an_id_skips_ahead(run: Run) -> None:
    """`next ID` goes straight to that exercise, and `check` means it from then on."""
    run("next")
    assert "scale" in run("next", "scal")[1].splitlines()[0]
    assert "scale" in run("next")[1].splitlines()[0]


def test_next_keeps_what_the_learner_wrote(run: Run) -> None:
    """A file that is there is never written over."""
    run("next")
    Path("small/double.py").write_text("mine = 1\n", encoding="utf-8")
    run("next")
    assert Path("small/double.py").read_text("utf-8") == "mine = 1\n"


def test_check_shows_the_verdict_and_records_it(run: Run, judge: Callable[..., None]) -> None:
    """A failed check ends in 1, names the cause and the next step, and is counted."""
    run("next")
    judge("failed", 1)
    code, out, err = run("check")
    assert code == 1
    assert "Checking double ..." in err
    assert "1 of 2 checks pass" in out
    assert "It adds one." in out
    assert "llmex check" in out.splitlines()[-2]
    assert facts(run("list", "--json")[1])["exercises"][0]["checks_passed"] == 1


def test_check_of_ours_gone_wrong_is_3_and_counts_for_nothing(
    run: Run, judge: Callable[..., None]
) -> None:
    """Where llmex could not judge, the exit code is 3 and no attempt is recorded."""
    run("next")
    judge("grader-error", problem=Sentence("The suite broke."))
    code, out, _ = run("check")
    assert code == 3
    assert "not a mistake of yours" in out
    assert "attempts: 0" in Path("progress.yaml").read_text("utf-8")


def test_delegated_does_not_pass(run: Run, judge: Callable[..., None]) -> None:
    """A right answer that leaves the work to a library is shown as such, and ends in 1."""
    run("next")
    judge("delegated", 2, delegated_to=("sum",))
    code, out, _ = run("check")
    assert code == 1
    assert "leaves the work to sum" in out
    assert "double" in run("next")[1].splitlines()[0]


def test_check_all_judges_what_was_begun(run: Run, judge: Callable[..., None]) -> None:
    """`check --all` shows one line for each exercise that was begun."""
    run("next")
    run("next", "total")
    judge("passed", 2)
    code, out, _ = run("check", "--all")
    assert code == 0
    assert "All 2 exercises pass." in out


def test_check_of_a_file_is_not_recorded(run: Run, judge: Callable[..., None]) -> None:
    """`check ID --file F` judges another file and leaves progress as it was."""
    run("next")
    Path("other.py").write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    before = Path("progress.yaml").read_bytes()
    judge("passed", 2)
    code, out, _ = run("check", "double", "--file", "other.py")
    assert code == 0
    assert "not recorded" in out
    assert Path("progress.yaml").read_bytes() == before


def test_check_before_next_says_what_to_do(run: Run) -> None:
    """Without a workspace or an exercise, `check` says how to come by one."""
    code, _, err = run("check", course=False)
    assert code == 2
    assert "llmex next" in err


def test_hint_goes_one_further_each_time(run: Run) -> None:
    """Each `hint` shows one more and records it; after the last come all of them."""
    run("next")
    first = facts(run("hint", "--json")[1])
    assert first["level"] == 1
    total = first["of"]
    for _ in range(total):
        last = facts(run("hint", "--json")[1])
    assert last["level"] == total
    assert len(last["hints"]) == total
    assert f"hints_seen: {total}" in Path("progress.yaml").read_text("utf-8")


def test_solution_waits_for_a_pass(run: Run, judge: Callable[..., None]) -> None:
    """The solution comes after a pass; with --give-up before it, and that is recorded."""
    run("next")
    code, out, err = run("solution")
    assert (code, out) == (2, "")
    assert "--give-up" in err
    code, out, _ = run("solution", "--give-up")
    assert code == 0
    assert "def double" in out
    assert "gave_up: true" in Path("progress.yaml").read_text("utf-8")
    run("next", "total")
    judge("passed", 2)
    run("check")
    assert "def total" in run("solution")[1]
