"""A learner's round on the command line: the workspace, the exercise, the check, the next one.

The judge's place is taken by reports made here: what is tested is what the commands do with them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.grader import grade as grading
from llmex.grader.report import Check, Diagnosis, Report, Sentence, Verdict

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

WORLD = Path(__file__).parent / "world"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test starts in an empty folder, in English, with a home of its own."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(grading, "ready", lambda _: contextlib.nullcontext())
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line on the miniature course: (exit code, standard output, errors)."""

    def run_(*arguments: str, course: bool = True) -> tuple[int, str, str]:
        where = ["--course", str(WORLD)] if course else []
        code = main([*arguments, *where])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_


def judged(outcome: str, passed: int = 0, of: int = 2, **fields: Any) -> Callable[..., Report]:
    """A judge that says the same of every answer."""

    def grade(exercise: Any, _answer: Any, **_: object) -> Report:
        states = ["passed"] * passed + ["failed"] * (of - passed)
        checks = tuple(Check(f"test_{i}", f"Claim {i}", s) for i, s in enumerate(states))  # type: ignore[arg-type]
        verdict = Verdict(outcome, checks, **fields)  # type: ignore[arg-type]
        found = Diagnosis("m", "It adds one.", 1) if outcome == "failed" else None
        return Report(exercise.id, exercise.version, verdict, found, seconds=0.2, tier="T2")

    return grade


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a judge in place who says what the test wants."""

    def judge_(outcome: str, passed: int = 0, of: int = 2, **fields: Any) -> None:
        monkeypatch.setattr(grading, "grade", judged(outcome, passed, of, **fields))

    return judge_


def facts(out: str) -> Mapping[str, Any]:
    """The one line of JSON on standard output."""
    assert out.count("\n") == 1
    plain: Mapping[str, Any] = json.loads(out)
    assert plain["schema"] == 1
    return plain


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
    assert "llmex init" in err


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


def test_reset_keeps_a_copy_and_restore_brings_it_back(run: Run) -> None:
    """What `reset` takes away, `restore` gives back."""
    run("next")
    Path("small/double.py").write_text("mine = 1\n", encoding="utf-8")
    copy = facts(run("reset", "--json")[1])["backup"]
    assert "mine" not in Path("small/double.py").read_text("utf-8")
    assert copy in run("restore")[1]
    assert run("restore", "double", copy)[0] == 0
    assert Path("small/double.py").read_text("utf-8") == "mine = 1\n"
    assert run("restore", "double", "1999")[0] == 2


def test_list_chooses_by_track_module_and_status(run: Run) -> None:
    """The filters of `list` leave what they name."""
    run("next")
    ids = [row["id"] for row in facts(run("list", "--track", "spine", "--json")[1])["exercises"]]
    assert ids == ["double", "total"]
    started = facts(run("list", "--status", "started", "--json")[1])["exercises"]
    assert [row["id"] for row in started] == ["double"]
    assert len(facts(run("list", "--module", "small", "--json")[1])["exercises"]) == 7
    assert run("list", "--status", "perfect")[0] == 2
    assert run("list", "--module", "large")[0] == 2


def test_tracks_changes_the_track(run: Run) -> None:
    """`tracks NAME` changes to that track, and refuses one that is not there."""
    run("next")
    assert facts(run("tracks", "full", "--json")[1])["track"] == "full"
    assert "track: full" in Path("progress.yaml").read_text("utf-8")
    assert run("tracks", "fast")[0] == 2


def test_status_shows_where_the_learner_is(run: Run, judge: Callable[..., None]) -> None:
    """`status` counts what passed and names the exercise at hand."""
    run("next")
    judge("passed", 2)
    run("check")
    plain = facts(run("status", "--json")[1])
    assert (plain["passed"], plain["of"], plain["current"]) == (1, 2, "double")
    assert "1 of 2 passed" in run("status")[1]


def test_init_makes_a_workspace_elsewhere(run: Run) -> None:
    """`init PATH` makes a workspace there, says how to go on, and does it only once."""
    code, out, _ = run("init", "my course", "--lang", "zh", course=False)
    assert code == 0
    assert "cd 'my course' && llmex next" in out
    assert "language: zh" in Path("my course/progress.yaml").read_text("utf-8")
    assert run("init", "my course", course=False)[0] == 2


def test_commands_find_the_workspace_from_below(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of the workspace the commands work, and paths are as typed from there."""
    run("next")
    monkeypatch.chdir("small")
    assert "double.py" in run("show")[1]
    assert "small/double.py" not in run("show")[1]


def test_the_workspace_speaks_its_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--lang comes first, then the workspace, then $LLMEX_LANG, then the locale."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "学习" in run("--help")[1]
    monkeypatch.setenv("LLMEX_LANG", "en")
    assert "Learn" in run("--help")[1]
    run("next", "--lang", "zh")
    assert "下一步" in run("next")[1]
    assert "Next:" in run("next", "--lang", "en")[1]


def test_a_repaired_progress_is_mentioned_once(run: Run) -> None:
    """When progress.yaml had to be mended, one line says so, and nothing is lost."""
    run("next")
    Path("progress.yaml").write_text("exercises: [", encoding="utf-8")
    code, out, err = run("status")
    assert code == 0
    assert err.count("damaged") >= 1
    assert "double" in out
    assert run("status")[2] == ""


def test_show_needs_no_workspace(run: Run) -> None:
    """A visitor can read a task and its notes anywhere, and nothing is written."""
    code, out, _ = run("show", "double")
    assert code == 0
    assert "double" in out
    assert "llmex next double" in out
    assert not list(Path().iterdir())


def test_complete_course_says_so(run: Run, judge: Callable[..., None]) -> None:
    """When everything has passed, `next` says that nothing is left."""
    judge("passed", 2)
    for _ in range(7):
        assert run("next")[0] == 0
        assert run("check")[0] == 0
    assert "every exercise" in run("next")[1]
