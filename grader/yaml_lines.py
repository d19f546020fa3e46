"""YAML read strictly, with the line and column of every value kept for error messages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import yaml

from llmex.grader.errors import LlmexError

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML without libyaml: slower, the same answers
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

Keys = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
# Dates stay texts, so that a file read and written again says what it said.
_TEXTS = frozenset(_TAG + kind for kind in ("str", "timestamp", "value", "merge"))
_SCALARS = frozenset(_TAG + kind for kind in ("bool", "int", "float", "null"))
_constructor = yaml.constructor.SafeConstructor()


class PlaceFields(TypedDict):
    """What fills {file}:{line}:{column}."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Place:
    """Where something stands in a file; lines and columns count from one."""

    file: str
    line: int
    column: int

    @property
    def fields(self) -> PlaceFields:
        """The fields of an error template that begins with {file}:{line}:{column}."""
        return {"file": self.file, "line": self.line, "column": self.column}


@dataclass(frozen=True)
class Document:
    """One YAML file: its plain value, and the nodes that know where each part stands."""

    path: Path
    value: Any
    node: yaml.Node | None

    def place(self, keys: Keys = (), *, of_key: bool = False) -> Place:
        """Where the value under `keys` stands, or with `of_key` the last key itself.

        Where the path leads nowhere (a missing field) it is the deepest part that is there.
        """
        mark = node = self.node
        for key in keys:
            pair = next((p for p in _children(node) if p[0] == key), None)
            if pair is None:
                break
            mark, node = pair[1:]
        at = mark if of_key else node
        if at is None:
            return Place(shown(self.path), 1, 1)
        return Place(shown(self.path), at.start_mark.line + 1, at.start_mark.column + 1)


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value, value


def shown(path: Path) -> str:
    """The path as a person would type it: relative where it lies below the current folder."""
    try:
        below = str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
    return str(path) if below == "." else below


def read_yaml(path: Path) -> Document:
    """The document in `path`, or an LlmexError that names the file, line and column."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise LlmexError(
            "There is no file {file}.", "Write it, or correct the name.", file=shown(path)
        ) from None
    except OSError as error:
        raise LlmexError(
            "{file} cannot be read: {reason}.",
            "Make it a file that you may read, then run the command again.",
            file=shown(path),
            reason=os.strerror(error.errno or 0),
        ) from None
    return parse_yaml(raw, path)


def parse_yaml(raw: bytes, path: Path) -> Document:
    """The document in the bytes `raw`; `path` is for messages only."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LlmexError(
            "{file}:{line}: this line is not UTF-8.",
            "Save the file as UTF-8 in your editor.",
            file=shown(path),
            line=raw[: error.start].count(b"\n") + 1,
        ) from None
    try:
        node = yaml.compose(text, Loader=Loader)
        value = None if node is None else _Values(path).of(node)
    except yaml.YAMLError as error:
        raise _syntax_error(error, raw, path) from None
    except RecursionError:
        raise LlmexError(
            "{file} is nested too deeply.", "Write it with fewer levels.", file=shown(path)
        ) from None
    return Document(path, value, node)


def _syntax_error(error: yaml.YAMLError, raw: bytes, path: Path) -> LlmexError:
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        place = Place(shown(path), mark.line + 1, mark.column + 1)
    else:
        line = raw[: getattr(error, "position", 0)].count(b"\n") + 1
        place = Place(shown(path), line, 1)
    if "mapping values are not allowed" in reason:
        return LlmexError(
            "{file}:{line}:{column}: a second colon on this line.",
            'Put the whole text in quotes: "...".',
            **place.fields,
        )
    if "cannot start any token" in reason:
        return LlmexError(
            "{file}:{line}:{column}: a value cannot begin with this character.",
            "Indent with spaces, not tabs, and put texts that begin with a sign in quotes.",
            **place.fields,
        )
    return LlmexError(
        "{file}:{line}:{column}: this is not YAML: {reason}.",
        "Mend the line or the one above it; a quote, a bracket or the indent is the usual cause.",
        reason=reason,
        **place.fields,
    )


class _Values:
    """Turns nodes into plain values; each node once, so that no file can blow up in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: set[int] = set()

    def of(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag in _TEXTS else self._scalar(node)
        if id(node) in self.seen:
            raise self._error(
                "{file}:{line}:{column}: the value is used twice through a YAML alias.", node
            )
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.of(item) for item in node.value]
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node)
        raise self._error("{file}:{line}:{column}: YAML tags have no meaning here.", node)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.tag in _SCALARS:
            try:
                return _constructor.construct_object(node)
            except (ValueError, yaml.YAMLError):
                pass
        raise self._error("{file}:{line}:{column}: this is no plain value.", node)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._error("{file}:{line}:{column}: a field's name must be a text.", key)
            if key.value in found:
                raise self._twice(node, key)
            found[key.value] = self.of(value)
        return found

    def _twice(self, node: yaml.MappingNode, again: yaml.ScalarNode) -> LlmexError:
        first = next(key for key, _ in node.value if key.value == again.value)
        return LlmexError(
            "{file}:{line}:{column}: the field '{field}' stands here and in line {first}.",
            "Keep one of the two.",
            field=again.value,
            first=first.start_mark.line + 1,
            **self._place(again).fields,
        )

    def _error(self, problem: str, node: yaml.Node) -> LlmexError:
        return LlmexError(
            problem,
            "Write the value out as plain text, number or list.",
            **self._place(node).fields,
        )

    def _place(self, node: yaml.Node) -> Place:
        return Place(shown(self.path), node.start_mark.line + 1, node.start_mark.column + 1)
