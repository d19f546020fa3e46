"""What a command stands on: flags, language, words, course, workspace, and the place to show."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from llmex.cli.flags import Flags, language
from llmex.cli.words import Words
from llmex.grader.errors import LlmexError
from llmex.grader.report import Sentence
from llmex.grader.scrub import scrub

if TYPE_CHECKING:
    from rich.console import RenderableType

    from llmex.grader.catalog import Course, Exercise
    from llmex.grader.progress import Progress
    from llmex.grader.workspace import Workspace

SCHEMA = 1
TRAILING = re.compile(r" +$", re.MULTILINE)
STYLES = {
    "head": "bold", "quiet": "dim", "good": "green", "bad": "bold red", "dot": "dim",
    "command": "bold cyan", "want": "green", "got": "red", "warn": "yellow",
}  # fmt: skip


class Session:
    """One run of one command."""

    def __init__(self, command: str, flags: Flags) -> None:
        self.command = command
        self.flags = flags
        self.notice: Sentence | None = None  # that progress.yaml needed a repair
        self.unsaved: LlmexError | None = None  # why what was worked out could not be kept
        self.steps = True  # screens say what to type next?
        self._progress: Progress | None = None

    @cached_property
    def here(self) -> Path:
        """The current folder; LlmexError if it was removed."""
        try:
            return Path.cwd()
        except OSError:
            raise LlmexError(
                "The current folder is no longer there.",
                "Go to another folder, then type the command again.",
            ) from None

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
        dumb = os.environ.get("TERM") == "dumb"
        return self.flags.plain or dumb or not shows_signs(sys.stdout)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace that this folder lies in; LlmexError if there is none."""
        from llmex.grader.workspace import find

        return find(self.here)

    @property
    def maybe_workspace(self) -> Workspace | None:
        """The workspace, or None where there is none."""
        try:
            return self.workspace
        except LlmexError:
            return None

    @cached_property
    def course(self) -> Course:
        """The course of --course, else the workspace's, else the one that llmex brings along."""
        from llmex.grader.catalog import load_course

        if self.flags.course:
            return load_course(Path(self.flags.course).expanduser())
        workspace = self.maybe_workspace
        return workspace.course if workspace else load_course()

    @property
    def progress(self) -> Progress:
        """What the learner has done; nothing where there is no workspace."""
        if self._progress is None:
            from llmex.grader.progress import Progress

            workspace = self.maybe_workspace
            self._progress = workspace.progress() if workspace else Progress()
            self.notice = self._progress.notice
        return self._progress

    def record(self, change: Callable[[Progress], Progress]) -> Progress:
        """Change what is known of the learner, on disk and here."""
        self._progress = self.workspace.update(change)
        self.notice = self.notice or self._progress.notice
        return self._progress

    def exercise(self, text: str | None) -> Exercise:
        """The exercise that `text` means, or without it the current one."""
        if text:
            return self.course.exercise(self.course.find(text))
        current = self.workspace and self.progress.current
        if not current:
            raise LlmexError("You have not begun an exercise yet.", "`llmex next` brings one.")
        return self.course.exercise(current)

    def typed(self, path: Path) -> str:
        """A path as it would be typed in the current folder."""
        return os.path.relpath(path, self.here)

    def title(self, titles: Mapping[str, str]) -> str:
        """A title of course.yaml in the language."""
        return titles.get(self.lang) or titles["en"]

    def module_title(self, exercise_id: str) -> str:
        """The title of the module of an exercise."""
        return self.title(self.course.module(self.course.module_of[exercise_id]).title)

    def _workspace_language(self) -> str:
        try:
            return self.progress.language or ""
        except LlmexError:
            return ""

    def emit(self, **facts: Any) -> None:
        """With --json: these facts as the one line on standard output."""
        if self.flags.json:
            import json

            record = {"schema": SCHEMA, "command": self.command, **facts}
            if self.notice:
                record["notice"] = self.words.sentence(self.notice)
            self._out(json.dumps(harmless(record), allow_nan=False) + "\n")

    def show(self, screen: RenderableType) -> None:
        """Print a screen on standard output; nothing with --json."""
        if self.flags.json:
            return
        from llmex.cli.page import Page

        self.say_notice()
        if isinstance(screen, Page):
            screen.steps = self.steps
        self._out(rendered(screen, sys.stdout, self.plain))

    def say_notice(self) -> None:
        """Say once, on standard error, what reading progress.yaml has brought up."""
        if self.notice:
            write(sys.stderr, scrub(self.words.sentence(self.notice)) + "\n")
            self.notice = None

    def tell(self, key: str, **fields: str | int | float) -> None:
        """Say on standard error what is going on, while it is; nothing with --json."""
        if not self.flags.json:
            write(sys.stderr, self.words.say(key, **fields) + "\n")

    def _out(self, text: str) -> None:
        write(sys.stdout, text)


def harmless(value: Any) -> Any:
    """Plain data with every text in it scrubbed, for JSON."""
    if isinstance(value, str):
        return scrub(value, 100_000, keep_newlines=True)
    if isinstance(value, dict):
        return {scrub(key, 200): harmless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [harmless(item) for item in value]
    return value


def rendered(screen: RenderableType, stream: TextIO | None, plain: bool) -> str:
    """A screen as the text that this stream shows; no markup is ever read from it."""
    from rich.console import Console
    from rich.theme import Theme

    paper = io.StringIO()
    console = Console(
        file=paper,
        force_terminal=is_terminal(stream),
        theme=Theme(STYLES),
        width=width(stream),
        color_system=None if plain else "auto",
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(screen, crop=False)
    return TRAILING.sub("", paper.getvalue())


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees it as it comes."""
    return stream is not None and stream.isatty()


def width(stream: TextIO | None) -> int:
    """The columns of a terminal, or $COLUMNS; 80 where there is neither."""
    if stream is not None and is_terminal(stream):
        try:
            return os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):
            pass
    return shutil.get_terminal_size((80, 24)).columns


def write(stream: TextIO | None, text: str) -> None:
    """Write, with what the stream cannot encode replaced; a reader who has left is no trouble."""
    if stream is None:  # closed before llmex began
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding, "replace"))
        stream.flush()
    except OSError as error:
        silence(stream)
        if isinstance(error, BrokenPipeError):
            return
        raise LlmexError(
            "What llmex has to say could not be written: {reason}.",
            "Make room, or send it to another place; what was judged is recorded.",
            exit_code=3,
            reason=os.strerror(error.errno or 0),
        ) from None


def silence(stream: TextIO) -> None:
    """Send the rest of a stream nowhere, so that not even the interpreter's last flush fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def shows_signs(stream: TextIO | None) -> bool:
    """Whether the stream's encoding has ✓ and its like."""
    try:
        "✓✗▸●━".encode((stream and stream.encoding) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
