"""Opens files in the learner's editor: in front in the terminal, or beside it in a window."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from llmex.cli.session import is_terminal
from llmex.grader.errors import LlmexError

WINDOWS = frozenset(
    "code code-insiders codium cursor windsurf zed zeditor subl sublime_text mate bbedit gedit "
    "gnome-text-editor kate kwrite geany gvim mvim xed pluma mousepad charm pycharm idea fleet "
    "open xdg-open notepad".split()
)
SOON = 0.5  # seconds in which an editor with a window says that it cannot begin


@dataclass(frozen=True)
class Editor:
    """A command with its arguments, and whether it has a window of its own."""

    words: tuple[str, ...]
    window: bool

    @property
    def name(self) -> str:
        """What its user calls it."""
        return shlex.join(self.words)


def find(environment: Mapping[str, str]) -> Editor | None:
    """$VISUAL, else $EDITOR, else VS Code in its own terminal; None where there is none of them.

    An LlmexError where one is named that cannot be run.
    """
    for variable in ("VISUAL", "EDITOR"):
        if environment.get(variable, "").strip():
            return _named(variable, environment[variable], environment)
    if environment.get("TERM_PROGRAM") == "vscode" and shutil.which("code"):
        return Editor(("code",), window=True)
    return None


def _named(variable: str, value: str, environment: Mapping[str, str]) -> Editor:
    try:
        words = shlex.split(value)
    except ValueError:
        words = []
    if not words:
        raise LlmexError(
            "${variable} is not a command: {value}",
            "Set it to one that opens a file, for example:  export {variable}=nano",
            variable=variable, value=value,
        )  # fmt: skip
    if shutil.which(words[0], path=environment.get("PATH")) is None:
        raise LlmexError(
            "${variable} names '{name}', which is not there.",
            "Set it to an editor that is, for example:  export {variable}=nano",
            variable=variable, name=words[0],
        )  # fmt: skip
    return Editor(tuple(words), _has_window(words, environment))


def _has_window(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether it leaves the terminal free. Emacs does where there is a screen to draw on."""
    name = PurePath(words[0]).name.lower().removesuffix(".exe")
    if name == "emacs":
        drawn = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
        return bool(drawn) and not {"-nw", "-t", "--no-window-system"} & set(words)
    if name == "emacsclient":
        return "-c" in words or "--create-frame" in words
    return name in WINDOWS


def can_open(editor: Editor) -> bool:
    """Whether a person sits before it: an editor in the terminal needs one."""
    return editor.window or (is_terminal(sys.stdin) and is_terminal(sys.stdout))


def open_(editor: Editor, answer: Path, notes: Path | None) -> None:
    """Open the answer, and its notes beside it; an LlmexError if the editor could not."""
    files = [path for path in (answer, notes) if path is not None and path.exists()]
    if editor.window:
        _beside(editor, files[::-1])  # what is opened last is in front
    else:
        _in_front(editor, files)


def _in_front(editor: Editor, files: Sequence[Path]) -> None:
    """Run it in the terminal until it is closed; Ctrl-C is its own affair."""
    found = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = _started(editor, files, preexec_fn=_hears_interrupts).wait()
    finally:
        signal.signal(signal.SIGINT, found)
    if code:
        raise _failed(editor, code)


def _hears_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _beside(editor: Editor, files: Sequence[Path]) -> None:
    """Start it on its own, and wait only so long that a failure at the start is heard of."""
    nowhere = subprocess.DEVNULL
    process = _started(
        editor, files, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    try:
        code = process.wait(SOON)
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it is the learner's now: nobody waits for its end
        return
    if code:
        raise _failed(editor, code)


def _started(editor: Editor, files: Sequence[Path], **how: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen([*editor.words, *map(os.fspath, files)], **how)
    except OSError as error:
        raise LlmexError(
            "'{name}' could not be started: {reason}.",
            "Open the file as you like, or set $EDITOR to another editor.",
            name=editor.name, reason=error.strerror or type(error).__name__,
        ) from None  # fmt: skip


def _failed(editor: Editor, code: int) -> LlmexError:
    return LlmexError(
        "'{name}' ended with exit code {code}.",
        "Open the file as you like, or set $EDITOR to another editor.",
        name=editor.name, code=code,
    )  # fmt: skip
