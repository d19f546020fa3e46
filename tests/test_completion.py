"""Completion in the shells themselves: what a press of Tab makes of a started command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sitting import Sitting

SHELLS = {
    "bash": "bash --norc --noprofile -i",
    "zsh": "zsh -f -i",
    "fish": "fish --no-config -i",
}
BEGIN = {
    "bash": "PS1='ready> '; eval \"$(llmex completion bash)\"",
    "zsh": "PROMPT='ready> '; autoload -U compinit; compinit -D; eval \"$(llmex completion zsh)\"",
}


def installed(*names: str) -> list[object]:
    """These shells; one that this machine lacks is skipped, and said so."""
    return [
        pytest.param(
            name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"no {name} here")
        )
        for name in names
    ]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of one's own, in which the command `llmex` is found."""
    program = tmp_path / "bin" / "llmex"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m llmex.cli.main "$@"\n')
    program.chmod(0o755)
    own = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    kept = {key: os.environ[key] for key in ("PYTHONPATH",) if key in os.environ}
    return {**kept, **own, "LLMEX_LANG": "en", "LC_ALL": "C.UTF-8", "TERM": "xterm"}


@pytest.fixture
def sitting(
    request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str]
) -> Iterator[Sitting]:
    """A shell at its prompt, with completion as the documents say to set it up."""
    shell = request.param
    sitting = Sitting(SHELLS[shell].split(), folder=tmp_path, environment=environment)
    sitting.press(BEGIN[shell] + "; clear\n")
    sitting.read("clear")
    sitting.press("echo set $((40 + 2))\n")
    sitting.read("set 42")
    yield sitting
    sitting.close()


@pytest.mark.parametrize("sitting", installed("bash", "zsh"), indirect=True)
def test_tab_completes(sitting: Sitting) -> None:
    """A started command, exercise and option become whole, in the order in which they are typed."""
    sitting.press("llmex sho\t")
    sitting.read("llmex show")
    sitting.press("stable-s\t")
    sitting.read("stable-softmax")
    sitting.press("--no\t")
    sitting.read("--notes")
    sitting.press("\x03")


def found(shell: str, line: str, environment: dict[str, str], folder: Path) -> list[str]:
    """What the shell offers for this line, asked by its own means."""
    if shell == "fish":
        script = f"llmex completion fish | source; complete -C '{line}'"
    else:
        words = line.split(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        script = (
            f'eval "$(llmex completion bash)"; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; '
            '_llmex; printf "%s\\n" "${COMPREPLY[@]}"'
        )
    flags = {"bash": ["--norc"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shell, *flags, "-c", script], env=environment, cwd=folder, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert not done.stderr
    return [row.partition("\t")[0] for row in done.stdout.splitlines() if row]


@pytest.mark.parametrize("shell", installed("bash", "fish"))
def test_what_may_stand_there(shell: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """Commands, the second words of groups, ids, modules, tracks, settings, shells and values."""
    (tmp_path / "a-file").touch()
    for line, some in {
        "llmex ": ["next", "check", "author"],
        "llmex engine ": ["status", "stop"],
        "llmex check softm": ["stable-softmax"],
        "llmex list --module ": ["attention", "training"],
        "llmex list --track ": ["spine", "full"],
        "llmex list --status ": ["passed", "started", "new"],
        "llmex tracks s": ["spine"],
        "llmex settings o": ["open"],
        "llmex settings open ": ["always", "never"],
        "llmex completion ": ["bash", "zsh", "fish"],
        "llmex --lang ": ["en", "zh"],
    }.items():
        offered = found(shell, line, environment, tmp_path)
        assert set(some) <= set(offered), (line, offered)
        assert "a-file" not in offered, line
    assert not set(found(shell, "llmex check --file ", environment, tmp_path)) & {"stable-softmax"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_lines_say_where_they_go(
    shell: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    """What a shell is to read begins with a comment: in which file to write the line."""
    done = subprocess.run(
        ["llmex", "completion", shell], env=environment, cwd=tmp_path, capture_output=True,
        text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("# In ~/.")
    assert f"llmex completion {shell}" in done.stdout.splitlines()[0]
