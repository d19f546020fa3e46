"""What a command imports and how many processes it starts: speed that can be counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HEAVY = {"numpy", "torch", "pytest", "_pytest", "watchfiles", "msgpack", "regex", "asyncio"}
JUDGING = {"llmex.grader.compare", "llmex.grader.suite", "llmex.grader.learner"}
SHOWING = ["--help", "list", "next", "hint", "status", "tracks", "--version", "check --help"]
# Runs a command and writes down what was imported and which processes were started.
PROBE = """
import json, os, sys
started = []
sys.addaudithook(lambda event, _: started.append(event) if event in (
    "subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec") else None)
from llmex.cli.main import main
code = main(sys.argv[2:])
with open(sys.argv[1], "w") as file:
    json.dump({"modules": sorted(sys.modules), "started": started, "code": code}, file)
"""


class Probed:
    """What a command did."""

    def __init__(self, path: Path) -> None:
        found = json.loads(path.read_text("utf-8"))
        self.modules: set[str] = set(found["modules"])
        self.started: list[str] = found["started"]
        self.code: int = found["code"]

    @property
    def packages(self) -> set[str]:
        """The top names of what was imported."""
        return {name.partition(".")[0] for name in self.modules}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with a runtime folder of its own, whose engine ends with it."""
    folder = tmp_path_factory.mktemp("probe")
    (folder / "course").mkdir()
    probe(folder, "next")
    yield folder
    probe(folder, "engine", "stop")


def probe(folder: Path, *arguments: str) -> Probed:
    """Run a command in the workspace."""
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder), "LLMEX_LANG": "en"}
    environment.pop("LLMEX_ENGINE", None)
    subprocess.run(
        [sys.executable, "-c", PROBE, str(folder / "found.json"), *arguments],
        cwd=folder / "course",
        env=environment,
        check=True,
        capture_output=True,
    )
    return Probed(folder / "found.json")


@pytest.mark.parametrize("command", SHOWING)
def test_commands_that_show_import_nothing_heavy(folder: Path, command: str) -> None:
    """No library that judges, no engine, no markdown; and no other process."""
    found = probe(folder, *command.split())
    assert found.code == 0
    assert not found.packages & HEAVY
    assert not found.modules & JUDGING
    assert not {name for name in found.modules if name.startswith("llmex.grader.engine")}
    assert "rich.markdown" not in found.modules
    assert found.started == []


def test_completion_needs_no_screen(folder: Path) -> None:
    """What a shell asks at each Tab imports neither rich's console nor a course's exercises."""
    found = probe(folder, "--complete", "che")
    assert found.code == 0
    assert not found.packages & HEAVY
    assert "rich.console" not in found.modules
    assert found.started == []


def test_help_reads_no_command(folder: Path) -> None:
    """The list of commands comes from a table: no module of a command is imported."""
    found = probe(folder, "--help")
    commands = {f"llmex.cli.{name}" for name in ("learn", "look", "judge", "watch", "author")}
    assert not found.modules & commands


def test_a_check_imports_nothing_that_judges(folder: Path) -> None:
    """The process of `check` never holds NumPy, torch, pytest or a suite: the engine does."""
    solution = Path(__file__).parent.parent / "solutions/evaluation/bleu/solution.py"
    first = probe(folder, "check", "bleu", "--file", str(solution))
    second = probe(folder, "check", "bleu", "--file", str(solution))
    for found in (first, second):
        assert found.code == 0
        assert not found.packages & (HEAVY - {"msgpack"})
        assert not found.modules & JUDGING
    assert first.started == ["subprocess.Popen"]
    assert second.started == []
