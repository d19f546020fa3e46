"""The console entry point: reads the flags, runs one command, turns trouble into an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmex.cli.session import Session

# Only what starts the program is imported up here: an interrupt is caught inside `main`.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `llmex ARGUMENTS...`; 0 passed or done, 1 not passed, 2 wrong use, 3 could not judge."""
    session: Session | None = None
    gc.set_threshold(100_000)  # a command is short: looking for garbage takes longer than it saves
    try:
        from llmex.cli.flags import Flags
        from llmex.cli.session import Session as _Session

        arguments = sys.argv[1:] if arguments is None else list(arguments)
        session = _Session("", Flags(json="--json" in arguments, plain="--plain" in arguments))
        return dispatch(arguments, session)
    except KeyboardInterrupt as error:
        return _explained(session, error)
    except Exception as error:
        return _explained(session, error)


def dispatch(arguments: Sequence[str], session: Session) -> int:
    """Find the command among the arguments and run it, or show help."""
    from llmex.cli import commands
    from llmex.cli.flags import take

    if arguments[:1] == ["--complete"]:
        from llmex.cli.completion import complete

        return complete(session, arguments[1:])
    session.flags, rest = take(arguments)
    if rest and rest[0] in ("--version", "version"):
        from llmex.cli.help import version

        return version(session)
    wants_help = session.flags.help or not rest or rest[0] == "help"
    names = [word for word in rest if word != "help"] if wants_help else rest
    if not names or (wants_help and commands.is_group(names)):
        from llmex.cli.help import overview

        return overview(session)
    command, given = commands.chosen(names)
    session.command = command.name
    if wants_help:
        from llmex.cli.help import of_command

        return of_command(session, command)
    return commands.run(command, given, session)


def _explained(session: Session | None, error: BaseException) -> int:
    if session is None:  # while the first modules were read
        if isinstance(error, KeyboardInterrupt):
            return 130
        raise error
    from llmex.cli.trouble import explain

    try:
        return explain(session, error)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
