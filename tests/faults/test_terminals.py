"""Narrow terminals, none at all, readers who leave, and signals: screen and state are whole."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.faults.ground import SHOWING, Run, files, is_ours
from tests.sitting import CODES, Sitting

pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

LLMEX = (sys.executable, "-m", "llmex.cli.main")
SLOW = (
    "import time\n\n\ndef double(x):\n    time.sleep(600)\n    return x\n\n\ndouble_all = double\n"
)
ALONE = (
    "status", "settings", "picture --list", "break double", "solution double --diff",
    "restore", "next double",
)  # fmt: skip
TEXTS = [command for command in SHOWING if not command.startswith("solution")]  # code stays code
Sit = Callable[..., Sitting]


def environment() -> dict[str, str]:
    """What a program of its own needs, and no engine that outlives it."""
    wanted = ("PATH", "HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    found = {name: os.environ[name] for name in wanted if name in os.environ}
    return found | {"LLMEX_ENGINE": "off", "OMP_NUM_THREADS": "1", "LLMEX_LANG": "en"}


@pytest.fixture
def sit(root: Path) -> Iterator[Sit]:
    """Sit down at a terminal in the workspace."""
    open_: list[Sitting] = []

    def sit_(*arguments: str, **more: str) -> Sitting:
        sitting = Sitting([*LLMEX, *arguments], folder=root, environment=environment() | more)
        open_.append(sitting)
        return sitting

    yield sit_
    for sitting in open_:
        sitting.close()


@pytest.mark.parametrize("flag", [[], ["--plain"], ["--lang", "zh"]], ids=["signs", "plain", "zh"])
@pytest.mark.parametrize("command", [*TEXTS, "settings open never", "reset double"])
def test_forty_columns_are_enough(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, flag: list[str]
) -> None:
    """No line is wider than a narrow terminal, but for a path or a command to be copied."""
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = run(*command.split(), *flag)
    assert code == 0
    for line in out.splitlines():
        assert cell_len(line) <= 40 or re.search(r"\S{25,}|llmex ", line), line


@pytest.mark.parametrize("command", ALONE)
def test_without_a_terminal_and_without_a_reader(root: Path, command: str) -> None:
    """Without any terminal a command does its work; a reader who leaves is told nothing more."""
    asked = [*LLMEX, *command.split()]
    done = subprocess.run(
        asked, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, check=False,
        cwd=root, env=environment(), timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout
    assert b"\x1b" not in done.stdout
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        asked, stdout=write, stderr=subprocess.PIPE, cwd=root, check=False, env=environment(),
        timeout=60,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_in_a_check_leaves_everything_as_it_was(
    root: Path, sit: Sit, number: signal.Signals
) -> None:
    """Ended in the middle: the terminal and every file are as they were, and the bar is gone."""
    (root / "small" / "double.py").write_text(SLOW, "utf-8")
    before = files(root)
    sitting = sit("check", "double", "--quick")
    sitting.read("0/3")  # the bar: it judges
    sitting.tell(number)
    code = sitting.end()
    assert code == (130 if number == signal.SIGINT else 128 + number)
    assert not is_ours(sitting.screen)
    assert sitting.modes() == sitting.found
    assert CODES.sub("", sitting.screen).rpartition("\r")[2].strip() in ("", "Stopped.")
    assert files(root) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_an_editor_is_open(
    root: Path, sit: Sit, tmp_path: Path, number: signal.Signals
) -> None:
    """What `--open` has recorded stays, and the terminal is as it was."""
    editor = tmp_path / "edit"
    editor.write_text("#!/bin/sh\necho editing\nexec sleep 600\n", "utf-8")
    editor.chmod(0o755)
    sitting = sit("next", "scale", "--open", VISUAL=str(editor))
    sitting.read("editing")
    os.killpg(sitting.process.pid, number)
    assert sitting.end() in (-number, 128 + number)
    assert sitting.modes() == sitting.found
    assert "current: scale" in (root / "progress.yaml").read_text("utf-8")
