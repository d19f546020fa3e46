"""The options that every command takes, before or after its name: --lang, --json, --plain ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from llmex.grader.errors import LlmexError

LANGUAGES = ("en", "zh")
SWITCHES = {"--json": "json", "--plain": "plain", "--help": "help", "-h": "help"}
VALUES = {"--lang": "lang", "--course": "course"}


@dataclass(frozen=True)
class Flags:
    """What was asked for everywhere; an empty `lang` or `course` means: find out."""

    lang: str = ""
    course: str = ""
    json: bool = False
    plain: bool = False
    help: bool = False


def take(arguments: Sequence[str]) -> tuple[Flags, list[str]]:
    """The flags among the arguments, wherever they stand, and the other arguments."""
    flags = Flags()
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        name, equals, value = argument.partition("=")
        if argument == "--":
            return flags, [*rest, argument, *waiting]
        if argument in SWITCHES:
            flags = replace(flags, **{SWITCHES[argument]: True})  # type: ignore[arg-type]
        elif name in VALUES:
            if not equals:
                value = waiting.pop(0) if waiting else ""
            flags = replace(flags, **{VALUES[name]: _valid(name, value)})  # type: ignore[arg-type]
        else:
            rest.append(argument)
    return flags, rest


def _valid(name: str, value: str) -> str:
    if name == "--lang" and value not in LANGUAGES:
        raise LlmexError(
            "--lang takes en or zh, not '{value}'.",
            "For example:  llmex list --lang zh",
            value=value,
        )
    if not value:
        raise LlmexError(
            "--course needs the folder of a course.", "For example:  llmex list --course ../ours"
        )
    return value


def language(environment: Mapping[str, str]) -> str:
    """The language that the environment asks for: $LLMEX_LANG, else the locale, else English."""
    wanted = environment.get("LLMEX_LANG", "").lower()
    if wanted in LANGUAGES:
        return wanted
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return "zh" if locale.lower().startswith("zh") else "en"
