"""`llmex watch` in a real terminal: saves of every kind, keys, signals, and how it leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.judging import WORLD, world_answer
from tests.sitting import Sitting

Sit = Callable[..., Sitting]
PASSED, FAILED = world_answer("double/passed"), world_answer("double/failed")
FOREVER = "def double(x):\n    while True:\n        pass\n\n\ndef double_all(xs):\n    return xs\n"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An environment with a home and an engine of its own, in English; the engine ends with it."""
    home = tmp_path_factory.mktemp("home")
    own = {"XDG_RUNTIME_DIR": str(home), "HOME": str(home), "LLMEX_LANG": "en"}
    others = ("LLMEX_ENGINE", "NO_COLOR", "WATCHFILES_FORCE_POLLING")
    mine = {name: value for name, value in os.environ.items() if name not in others} | own
    yield mine
    run(home, mine, "engine", "stop")


@pytest.fixture
def sit(tmp_path: Path, environment: dict[str, str]) -> Iterator[Sit]:
    """Begin `double` in a workspace and sit down to watch it; at the end nobody watches."""
    folder = tmp_path / "course"
    folder.mkdir()
    run(folder, environment, "next", "--course", str(WORLD))
    sittings = []

    def sit_(*arguments: str, answer: str = "") -> Sitting:
        if answer:
            place(tmp_path).write_text(answer)
        command = [sys.executable, "-m", "llmex.cli.main", "watch", *arguments]
        sitting = Sitting(command, folder=folder, environment=environment)
        sittings.append(sitting)
        sitting.read("q quit")
        return sitting

    yield sit_
    for sitting in sittings:
        sitting.close()


def run(folder: Path, environment: dict[str, str], *arguments: str) -> None:
    """Run another command in the workspace."""
    command = [sys.executable, "-m", "llmex.cli.main", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def place(tmp_path: Path) -> Path:
    """Where the answer lies."""
    return tmp_path / "course" / "small" / "double.py"


def test_a_save_is_judged(sit: Sit, tmp_path: Path) -> None:
    """An untouched stub waits; each save brings its verdict, and the ones before stay readable."""
    sitting = sit()
    assert "write your code there and save it" in sitting.screen
    place(tmp_path).write_text(FAILED)
    assert "2 of 3 checks pass" in sitting.read("q quit")
    place(tmp_path).write_text(PASSED)
    assert "3 of 3 checks pass" in sitting.read("n next")
    assert "\x1b[2J" not in sitting.screen
    assert "\x1b[H" not in sitting.screen


def test_a_save_by_rename_is_judged(sit: Sit, tmp_path: Path) -> None:
    """Editors that write a new file and rename it over the old one are heard, once a save."""
    sitting = sit(answer=FAILED)
    new = place(tmp_path).with_name("double.py~")
    new.write_text(PASSED)
    place(tmp_path).rename(place(tmp_path).with_name("4913"))
    new.rename(place(tmp_path))
    assert "3 of 3 checks pass" in sitting.read("n next")
    assert sitting.quiet(0.5).strip() == ""


def test_a_file_that_is_written_in_steps_is_judged_once(sit: Sit, tmp_path: Path) -> None:
    """An emptied file that is filled a moment later brings one verdict, on what it holds then."""
    sitting = sit(answer=FAILED)
    with place(tmp_path).open("w") as file:
        time.sleep(0.05)
        file.write(PASSED)
    assert "3 of 3 checks pass" in sitting.read("n next")
    assert sitting.screen.count("saved:") == 1, sitting.screen


def test_the_same_text_again_is_no_save(sit: Sit, tmp_path: Path) -> None:
    """A save that changes nothing leaves the verdict that stands there."""
    sitting = sit(answer=FAILED)
    place(tmp_path).write_text(FAILED)
    assert sitting.quiet(1.5).strip() == ""


def test_a_save_during_a_check_ends_that_check(sit: Sit, tmp_path: Path) -> None:
    """Who saves an endless loop and mends it need not wait for the loop to be stopped."""
    sitting = sit(answer=FAILED)
    place(tmp_path).write_text(FOREVER)
    sitting.read("Checking double")
    time.sleep(0.3)
    place(tmp_path).write_text(PASSED)
    came = sitting.read("n next")
    assert "3 of 3 checks pass" in came
    assert "was stopped" not in came


def test_a_file_that_cannot_be_read_is_said_and_judged_again_later(
    sit: Sit, tmp_path: Path
) -> None:
    """A deleted file is an error on the screen; the same text put back is judged."""
    sitting = sit(answer=PASSED)
    place(tmp_path).unlink()
    sitting.read("is not there")
    place(tmp_path).write_text(PASSED)
    assert "3 of 3 checks pass" in sitting.read("n next")


def test_where_the_system_is_silent_llmex_looks_itself(sit: Sit, tmp_path: Path) -> None:
    """With --poll no notification is needed, and the screen says that llmex looks."""
    sitting = sit("--poll", answer=FAILED)
    assert "looks for them" in sitting.screen
    place(tmp_path).write_text(PASSED)
    assert "3 of 3 checks pass" in sitting.read("n next")


def test_keys(sit: Sit, tmp_path: Path) -> None:
    """h hints; n and s wait for a pass, then show the solution and go on to the next exercise."""
    sitting = sit(answer=FAILED)
    sitting.press("h")
    assert "smallest input" in sitting.read("q quit")
    sitting.press("n")
    sitting.read("when the exercise has passed")
    sitting.press("s")
    sitting.read("when the exercise has passed")
    place(tmp_path).write_text(PASSED)
    sitting.read("n next")
    sitting.press("s")
    assert "the reference solution" in sitting.read("n next")
    sitting.press("n")
    assert "small/total.py" in sitting.read("q quit")
    (tmp_path / "course/small/total.py").write_text(world_answer("total/passed"))
    assert "checks pass" in sitting.read("n next")
    sitting.press("q")
    assert sitting.end() == 0


def test_q_leaves_at_once_while_a_check_runs(sit: Sit, tmp_path: Path) -> None:
    """q does not wait for an endless loop, and no process of the check is left."""
    sitting = sit(answer=FAILED)
    place(tmp_path).write_text(FOREVER)
    sitting.read("Checking double")
    time.sleep(0.3)
    sitting.press("q")
    assert sitting.end() == 0
    assert sitting.modes() == sitting.found


@pytest.mark.parametrize(
    ("how", "code"),
    [("q", 0), ("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["q", "Ctrl-C", "SIGTERM", "SIGHUP"],
)
def test_the_terminal_is_left_as_it_was_found(
    sit: Sit, how: str | signal.Signals, code: int
) -> None:
    """However it ends, echo and line mode are back, and nothing is traced."""
    sitting = sit(answer=FAILED)
    assert sitting.modes() != sitting.found
    if isinstance(how, str):
        sitting.press(how)
    else:
        sitting.tell(how)
    assert sitting.end() == code
    assert sitting.modes() == sitting.found
    assert "Traceback" not in sitting.screen


def test_a_suspended_watch_goes_on(sit: Sit, tmp_path: Path, environment: dict[str, str]) -> None:
    """Ctrl-Z gives the terminal to the shell; `fg` brings keys and verdicts back."""
    sit(answer=FAILED).press("q")
    shell = ["bash", "--norc", "--noediting", "-i"]
    sitting = Sitting(shell, folder=tmp_path / "course", environment=environment | {"PS1": "$"})
    try:
        sitting.press(f"{sys.executable} -m llmex.cli.main watch\n")
        sitting.read("q quit")
        sitting.press("\x1a")
        sitting.read("Stopped")
        place(tmp_path).write_text(PASSED)
        sitting.press("stty -a\n")
        assert " icanon" in sitting.read("noflsh")
        sitting.press("fg\n")
        assert "3 of 3 checks pass" in sitting.read("n next")
        sitting.press("q")
        sitting.read("$")
        sitting.press("exit\n")
        assert sitting.end() == 0
    finally:
        sitting.close()
