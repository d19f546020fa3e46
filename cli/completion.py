"""Completion in bash, zsh and fish: commands, options, and the ids of exercises and tracks."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Annotated

import typer

from llmex.cli.commands import COMMANDS, built, option_key
from llmex.cli.flags import LANGUAGES, SWITCHES, VALUES, take
from llmex.cli.session import Session, write
from llmex.grader.errors import LlmexError
from llmex.grader.scrub import scrub

SCRIPTS = {
    "bash": """\
# In ~/.bashrc:  eval "$(llmex completion bash)"
_llmex() {
  local value about
  COMPREPLY=()
  while IFS=$'\\t' read -r value about; do
    COMPREPLY+=("$value")
  done < <(llmex --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _llmex llmex
""",
    "zsh": """\
# In ~/.zshrc, after compinit:  eval "$(llmex completion zsh)"
_llmex() {
  local value about
  local -a found
  while IFS=$'\\t' read -r value about; do
    found+=("${value}:${about}")
  done < <(llmex --complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#found )); then _describe llmex found; else _files; fi
}
compdef _llmex llmex
""",
    "fish": """\
# In ~/.config/fish/config.fish:  llmex completion fish | source
complete -c llmex -f -a '(llmex --complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
complete -c llmex -n '__fish_prev_arg_in --file --course; or __fish_seen_subcommand_from init' -F
""",
}
STATES = ("passed", "started", "new")
Found = Iterable[tuple[str, str]]


def completion_(
    ctx: typer.Context, shell: Annotated[str | None, typer.Argument(metavar="SHELL")] = None
) -> int:
    """Print the lines that a shell reads at its start."""
    session: Session = ctx.obj
    name = shell or PurePath(os.environ.get("SHELL", "bash")).name
    if name not in SCRIPTS:
        raise LlmexError(
            "llmex completes commands in bash, zsh and fish, not in '{shell}'.",
            "Name one of them:  llmex completion bash",
            shell=name,
        )
    session.emit(shell=name, script=SCRIPTS[name])
    if not session.flags.json:
        write(sys.stdout, SCRIPTS[name])
    return 0


def complete(session: Session, words: Sequence[str]) -> int:
    """Print what the last of `words` may become: one candidate a line, a tab, what it means."""
    *before, start = words or [""]
    try:
        last = before[-1] if before else ""
        session.flags, before = take(before[:-1] if last in VALUES else before)
        found = list(_found(session, before, last, start))
    except LlmexError:
        found = []
    fitting = [(value, about) for value, about in found if value.startswith(start)]
    inside = [(value, about) for value, about in found if start in value]
    if not fitting and len(inside) == 1:  # a part of an id is enough, here as everywhere
        fitting = inside
    lines = (f"{value}\t{about}\n" for value, about in fitting)
    write(sys.stdout, scrub("".join(lines), 1_000_000, keep_newlines=True))
    return 0


def _found(session: Session, before: list[str], last: str, start: str) -> Found:
    pairs = [" ".join(pair) for pair in itertools.pairwise(before)]
    name = next((word for word in (*pairs, *before) if word in COMMANDS), "")
    if last in VALUES or (name and last.startswith("--") and _takes_value(name, last)):
        return _values(session, last)
    if start.startswith("-"):
        return _options(session, name)
    if not name:
        return _commands(session, before)
    return _arguments(session, COMMANDS[name].takes, last)


def _takes_value(name: str, option: str) -> bool:
    """Whether what follows this option of a command belongs to it."""
    return any(option in p.opts and not p.is_flag for p in built(COMMANDS[name]).params
               if p.param_type_name == "option")  # fmt: skip


def _commands(session: Session, before: list[str]) -> Found:
    """Every command's first word; after that of a group, its second."""
    parts = [name.partition(" ") for name in COMMANDS]
    if before:
        names = {second: f"{first} {second}" for first, _, second in parts if first == before[-1]}
    else:
        names = {first: first for first, _, _ in parts}
    return [(word, session.words.say(f"brief.{name}")) for word, name in names.items()]


def _values(session: Session, option: str) -> Found:
    if option == "--track":
        return _arguments(session, "track")
    if option == "--module":
        return [(m.id, _title(session, m.title)) for m in session.course.modules]
    fixed = {"--lang": LANGUAGES, "--status": STATES}
    return [(value, "") for value in fixed.get(option, ())]


def _options(session: Session, name: str) -> Found:
    say = session.words.say
    own = built(COMMANDS[name]).params if name else []
    for parameter in own:
        if parameter.param_type_name == "option":
            yield parameter.opts[0], say(option_key(session.words, COMMANDS[name], parameter))
    for flag in (*VALUES, *SWITCHES):
        if flag.startswith("--"):
            yield flag, say(f"everywhere.{flag[2:]}")


def _arguments(session: Session, takes: str, last: str = "") -> Found:
    if takes == "shell":
        return [(name, "") for name in SCRIPTS]
    if takes == "setting":
        return _settings(session, last)
    course = session.course
    if takes == "exercise":
        titles = {module.id: _title(session, module.title) for module in course.modules}
        return [(id_, titles[module]) for id_, module in course.module_of.items()]
    if takes == "track":
        tracks = [(name, _title(session, track.title)) for name, track in course.tracks.items()]
        return [*tracks, ("full", course.title_in(session.lang))]
    return []


def _settings(session: Session, last: str) -> Found:
    """The names of the settings; after one, its values."""
    from llmex.cli.settings import NAMES, values

    if last in NAMES:
        return [(value, "") for value in values(session, last)]
    return [(name, session.words.say(f"setting.{name}")) for name in NAMES]


def _title(session: Session, title: Mapping[str, str]) -> str:
    return title.get(session.lang) or title["en"]
