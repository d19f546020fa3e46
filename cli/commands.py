"""The table of commands, and how the one that is used is found, built and run."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.session import Session
    from llmex.cli.words import Words


@dataclass(frozen=True)
class Command:
    """A command: its group on the help screen, its module, and what its arguments are."""

    name: str
    group: str
    module: str
    takes: str = ""  # what to complete: exercise, track, data, setting, shell

    def function(self) -> Callable[..., int]:
        """The function that runs it; only now is its module imported."""
        module = importlib.import_module(f"llmex.cli.{self.module}")
        name = self.name.replace("-", "_").replace(" ", "_")
        function: Callable[..., int] = getattr(module, f"{name}_")
        return function


TABLE = (
    Command("next", "learn", "learn", "exercise"),
    Command("check", "learn", "judge", "exercise"),
    Command("watch", "learn", "watch", "exercise"),
    Command("hint", "learn", "learn", "exercise"),
    Command("show", "learn", "learn", "exercise"),
    Command("solution", "learn", "solution", "exercise"),
    Command("break", "learn", "breaking", "exercise"),
    Command("picture", "learn", "picturing", "exercise"),
    Command("status", "look", "look"),
    Command("list", "look", "look"),
    Command("tracks", "look", "look", "track"),
    Command("data", "look", "look", "data"),
    Command("init", "keep", "learn"),
    Command("settings", "keep", "settings", "setting"),
    Command("reset", "keep", "keep", "exercise"),
    Command("restore", "keep", "keep", "exercise"),
    Command("doctor", "keep", "doctor"),
    Command("engine status", "keep", "engine"),
    Command("engine stop", "keep", "engine"),
    Command("completion", "keep", "completion", "shell"),
    Command("author new", "make", "author"),
    Command("author check", "make", "author", "exercise"),
    Command("author stats", "make", "author", "exercise"),
    Command("author schema", "make", "author"),
)
COMMANDS = {command.name: command for command in TABLE}


def chosen(words: Sequence[str]) -> tuple[Command, list[str]]:
    """The command of one word or two that `words` begin with, and its arguments."""
    two = " ".join(words[:2])
    if two in COMMANDS:
        return COMMANDS[two], list(words[2:])
    more = [name.split()[1] for name in COMMANDS if name.startswith(f"{words[0]} ")]
    if more:
        raise LlmexError(
            "`llmex {name}` needs one more word: {more}.",
            "For example:  llmex {name} {first} --help",
            name=words[0],
            more=", ".join(more),
            first=more[0],
        )
    return find(words[0]), list(words[1:])


def is_group(words: Sequence[str]) -> bool:
    """Whether `words` are only the first word of commands that have two."""
    return len(words) == 1 and any(name.startswith(f"{words[0]} ") for name in COMMANDS)


def find(name: str) -> Command:
    """The command of this name; else an error that says what may have been meant."""
    if name in COMMANDS:
        return COMMANDS[name]
    import difflib

    near = difflib.get_close_matches(name, [n.split()[0] for n in COMMANDS], n=1, cutoff=0.5)
    if near:
        raise LlmexError(
            "There is no command '{name}'.",
            "Did you mean `llmex {near}`?  `llmex --help` shows them all.",
            name=name,
            near=near[0],
        )
    raise LlmexError("There is no command '{name}'.", "`llmex --help` shows them all.", name=name)


def built(command: Command) -> Any:
    """The command as typer makes it from its function: it reads arguments and calls."""
    import typer
    import typer.main

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(command.name, add_help_option=False)(command.function())
    return typer.main.get_command(app)


def option_key(words: Words, command: Command, option: Any) -> str:
    """The key of what an option means: of this command alone, or of every one that has it."""
    name = option.opts[0].lstrip("-")
    own = f"option.{command.name.replace(' ', '-')}-{name}"
    return own if words.has(own) else f"option.{name}"


def run(command: Command, arguments: Sequence[str], session: Session) -> int:
    """Run a command and return the exit code."""
    import typer

    wrong_use: Any = typer.BadParameter.__mro__[
        1
    ]  # UsageError; where it lives depends on the version
    parser = built(command)
    try:
        with parser.make_context(command.name, list(arguments), obj=session) as context:
            return int(parser.invoke(context) or 0)
    except typer.Exit as exit_:
        return exit_.exit_code
    except wrong_use as error:
        raise misused(command, error) from None


def misused(command: Command, error: Any) -> LlmexError:
    """The parser's complaint as an error of ours."""
    help_ = "`llmex {command} --help` shows what it takes."
    fields: dict[str, Any] = {"command": command.name}
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return LlmexError(
            "`llmex {command}` has no option {option}.",
            help_,
            option=error.option_name,
            **fields,
        )
    if kind == "MissingParameter":
        name = str(error.param.metavar or error.param.name).upper()
        return LlmexError("`llmex {command}` needs {name}.", help_, name=name, **fields)
    if kind == "BadOptionUsage":
        return LlmexError(
            "`llmex {command}`: the value of {option} is missing, or is not one it takes.",
            help_,
            option=error.option_name,
            **fields,
        )
    return LlmexError(
        "`llmex {command}` was not understood: {message}", help_,
        message=error.format_message(), **fields,
    )  # fmt: skip
