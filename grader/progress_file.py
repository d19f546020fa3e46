"""progress.yaml on disk: read, repaired from its last good copy, and changed under a lock."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from llmex.grader import store
from llmex.grader.errors import LlmexError
from llmex.grader.progress import VERSION, ExerciseProgress, Progress
from llmex.grader.report import Sentence
from llmex.grader.schema import fields_of, read
from llmex.grader.yaml_lines import Document, parse_yaml, shown

try:
    from yaml import CSafeDumper as Dumper
except ImportError:  # PyYAML without libyaml: slower, the same text
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]

FILE = "progress.yaml"
HIDDEN = ".llmex"
LAST_GOOD = "progress.last-good.yaml"
LARGEST = 16 * 2**20
HEADER = "# Your progress in llmex. You may read and edit it; comments are not kept.\n"
ALWAYS = ("status", "attempts", "hints_seen")

# What a file of version n needs to become one of version n + 1.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    0: lambda plain: plain,  # written by hand, without a version
}


class _Damaged(Exception):
    """The file is no progress; the message says why."""


def exists(root: Path) -> bool:
    """Whether the folder `root` is a workspace: progress.yaml is there, or its last good copy."""
    return os.path.lexists(root / FILE) or (root / HIDDEN / LAST_GOOD).is_file()


def load(path: Path) -> Progress:
    """The progress in `path`. A damaged file is set aside, and the last good copy comes back.

    Then `.notice` says so in one line. Raises LlmexError if the file cannot be read, or was
    written by a newer llmex.
    """
    try:
        return _parse(_bytes(path), path)
    except _Damaged:
        pass
    try:
        with _lock(path, None):
            return _load_or_repair(path)
    except LlmexError:
        return _unrepaired(path)


def update(
    path: Path, change: Callable[[Progress], Progress], *, wait: float | None = None
) -> Progress:
    """Read, change and write in one piece: what two llmex record at once is both kept.

    Nothing is written if nothing changed. Raises LlmexError if the file could not be written, or
    if another llmex holds the lock for longer than `wait` seconds.
    """
    with _lock(path, wait):
        before = _load_or_repair(path)
        after = change(before)
        if after != before:
            _write(path, after)
        return after


def create(path: Path, progress: Progress) -> None:
    """Write a first progress.yaml; LlmexError if one is there."""
    store.make_folder(path.parent)
    with _lock(path, None):
        if exists(path.parent):
            raise LlmexError(
                "{folder} is a workspace already.",
                "Go there and type `llmex next`.",
                folder=shown(path.parent),
            )
        _write(path, progress)


def render(progress: Progress) -> str:
    """The text of progress.yaml: known keys first, in a fixed order, nothing that says nothing."""
    plain: dict[str, Any] = {"version": VERSION}
    for key in ("language", "track", "course", "current", "open"):
        if getattr(progress, key) is not None:
            plain[key] = getattr(progress, key)
    plain |= progress.extra
    plain["exercises"] = {e: _entry(entry) for e, entry in progress.exercises.items()}
    return HEADER + yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True)


def _entry(entry: ExerciseProgress) -> dict[str, Any]:
    known = {key: getattr(entry, key) for key in fields_of(ExerciseProgress)}
    return {k: v for k, v in known.items() if v or k in ALWAYS} | dict(entry.extra)


def _lock(path: Path, wait: float | None) -> contextlib.AbstractContextManager[None]:
    return store.locked(path.parent / HIDDEN / "lock", wait)


def _write(path: Path, progress: Progress) -> None:
    data = render(progress).encode()
    store.write_whole(path, data)
    with contextlib.suppress(LlmexError):  # the progress itself is safe
        store.write_whole(_last_good(path), data)


def _last_good(path: Path) -> Path:
    return path.parent / HIDDEN / LAST_GOOD


def _bytes(path: Path) -> bytes:
    raw = store.read_regular(path, LARGEST, follow=True)
    if raw is not None:
        return raw
    if _last_good(path).is_file():
        raise _Damaged("it is gone")
    raise LlmexError(
        "There is no workspace in {folder}.",
        "`llmex init {folder}` makes one.",
        folder=shown(path.parent),
    )


def _parse(raw: bytes, path: Path) -> Progress:
    """The progress in `raw`; _Damaged if it is none."""
    try:
        document = parse_yaml(raw, Path(path.name))
    except LlmexError as error:
        raise _Damaged(error.problem.english().rstrip(".")) from None
    plain = document.value
    if not isinstance(plain, dict):
        raise _Damaged("it is empty" if plain is None else "it holds no fields")
    plain = _upgraded(plain, path)
    known, extra = _split(plain, Progress)
    if isinstance(known.get("open"), bool):  # YAML reads `open: yes` so
        known["open"] = "always" if known["open"] else "never"
    entries = known.get("exercises")
    extras: dict[str, Mapping[str, Any]] = {}
    if isinstance(entries, dict):
        halves = {e: _split(v, ExerciseProgress) for e, v in entries.items()}
        known["exercises"] = {e: half[0] for e, half in halves.items()}
        extras = {e: half[1] for e, half in halves.items()}
    progress: Progress
    progress, errors = read(Progress, Document(document.path, known, document.node))
    if errors:
        raise _Damaged(errors[0].problem.english().rstrip("."))
    whole = {
        e: dataclasses.replace(entry, extra=extras[e]) for e, entry in progress.exercises.items()
    }
    return dataclasses.replace(progress, exercises=whole, extra=extra)


def _split(plain: Any, kind: type) -> tuple[Any, dict[str, Any]]:
    """The fields that `kind` knows, and the others."""
    if not isinstance(plain, dict):
        return plain, {}
    known = fields_of(kind)
    ours = {k: v for k, v in plain.items() if k in known}
    return ours, {k: v for k, v in plain.items() if k not in known}


def _upgraded(plain: dict[str, Any], path: Path) -> dict[str, Any]:
    version = plain.get("version", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise _Damaged("its version is no number")
    if version > VERSION:
        raise LlmexError(
            "{file} was written by a newer llmex (version {version}).",
            "Bring llmex up to date: `pip install --upgrade llmex`.",
            file=shown(path),
            version=version,
        )
    for step in range(version, VERSION):
        plain = UPGRADES[step](plain)
    return plain | {"version": VERSION}


def _load_or_repair(path: Path) -> Progress:
    try:
        return _parse(_bytes(path), path)
    except _Damaged as damage:
        reason = str(damage)
    good = _good_copy(path)
    aside = _set_aside(path)
    store.write_whole(path, render(good or Progress()).encode())
    if aside is None:
        notice = Sentence("progress.yaml was gone: the last good copy of it is back.")
    elif good is None:
        notice = Sentence(
            "progress.yaml was damaged and begins anew, for there was no good copy ({reason}). "
            "The damaged file is now {aside}.",
            {"reason": reason, "aside": aside.name},
        )
    else:
        notice = Sentence(
            "progress.yaml was damaged: the last good copy is back ({reason}). "
            "The damaged file is now {aside}.",
            {"reason": reason, "aside": aside.name},
        )
    return dataclasses.replace(good or Progress(), notice=notice)


def _good_copy(path: Path) -> Progress | None:
    try:
        raw = store.read_regular(_last_good(path), LARGEST)
        return None if raw is None else _parse(raw, path)
    except (_Damaged, LlmexError):
        return None


def _set_aside(path: Path) -> Path | None:
    """Move the damaged file away; None if there is none. Called under the lock."""
    if not os.path.lexists(path):
        return None
    aside = next(p for p in store.dated(path.parent, f"{FILE}.corrupt-") if not p.exists())
    try:
        os.rename(path, aside)
    except OSError as error:
        raise store.unwritable(error, path) from None
    return aside


def _unrepaired(path: Path) -> Progress:
    """The last good copy where the damaged file cannot be moved, as on a read-only disk."""
    notice = Sentence(
        "progress.yaml is damaged and cannot be mended here: you see the last good copy of it."
    )
    return dataclasses.replace(_good_copy(path) or Progress(), notice=notice)
