"""Commands are killed at random moments: nothing is lost but the last action.

`LLMEX_KILLS=1000 python -m pytest tests/test_killed_commands.py` is the long form.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from llmex.grader import progress_file
from llmex.grader.progress import ExerciseProgress, Progress
from tests.judging import WORLD

KILLS = int(os.environ.get("LLMEX_KILLS", "60"))
LLMEX = str(Path(sys.executable).with_name("llmex"))
COMMANDS = (
    ("next",), ("next", "double"), ("next", "total"), ("next", "scale"), ("hint", "double"),
    ("hint", "total"), ("reset", "double"), ("restore",), ("check", "double"), ("check", "total"),
    ("tracks", "full"), ("status",), ("solution", "total", "--give-up"), ("list",),
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace of the miniature course in which `double` has been begun."""
    workspace = tmp_path / "ws"
    run = [LLMEX, "init", str(workspace), "--course", str(WORLD)]
    subprocess.run(run, check=True, capture_output=True, timeout=60)
    subprocess.run([LLMEX, "next", "double"], cwd=workspace, check=True, capture_output=True)
    return workspace


def killed(root: Path, arguments: tuple[str, ...], after: float) -> bool:
    """Run a command and kill it after so many seconds; whether it was still running then."""
    child = subprocess.Popen(
        [LLMEX, *arguments], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after)
    running = child.poll() is None
    child.kill()
    child.wait(timeout=60)
    return running


def known(root: Path) -> Progress:
    """What progress.yaml holds; an error if it is not whole."""
    path = root / "progress.yaml"
    return progress_file._parse(path.read_bytes(), path)


def kept(root: Path) -> str:
    """All texts of the learner's that are in the workspace, backups among them."""
    files = [root / "small" / "double.py", *(root / ".llmex").rglob("*")]
    return "\n".join(p.read_text("utf-8", "replace") for p in files if p.is_file())


def went_back(before: ExerciseProgress | None, after: ExerciseProgress | None) -> bool:
    """Whether anything of an exercise is less than it was."""
    if before is None:
        return False
    if after is None or (before.done and not after.done) or (before.gave_up and not after.gave_up):
        return True
    return after.hints_seen < before.hints_seen or after.attempts < before.attempts


def test_killed_at_any_moment_a_command_loses_nothing_but_itself(root: Path) -> None:
    """After every kill the progress is whole, has not gone back, and no text is gone."""
    draw = random.Random(20261122)
    mine = root / "small" / "double.py"
    before, written, alive = known(root), set(), 0
    begun = time.monotonic()
    subprocess.run([LLMEX, "hint", "double"], cwd=root, check=True, capture_output=True)
    usual = time.monotonic() - begun  # so that most of them are killed while they run
    for number in range(KILLS):
        arguments = draw.choice(COMMANDS)
        if arguments[0] == "reset":
            mark = f"# thought {number}"
            old = mine.read_text("utf-8") if mine.exists() else ""
            mine.write_text(f"{old}\n{mark}\n", "utf-8")
            written.add(mark)
        elif arguments[0] == "restore":
            copies = sorted((root / ".llmex" / "backups").rglob("*.py"))
            arguments = ("restore", copies[-1].name) if copies else ("restore",)
        alive += killed(root, arguments, draw.uniform(0.0, usual))
        after = known(root)
        assert not any(went_back(entry, after.entry(e)) for e, entry in before.exercises.items())
        assert [mark for mark in written if mark not in kept(root)] == []
        before = after
    assert alive >= KILLS // 4, "too few were killed while they ran"
    last = subprocess.run([LLMEX, "status"], cwd=root, capture_output=True, text=True, timeout=60)
    assert (last.returncode, last.stderr) == (0, "")
    assert [p.name for p in root.rglob("*") if ".corrupt-" in p.name] == []


def test_the_test_would_notice(root: Path) -> None:
    """A hint that is forgotten, or a text that is gone, is seen by what the test looks at."""
    subprocess.run([LLMEX, "hint", "double"], cwd=root, check=True, capture_output=True)
    entry = known(root).entry("double")
    assert went_back(entry, ExerciseProgress())
    assert went_back(entry, None)
    assert "def double" in kept(root)
    (root / "small" / "double.py").unlink()
    assert "def double" not in kept(root)
