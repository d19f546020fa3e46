"""Exports the JSON Schema of a course's files, for editors that check YAML while it is typed."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args

from llmex.grader.catalog import json_schema
from llmex.grader.errors import LlmexError
from llmex.grader.schema import Field, fields_of, split
from llmex.grader.yaml_lines import shown

NAMES = ("course", "exercise", "overlay", "hidden-overlay", "mistakes", "equivalent")


def text(name: str) -> str:
    """The schema of one kind of file, as it is written."""
    return json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n"


def export(folder: Path) -> tuple[Path, ...]:
    """Write every schema into a folder, which is made if it is not there: `exercise.json` ...

    Raises LlmexError where the folder cannot be written.
    """
    files = tuple(folder / f"{name}.json" for name in NAMES)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            path.write_text(text(path.stem), "utf-8")
    except OSError as error:
        raise LlmexError(
            "{folder} cannot be written: {reason}.",
            "Name a folder of your own:  llmex author schema schema",
            folder=shown(folder),
            reason=error.strerror or "",
        ) from None
    return files


def table(kind: type) -> str:
    """The fields of a record as a table in Markdown, as docs/authoring.md has it."""
    rows = ["| field | needed | what |", "|---|---|---|"]
    for key, field in fields_of(kind).items():
        needed = "yes" if field.required else _default(field.default)
        rows.append(f"| `{key}` | {needed} | {_about(field)} |")
    return "\n".join(rows) + "\n"


def _about(field: Field) -> str:
    options = [field.hint, *get_args(field.hint)]
    return next(rule.about for _, rule in [(0, field.rule), *map(split, options)] if rule.about)


def _default(value: Any) -> str:
    """What holds where a field is left out."""
    if is_dataclass(value) or value in ((), "", {}, None):
        return "no"
    return f"no: {json.dumps(value)}"
