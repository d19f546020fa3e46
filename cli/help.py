"""The help screens: every command in one line each, or one command with its options."""

from __future__ import annotations

from typing import Any

from llmex.cli.commands import TABLE, Command, built, option_key
from llmex.cli.page import Page
from llmex.cli.session import Session
from llmex.grader.version import __version__

GROUPS = ("learn", "look", "keep", "make")
EVERYWHERE = ("--lang", "--json", "--plain", "--course", "--help")
VALUES_OF = {"--lang": " en|zh", "--course": " PATH"}


def version(session: Session) -> int:
    """Show which version of llmex this is."""
    session.emit(version=__version__)
    page = Page(session.words)
    page.add(f"llmex {__version__}", indent=0)
    session.show(page)
    return 0


def overview(session: Session) -> int:
    """Show all commands, in the order in which a learner meets them."""
    say = session.words.say
    page = Page(session.words, plain=session.plain)
    page.head("llmex", say("help.llmex"))
    for group in GROUPS:
        page.gap()
        page.add(say(f"help.{group}"), "quiet", indent=1)
        for command in TABLE:
            if command.group == group:
                page.item(command.name, say(f"brief.{command.name}"), 15)
    page.gap()
    _everywhere(page, session)
    page.gap()
    page.next((say("help.start"), "llmex next", ""), (say("help.more"), "llmex check --help", ""))
    session.emit(commands={c.name: say(f"brief.{c.name}") for c in TABLE})
    session.show(page)
    return 0


def of_command(session: Session, command: Command) -> int:
    """Show what one command does and what it takes."""
    words = session.words
    page = Page(words, plain=session.plain)
    page.head(f"llmex {command.name}", words.say(f"brief.{command.name}"))
    options = [p for p in built(command).params if p.param_type_name == "option"]
    page.gap()
    page.add(usage(command), "command")
    page.gap()
    page.add(words.say(f"about.{command.name}"))
    if options:
        page.gap()
    for option in options:
        page.item(_spelled(option), words.say(option_key(words, command, option)), 18)
    page.gap()
    _everywhere(page, session)
    session.emit(usage=usage(command), about=words.say(f"about.{command.name}"))
    session.show(page)
    return 0


def usage(command: Command) -> str:
    """A command with all that it takes: what may be left out stands in brackets."""
    arguments: list[Any] = []
    options: list[Any] = []
    for parameter in built(command).params:
        (arguments if parameter.param_type_name == "argument" else options).append(parameter)
    return " ".join(["llmex", command.name, *map(_argument, arguments), *map(_option, options)])


def _everywhere(page: Page, session: Session) -> None:
    page.add(session.words.say("help.everywhere"), "quiet", indent=1)
    for name in EVERYWHERE:
        page.item(name + VALUES_OF.get(name, ""), session.words.say(f"everywhere.{name[2:]}"), 18)


def _spelled(option: Any) -> str:
    value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return f"{option.opts[0]}{value}"


def _option(option: Any) -> str:
    return f"[{_spelled(option)}]"


def _argument(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    many = "..." if argument.nargs == -1 else ""
    return f"{name}{many}" if argument.required else f"[{name}{many}]"
