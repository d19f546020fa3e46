"""Reads YAML into frozen records by their type hints and rules; every error names its line."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
import typing
from dataclasses import MISSING, dataclass
from typing import Annotated, Any, Literal

from llmex.grader.errors import LlmexError
from llmex.grader.yaml_lines import Document, Keys

UNIONS = (types.UnionType, typing.Union)  # `Annotated[...] | None` still makes the second


@dataclass(frozen=True)
class Rule:
    """What a field holds beyond its type; `about` is the sentence that an author reads."""

    about: str = ""
    low: float | None = None
    high: float | None = None
    pattern: str = ""
    key: str = ""  # the name in YAML where Python's own would be a keyword
    least: int = 0  # items of a list
    unique: bool = False
    verbatim: bool = False  # a text kept as it is, blank or not
    languages: tuple[str, ...] = ()  # keys that a mapping must have


NO_RULE = Rule()


@dataclass(frozen=True)
class Field:
    """One field of a record, as its dataclass declares it."""

    name: str
    key: str
    hint: Any
    rule: Rule
    default: Any

    @property
    def required(self) -> bool:
        """Whether a file must give it."""
        return self.default is MISSING


@functools.cache
def fields_of(kind: type) -> dict[str, Field]:
    """The fields of a dataclass by their YAML names; those marked `aside` are in no file."""
    hints = typing.get_type_hints(kind, include_extras=True)
    found = {}
    for field in dataclasses.fields(kind):
        if field.metadata.get("aside"):
            continue
        hint, rule = split(hints[field.name])
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        key = rule.key or field.name
        found[key] = Field(field.name, key, hint, rule, default)
    return found


@functools.cache
def split(hint: Any) -> tuple[Any, Rule]:
    """A type hint without its Annotated, and the rule that stood there."""
    if typing.get_origin(hint) is Annotated:
        bare, *extras = typing.get_args(hint)
        return bare, next((e for e in reversed(extras) if isinstance(e, Rule)), NO_RULE)
    return hint, NO_RULE


@functools.cache
def _taken_apart(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """A type hint's origin and arguments, and whether it is a record."""
    return typing.get_origin(hint), typing.get_args(hint), dataclasses.is_dataclass(hint)


def read(hint: Any, document: Document) -> tuple[Any, list[LlmexError]]:
    """The document's value as `hint` (a dataclass, or a tuple of them) and all that is wrong.

    The value is only worth using where the list of errors is empty.
    """
    reader = _Reader(document)
    value = reader.value(hint, Rule(), document.value, ())
    return value, reader.errors


class _Reader:
    """Walks a value beside its type hint and collects every error on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.errors: list[LlmexError] = []

    def value(self, hint: Any, rule: Rule, given: Any, at: Keys) -> Any:
        bare, own = split(hint)
        rule = rule if own is NO_RULE else own
        origin, inner, is_record = _taken_apart(bare)
        if is_record:
            return self.record(typing.cast(type, bare), given, at)
        if origin in UNIONS:
            return self.either(inner, rule, given, at)
        if origin is Literal:
            return self.choice(inner, given, at)
        if origin is tuple:
            return self.items(inner[0], rule, given, at)
        if origin is not None:  # Mapping[str, T]
            return self.mapping(inner[1], rule, given, at)
        return self.scalar(bare, rule, given, at)

    def record(self, kind: type, given: Any, at: Keys) -> Any:
        if not isinstance(given, dict):
            return self.wrong("a group of fields", given, at)
        fields = fields_of(kind)
        for key in given.keys() - fields.keys():
            self.unknown(key, sorted(fields.keys() - given.keys()), at)
        values: dict[str, Any] = {}
        for field in fields.values():
            if field.key in given:
                inner = (*at, field.key)
                values[field.name] = self.value(field.hint, field.rule, given[field.key], inner)
            elif field.required:
                self.missing(field.key, field.rule.about, at)
            else:
                values[field.name] = field.default
        complete = all(field.name in values for field in fields.values())
        return kind(**values) if complete else None

    def either(self, options: tuple[Any, ...], rule: Rule, given: Any, at: Keys) -> Any:
        if given is None and types.NoneType in options:
            return None
        rest = [option for option in options if option is not types.NoneType]
        groups = [option for option in rest if dataclasses.is_dataclass(option)]
        fitting = groups if isinstance(given, dict) and groups else rest
        return self.value(fitting[0], rule, given, at)

    def choice(self, options: tuple[Any, ...], given: Any, at: Keys) -> Any:
        if given in options and not isinstance(given, bool):
            return given
        self.errors.append(
            LlmexError(
                "{file}:{line}:{column}: '{given}' is not one of {options}.",
                "Write one of {options}.",
                given=str(given),
                options=", ".join(map(str, options)),
                **self.document.place(at).fields,
            )
        )
        return None

    def items(self, hint: Any, rule: Rule, given: Any, at: Keys) -> Any:
        if not isinstance(given, list):
            return self.wrong("a list", given, at)
        if len(given) < rule.least:
            self.errors.append(
                LlmexError(
                    "{file}:{line}:{column}: '{field}' needs at least {least} entries.",
                    "Add them to the list.",
                    field=_name(at),
                    least=rule.least,
                    **self.document.place(at).fields,
                )
            )
        for index, item in enumerate(given if rule.unique else []):
            if item in given[:index]:
                self.twice(item, (*at, index))
        inner = dataclasses.replace(rule, unique=False, least=0)
        return tuple(self.value(hint, inner, item, (*at, i)) for i, item in enumerate(given))

    def mapping(self, hint: Any, rule: Rule, given: Any, at: Keys) -> Any:
        if not isinstance(given, dict):
            return self.wrong("a group of fields", given, at)
        for language in rule.languages:
            if language not in given:
                self.missing(language, rule.about, at)
        inner = Rule() if rule.languages else rule
        return {key: self.value(hint, inner, item, (*at, key)) for key, item in given.items()}

    def scalar(self, kind: type, rule: Rule, given: Any, at: Keys) -> Any:
        if kind is str:
            return self.text(rule, given, at)
        if kind is bool:
            return given if isinstance(given, bool) else self.wrong("true or false", given, at)
        number = isinstance(given, int if kind is int else (int, float))
        if not number or isinstance(given, bool):
            return self.wrong("a whole number" if kind is int else "a number", given, at)
        low, high = rule.low, rule.high
        fits = (low is None or given >= low) and (high is None or given <= high)
        return given if fits and given == given else self.out_of_range(rule, given, at)

    def text(self, rule: Rule, given: Any, at: Keys) -> str | None:
        if not isinstance(given, str):
            self.wrong("a text", given, at)
            return None
        if rule.verbatim:
            return given
        if not given.strip():
            self.wrong("a text that is not empty", given, at)
        elif rule.pattern and not re.fullmatch(rule.pattern, given):
            self.errors.append(
                LlmexError(
                    "{file}:{line}:{column}: '{given}' does not fit '{field}'.",
                    "Write {about}.",
                    given=given,
                    field=_name(at),
                    about=rule.about,
                    **self.document.place(at).fields,
                )
            )
        return given.rstrip()

    def wrong(self, wanted: str, given: Any, at: Keys) -> None:
        self.errors.append(
            LlmexError(
                "{file}:{line}:{column}: '{field}' must be {wanted}, not {given}.",
                "Write {wanted} there; a text that looks like something else goes in quotes.",
                field=_name(at),
                wanted=wanted,
                given=_kind(given),
                **self.document.place(at).fields,
            )
        )

    def out_of_range(self, rule: Rule, given: float, at: Keys) -> None:
        low = "" if rule.low is None else f"{rule.low:g}"
        high = "" if rule.high is None else f"{rule.high:g}"
        self.errors.append(
            LlmexError(
                "{file}:{line}:{column}: '{field}' is {given}, out of its range.",
                "Write a number from {low} to {high}.",
                field=_name(at),
                given=given,
                low=low or "any",
                high=high or "any",
                **self.document.place(at).fields,
            )
        )

    def twice(self, item: Any, at: Keys) -> None:
        self.errors.append(
            LlmexError(
                "{file}:{line}:{column}: '{item}' stands twice in '{field}'.",
                "Keep one of the two.",
                item=str(item),
                field=_name(at[:-1]),
                **self.document.place(at).fields,
            )
        )

    def missing(self, key: str, about: str, at: Keys) -> None:
        self.errors.append(
            LlmexError(
                "{file}:{line}:{column}: the field '{field}' is missing.",
                "Add a line '{field}:' with {about}.",
                field=key,
                about=about or "its value",
                **self.document.place(at).fields,
            )
        )

    def unknown(self, key: str, known: list[str], at: Keys) -> None:
        place = self.document.place((*at, key), of_key=True)
        near = difflib.get_close_matches(key, known, n=1)
        if near:
            error = LlmexError(
                "{file}:{line}:{column}: unknown field '{field}'.",
                "Did you mean '{near}'?",
                field=key,
                near=near[0],
                **place.fields,
            )
        else:
            error = LlmexError(
                "{file}:{line}:{column}: unknown field '{field}'.",
                "Remove it; fields that may still come here: {known}.",
                field=key,
                known=", ".join(known) or "none",
                **place.fields,
            )
        self.errors.append(error)


def _name(at: Keys) -> str:
    return next((key for key in reversed(at) if isinstance(key, str)), "the file")


def _kind(given: Any) -> str:
    kinds = {type(None): "empty", dict: "a group of fields", list: "a list"}
    text = f"'{given}'" if isinstance(given, str) else str(given).lower()
    return kinds.get(type(given), text)
