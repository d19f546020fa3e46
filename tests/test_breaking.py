"""`llmex break`: after a pass, one thing is broken and what changes is shown; never before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.cli.main import main
from llmex.grader.catalog import mistakes
from tests.judging import WORLD, course, world_solution

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def llmex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command on the miniature course in an empty folder: exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--course", str(WORLD)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.fixture
def passed(llmex: Run) -> Run:
    """The same, after `double` has passed."""
    assert llmex("next", "double")[0] == 0
    Path("small/double.py").write_text(world_solution("double"))
    assert llmex("check")[0] == 0
    return llmex


def test_before_a_pass_nothing_is_told(llmex: Run) -> None:
    """What could be broken tells much of the answer: it waits for the pass."""
    llmex("next", "double")
    code, out, err = llmex("break")
    assert (code, out) == (2, "")
    assert "not passed double yet" in err
    assert "--give-up" in err


def test_after_giving_up_it_can_be_broken(llmex: Run) -> None:
    """Whoever has seen the solution may break it, too."""
    llmex("next", "double")
    llmex("solution", "--give-up")
    assert llmex("break")[0] == 0


def test_all_that_can_be_broken_is_listed(passed: Run) -> None:
    """Every known mistake is a line of the list, in the order of its number."""
    known = mistakes(course().exercise("double"))
    code, out, _ = passed("break")
    assert code == 0
    assert [out.find(one.says) > 0 for one in known] == [True] * len(known)
    assert "llmex break double 1" in out


def test_a_change_shows_its_code_and_what_it_breaks(passed: Run) -> None:
    """The difference is shown, with the promise that no longer holds and both values."""
    one = mistakes(course().exercise("double"))[0]
    code, out, _ = passed("break", "1")
    assert code == 0
    assert one.says in out
    assert "want" in out
    assert "got" in out
    assert "-    return 2 * x\n" in out
    assert "+    return x * x\n" in out
    assert "promises still hold" in out


def test_it_is_found_by_number_id_or_part_of_it(passed: Run) -> None:
    """A number of the list, an id, and a part that only one id has mean the same change."""
    known = mistakes(course().exercise("double"))
    for text in ("1", known[0].id):
        code, out, _ = passed("break", "double", text, "--json")
        facts = json.loads(out)
        assert (code, facts["change"]) == (0, known[0].id)
        assert facts["report"]["verdict"]["outcome"] == "failed"


@pytest.mark.parametrize("text", ["0", "99", "no-such-change", "²"])
def test_what_is_not_in_the_list_is_refused(passed: Run, text: str) -> None:
    """A wrong number or name gets a short answer with the next step."""
    code, out, err = passed("break", "double", text)
    assert (code, out) == (2, "")
    assert "`llmex break double` lists them" in err


def test_nothing_is_recorded(passed: Run) -> None:
    """Breaking the solution leaves the learner's progress and file as they were."""
    before = Path("progress.yaml").read_bytes(), Path("small/double.py").read_bytes()
    passed("break", "1")
    assert before == (Path("progress.yaml").read_bytes(), Path("small/double.py").read_bytes())
