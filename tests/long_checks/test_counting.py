"""What counts: a quick check is no pass, nor is one on an answer that is not one's own."""

from __future__ import annotations

import json
from pathlib import Path

from tests.long_checks.ground import DOUBLE, RIGHT, Run, begin, entry


def flat(text: str) -> str:
    """A screen as one line."""
    return " ".join(text.split())


def test_quick_is_no_pass(run: Run) -> None:
    """`check --quick` says that all is right so far and how to go on; nothing has passed."""
    code, out, _ = run("check", "--quick")
    assert code == 1
    assert "All 2 quick checks pass; `llmex check descent` runs the training" in " ".join(
        out.split()
    )
    assert "1 long check was left out" in out
    assert entry(run, "descent")["status"] != "passed"


def test_what_is_not_ones_own_is_no_pass(run: Run, folder: Path) -> None:
    """Right on what has not passed is no pass and names it; once that has passed, it is one."""
    code, out, _ = run("check", "--json")
    told = json.loads(out)["report"]
    assert (code, told["verdict"]["outcome"], told["missing"]) == (1, "borrowed", ["double"])
    assert entry(run, "descent")["status"] != "passed"
    assert "no pass of yours as they stand now: double" in flat(run("check")[1])
    begin(run, folder)
    assert run("check")[0] == 0
    assert entry(run, "descent")["status"] == "passed"


def test_a_wrong_prerequisite_is_no_pass(run: Run, folder: Path) -> None:
    """A prerequisite that is there but wrong does not count, nor one that has changed since."""
    begin(run, folder, DOUBLE.replace("2 * x", "3 * x"))
    assert run("check")[0] == 1
    begin(run, folder)
    (folder / "small" / "double.py").write_text(DOUBLE + "\n# changed\n")
    assert json.loads(run("check", "--json")[1])["report"]["missing"] == ["double"]


def test_all_is_quick_unless_it_has_passed(run: Run, folder: Path) -> None:
    """`check --all` leaves trainings out and says so; a pass that stands is none the worse."""
    begin(run, folder)
    code, out, _ = run("check", "--all")
    assert code == 1
    assert "quick checks pass" in out
    assert "Long checks were left out. `llmex check descent`" in flat(out)
    assert run("check")[0] == 0
    code, out, _ = run("check", "--all")
    assert code == 0
    assert "passed; quick checks pass" in out
    (folder / "small" / "descent.py").write_text(RIGHT + "\n# changed\n")
    assert run("check", "--all")[0] == 1
