"""A learner's round: what keeps house, what looks around, and what is said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.round.ground import Run, facts

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


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


def test_the_last_copy_is_the_newest(run: Run) -> None:
    """`last` brings the newest of several copies; a part of a name is none."""
    run("next")
    for text in ("first = 1\n", "second = 2\n"):
        Path("small/double.py").write_text(text, encoding="utf-8")
        run("reset")
    assert run("restore", "double", "20")[0] == 2
    assert run("restore", "double", "last")[0] == 0
    assert Path("small/double.py").read_text("utf-8") == "second = 2\n"
    assert run("restore", "total", "last")[0] == 2


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
