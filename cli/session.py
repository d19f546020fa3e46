"""What a command stands on: flags, language, words, course, workspace, and the place to show."""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from llmex.cli.flags import Flags, language
from llmex.cli.words import Words

if TYPE_CHECKING:
    from llmex.grader.catalog import Course
    from rich.console import Console, RenderableType

SCHEMA = 1
STYLES = {
    "head": "bold", "quiet": "dim", "good": "green", "bad": "bold red", "dot": "dim",
    "command": "bold cyan", "want": "green", "got": "red", "warn": "yellow",
}  # fmt: skip


class Session:
    """One run of one command."""

    def __init__(self, command: str, flags: Flags) -> None:
        self.command = command
        self.flags = flags
        self.here = Path.cwd()

    @cached_property
    def lang(self) -> str:
        """The language: asked for, else the workspace's, else the environment's."""
        return self.flags.lang or self._workspace_language() or language(os.environ)

    @cached_property
    def words(self) -> Words:
        """Every sentence, in the language."""
        return Words(self.lang)

    @property
    def plain(self) -> bool:
        """Words in the place of signs and colours?"""
        return self.flags.plain or os.environ.get("TERM") == "dumb"

    @cached_property
    def course(self) -> Course:
        """The course of --course, else the one that llmex brings along."""
        from llmex.grader.catalog import load_course

        return load_course(Path(self.flags.course) if self.flags.course else None)

    def _workspace_language(self) -> str:
        return ""

    def emit(self, **facts: Any) -> None:
        """With --json: these facts as the one line on standard output."""
        if self.flags.json:
            record = {"schema": SCHEMA, "command": self.command, **facts}
            self._out(json.dumps(record, allow_nan=False) + "\n")

    def show(self, screen: RenderableType) -> None:
        """Print a screen on standard output; nothing with --json."""
        if not self.flags.json:
            self._out(rendered(screen, sys.stdout, self.plain))

    def tell(self, key: str, **fields: str | int | float) -> None:
        """Say on standard error what is going on, while it is; nothing with --json."""
        if not self.flags.json:
            write(sys.stderr, self.words.say(key, **fields) + "\n")

    def _out(self, text: str) -> None:
        write(sys.stdout, text)


def console(stream: TextIO, plain: bool) -> Console:
    """A console of rich for a stream: 80 columns where there is no terminal, no markup ever."""
    from rich.console import Console
    from rich.theme import Theme

    return Console(
        file=stream,
        theme=Theme(STYLES),
        width=None if stream.isatty() else shutil.get_terminal_size((80, 24)).columns,
        no_color=True if plain else None,
        color_system=None if plain else "auto",
        markup=False,
        emoji=False,
        highlight=False,
    )


def rendered(screen: RenderableType, stream: TextIO, plain: bool) -> str:
    """A screen as the text that this stream shows."""
    paper = console(stream, plain)
    with paper.capture() as caught:
        paper.print(screen, soft_wrap=False)
    return caught.get()


def write(stream: TextIO, text: str) -> None:
    """Write, with what the stream cannot encode replaced; a reader who has left is no trouble."""
    try:
        encoding = stream.encoding or "utf-8"
        stream.write(text.encode(encoding, "replace").decode(encoding, "replace"))
        stream.flush()
    except BrokenPipeError:
        silence(stream)


def silence(stream: TextIO) -> None:
    """Send the rest of a stream nowhere, so that not even the interpreter's last flush fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
