"""What a long check shows while it runs and what it leaves behind."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from llmex.cli import waiting
from llmex.cli.flags import Flags
from llmex.cli.session import Session
from llmex.cli.waiting import Waiting
from llmex.cli.words import LANGUAGES
from tests.judging import course
from tests.long_checks.ground import RIGHT, Run, begin, command, entry
from tests.sitting import Sitting

SLOW = "import time\n" + RIGHT.replace("        loss =", "        time.sleep(0.01)\n        loss =")


def engines(run: Run) -> list[dict[str, Any]]:
    """The engines that run."""
    found: list[dict[str, Any]] = json.loads(run("engine", "status", "--json")[1])["engines"]
    return found


def test_a_training_leaves_its_picture(run: Run, folder: Path) -> None:
    """After a training the curve is on the screen and lies beside the answer."""
    begin(run, folder)
    code, out, _ = run("check")
    assert code == 0
    assert "⣀" in out
    assert "The curve is kept in small/descent.loss.svg" in out
    assert ElementTree.parse(folder / "small" / "descent.loss.svg")


def test_a_picture_is_not_kept_of_another_file(run: Run, folder: Path) -> None:
    """A file judged in the answer's place leaves no picture in the workspace."""
    (folder / "other.py").write_text(RIGHT)
    code, out, _ = run("check", "descent", "--file", "other.py")
    assert code == 1
    assert "⣀" in out
    assert not (folder / "small" / "descent.loss.svg").exists()


def test_a_learners_own_picture_stays(run: Run, folder: Path) -> None:
    """A file of the picture's name that llmex did not draw stays, and the screen says so."""
    mine = folder / "small" / "descent.loss.svg"
    mine.write_text("<svg/>")
    assert "The curve was not kept" in run("check")[1]
    assert mine.read_text() == "<svg/>"


def test_json_has_the_run_and_nothing_else_is_said(run: Run) -> None:
    """With --json the run stands in the one line, and standard error stays empty."""
    _, out, err = run("check", "--json")
    told = json.loads(out)["report"]["verdict"]["runs"][0]
    assert told["steps"] == told["reached"] == 600
    assert len(told["losses"]) == 400
    assert err == ""


def step(number: int, seconds: float, steps: int = 2000) -> dict[str, Any]:
    """An event of a training."""
    return {
        "event": "step", "subject": "answer", "check": "test_x", "step": number, "steps": steps,
        "loss": 2.0134, "unit": "nats", "seconds": seconds,
    }  # fmt: skip


def test_without_a_terminal_a_line_comes_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In words there is a line every ten seconds, and nothing is ever drawn over another."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Waiting(Session("check", Flags(plain=True, lang="en")), "x", 3) as wait:
        for number in range(1, 101):
            now[0] += 0.5
            wait.hear(step(20 * number, 0.5 * number))
    said = capsys.readouterr().err
    lines = said.splitlines()
    assert lines[0] == "Checking x ..."
    assert len(lines) == 6
    assert lines[1] == "step 400 of 2,000   loss 2.013   0:40 left"
    assert "\r" not in said


def test_others_are_not_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --json nothing is said, and what a mistake does in the answer's place never is."""
    monkeypatch.setattr(waiting, "EVERY", 0.0)
    with Waiting(Session("check", Flags(json=True)), "x", 3) as wait:
        wait.hear(step(1, 0.1))
    assert capsys.readouterr().err == ""
    with Waiting(Session("check", Flags(plain=True, lang="en")), "x", 3) as wait:
        wait.hear(step(1, 0.1) | {"subject": "mistakes/m"})
    assert capsys.readouterr().err == "Checking x ...\n"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("room", [20, 40, 79, 200])
def test_the_bar_never_wraps(lang: str, room: int) -> None:
    """At every width the line of a training, and of checks, stays within it."""
    wait = Waiting(Session("check", Flags(lang=lang)), "capstone-char-gpt", 3)
    assert cell_len(wait._line(3.0, room)) <= room
    for number in (1, 1000, 2000):
        wait.hear(step(number, number / 20))
        line = wait._line(3.0, room)
        assert cell_len(line) <= room
        assert "2.013" in line or room < 60
    wait.hear({"event": "check", "subject": "answer", "check": "test_x", "outcome": "passed"})
    assert "2.013" not in wait._line(3.0, room)


@pytest.fixture
def sit(folder: Path, environment: dict[str, str]) -> Iterator[Callable[..., Sitting]]:
    """Sit at a terminal before a command; at the end it is ended."""
    sittings = []

    def sit_(*arguments: str) -> Sitting:
        sittings.append(Sitting(command(*arguments), folder=folder, environment=environment))
        return sittings[-1]

    yield sit_
    for sitting in sittings:
        sitting.close()


def test_a_bar_moves_while_it_trains(sit: Callable[..., Sitting], folder: Path) -> None:
    """In a terminal the step, the loss and the time left are drawn, and are gone at the end."""
    (folder / "small" / "descent.py").write_text(SLOW.replace("0.01", "0.004"))
    sitting = sit("check")
    sitting.read(" of 600   loss ")
    sitting.read("left")
    sitting.end()
    after = sitting.screen.rpartition("left")[2]
    assert after.startswith("\r\x1b[2K"), after[:40]
    assert "The curve is kept" in sitting.screen


@pytest.mark.parametrize("how", ["keys", signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_training_leaves_nothing(
    sit: Callable[..., Sitting], run: Run, folder: Path, how: str | signal.Signals
) -> None:
    """Ctrl-C in the middle ends the judge and the answer, and gives the terminal back."""
    (folder / "small" / "descent.py").write_text(SLOW)
    before = entry(run, "descent")
    sitting = sit("check")
    sitting.read(" of 600   loss ")
    if isinstance(how, str):
        sitting.press("\x03")
    else:
        sitting.tell(how)
    assert sitting.end() in (130, 128 + signal.SIGTERM)
    assert sitting.modes() == sitting.found
    assert "Traceback" not in sitting.screen
    assert not (folder / "small" / "descent.loss.svg").exists()
    assert entry(run, "descent") == before
    until = time.monotonic() + 20
    while any(
        engine["judging"] for engine in json.loads(run("engine", "status", "--json")[1])["engines"]
    ):
        assert time.monotonic() < until, "a judge is left"
        time.sleep(0.1)


def test_watch_leaves_trainings_out(sit: Callable[..., Sitting]) -> None:
    """Watching is quick, and says how to train; with --long it trains at each save."""
    sitting = sit("watch")
    assert "quick checks pass" in sitting.read("q quit")
    sitting.press("q")
    assert sitting.end() == 0
    sitting = sit("watch", "--long")
    assert "The curve is kept" in sitting.read("q quit")
    sitting.press("q")
    assert sitting.end() == 0


def test_the_exercise_is_what_the_tests_say() -> None:
    """The miniature exercise of these tests has one long check and rests on another exercise."""
    descent = course().exercise("descent")
    assert descent.long == ("test_training",)
    assert descent.own
