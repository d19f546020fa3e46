"""JSON Schema of what each command prints with --json, made from the records of its facts."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from llmex.cli import records, records_made
from llmex.cli.session import SCHEMA

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}
PRINTED: dict[str, tuple[type, ...]] = {
    "next": (records.Next, records.Complete),
    "check": (records.Check, records.Checks),
    "watch": (records.Watched,),
    "hint": (records.Hint,),
    "show": (records.Show,),
    "solution": (records.Solution,),
    "break": (records.Changes, records.Break),
    "picture": (records_made.Drawn, records_made.Pictures),
    "status": (records.Status,),
    "list": (records.Listed,),
    "tracks": (records.Tracks,),
    "data": (records.Data,),
    "init": (records.Made,),
    "settings": (records.Settings,),
    "reset": (records.Reset,),
    "restore": (records.Copies, records.Restored),
    "doctor": (records_made.Doctor,),
    "engine status": (records_made.EngineStatus,),
    "engine stop": (records_made.EngineStop,),
    "completion": (records_made.Completion,),
    "author new": (records_made.New,),
    "author check": (records_made.AuthorCheck, records_made.AuthorDeep),
    "author stats": (records_made.AuthorStats,),
    "author schema": (records_made.AuthorSchema,),
    "": (records_made.Overview, records_made.Version),
}
EVERYWHERE = (records_made.Usage, records.Failure)  # with --help, and where something goes wrong


def schema(command: str) -> dict[str, Any]:
    """The JSON Schema of the one line that a command prints; "" is llmex without a command."""
    defined: dict[str, Any] = {}
    kinds = (*PRINTED[command], *EVERYWHERE)
    options = [_beside(_object(kind, defined), command) for kind in kinds]
    title = f"llmex {command} --json".replace("  ", " ")
    return {"$schema": DIALECT, "title": title, "anyOf": options, "$defs": defined}


def _beside(facts: dict[str, Any], command: str) -> dict[str, Any]:
    """The facts, and what stands beside the facts of every command."""
    own = {"schema": {"const": SCHEMA}, "command": {"const": command}}
    properties = {**own, "notice": {"type": "string"}, **facts["properties"]}
    return {**facts, "properties": properties, "required": [*own, *facts["required"]]}


def _object(kind: type, defined: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").split()),
        "properties": {name: _type(hints[name], defined) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _type(hint: Any, defined: dict[str, Any]) -> dict[str, Any]:
    """The schema of one value."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint in SIMPLE:
        found: dict[str, Any] = {"type": SIMPLE[hint]}
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in defined:
            defined[hint.__name__] = {}  # it may hold itself
            defined[hint.__name__] = _object(hint, defined)
        found = {"$ref": f"#/$defs/{hint.__name__}"}
    elif origin in (typing.Union, types.UnionType):
        found = {"anyOf": [_type(option, defined) for option in inside]}
    elif origin is Literal:
        found = {"enum": list(inside)}
    elif origin is tuple:
        found = {"type": "array", "items": _type(inside[0], defined)}
        if inside[-1] is not Ellipsis:
            found = {"type": "array", "prefixItems": [_type(one, defined) for one in inside]}
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        found = {"type": "object", "additionalProperties": _type(inside[1], defined)}
    else:
        raise TypeError(f"no JSON Schema for {hint}")
    return found
