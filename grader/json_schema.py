"""Exports the rules of a record as JSON Schema, for editors that check YAML while it is typed."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, Literal

from llmex.grader.schema import UNIONS, Field, Rule, fields_of, split

_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number"}


def json_schema_of(hint: Any, title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `schema.read` accepts for `hint`."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return head | _schema(hint, Rule())


def _schema(hint: Any, rule: Rule) -> dict[str, Any]:
    bare, own = split(hint)
    rule = own if own != Rule() else rule
    about = {"description": rule.about} if rule.about else {}
    origin = typing.get_origin(bare)
    if dataclasses.is_dataclass(bare):
        return _record(typing.cast(type, bare))
    if origin in UNIONS:
        options = [option for option in typing.get_args(bare) if option is not types.NoneType]
        kinds = [_schema(option, rule) for option in options]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is Literal:
        return {"enum": list(typing.get_args(bare))} | about
    if origin is tuple:
        return _items(typing.get_args(bare)[0], rule) | about
    if origin is not None:
        return _mapping(typing.get_args(bare)[1], rule) | about
    return {"type": _NAMES[bare]} | _limits(bare, rule) | about


def _record(kind: type) -> dict[str, Any]:
    fields = fields_of(kind)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, field in fields.items() if field.required],
        "properties": {key: _property(field) for key, field in fields.items()},
    }


def _property(field: Field) -> dict[str, Any]:
    schema = _schema(field.hint, field.rule)
    default = field.default
    plain = isinstance(default, (str, bool, int, float)) and default != ""
    return schema | ({"default": default} if plain else {})


def _items(hint: Any, rule: Rule) -> dict[str, Any]:
    inner = dataclasses.replace(rule, unique=False, least=0, about="")
    schema: dict[str, Any] = {"type": "array", "items": _schema(hint, inner)}
    if rule.least:
        schema["minItems"] = rule.least
    if rule.unique:
        schema["uniqueItems"] = True
    return schema


def _mapping(hint: Any, rule: Rule) -> dict[str, Any]:
    inner = Rule() if rule.languages else dataclasses.replace(rule, about="")
    schema: dict[str, Any] = {"type": "object", "additionalProperties": _schema(hint, inner)}
    if rule.languages:
        schema["required"] = list(rule.languages)
    return schema


def _limits(kind: type, rule: Rule) -> dict[str, Any]:
    if kind is str:
        if rule.pattern:
            return {"pattern": f"^(?:{rule.pattern})$"}
        return {} if rule.verbatim else {"pattern": r"\S"}
    ends = {"minimum": rule.low, "maximum": rule.high}
    return {key: end for key, end in ends.items() if end is not None}
