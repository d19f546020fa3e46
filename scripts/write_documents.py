"""Writes what the documents say of the commands, from the program itself.

    python scripts/write_documents.py

docs/commands.md and docs/commands.zh.md have a section for each command, docs/schema/output the
JSON Schema of what each prints with --json. A test fails where one of them is not of today.
"""

import json
from pathlib import Path
from typing import Any

from llmex.cli.commands import TABLE, Command, built, option_key
from llmex.cli.help import EVERYWHERE, GROUPS, VALUES_OF, usage
from llmex.cli.output import PRINTED, schema
from llmex.cli.words import LANGUAGES, Words

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> None:
    """Write all of them."""
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(path.relative_to(DOCS.parent))


def documents() -> dict[Path, str]:
    """Every document that is made here, with its text."""
    ending = {lang: "" if lang == "en" else f".{lang}" for lang in LANGUAGES}
    pages = {DOCS / f"commands{ending[lang]}.md": commands(lang) for lang in LANGUAGES}
    schemas = {
        DOCS / "schema" / "output" / f"{file_name(name)}.json": json.dumps(schema(name), indent=2)
        for name in PRINTED
    }
    return {**pages, **{path: text + "\n" for path, text in schemas.items()}}


def file_name(command: str) -> str:
    """The name of a command's schema."""
    return command.replace(" ", "-") or "llmex"


def commands(lang: str) -> str:
    """The reference of all commands in a language."""
    words = Words(lang)
    say = words.say
    colon = say("docs.colon")
    parts = [f"# {say('docs.title')}\n", say("docs.made") + "\n", say("docs.exit") + "\n"]
    parts.append(f"{say('help.everywhere')}{colon.rstrip()}\n")
    for name in EVERYWHERE:
        parts.append(f"- `{name}{VALUES_OF.get(name, '')}`{colon}{say(f'everywhere.{name[2:]}')}")
    for group in GROUPS:
        parts.append(f"\n## {say(f'help.{group}')}\n")
        parts += [section(words, command) for command in TABLE if command.group == group]
    return "\n".join(parts).rstrip() + "\n"


def section(words: Words, command: Command) -> str:
    """One command: what it does, what it takes, and what it prints for programs."""
    lines = [
        f"### llmex {command.name}\n",
        f"`{usage(command)}`\n",
        f"{words.say(f'about.{command.name}')}\n",
    ]
    options: list[Any] = [p for p in built(command).params if p.param_type_name == "option"]
    for option in options:
        value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
        about = words.say(option_key(words, command, option))
        lines.append(f"- `{option.opts[0]}{value}`{words.say('docs.colon')}{about}")
    if options:
        lines.append("")
    name = file_name(command.name)
    lines.append(words.say("docs.json", link=f"[{name}.json](schema/output/{name}.json)") + "\n")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
