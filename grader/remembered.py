"""What known mistakes hand over in a check, remembered between commands by content.

A mistake does the same thing every time: the same suite, sources, seed and versions give the same
evidence. A file that cannot be read, or that was made by other versions, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgpack

from llmex.grader.evidence import Evidence
from llmex.grader.job import Job, Subject
from llmex.grader.literal import remote_type
from llmex.grader.report import Check, CheckOutcome
from llmex.grader.store import write_whole
from llmex.grader.suite import Ran
from llmex.grader.worker.decode import loads
from llmex.grader.worker.encode import dumps
from llmex.grader.worker.wire import Frame

LARGEST = 1 << 20  # bytes of one check's evidence; what is larger is found out again
MOST = 400  # files; the oldest go first

Key = tuple[str, str]
# Stands for evidence that nobody else's can be; no check of an answer leaves any of this kind.
_EQUAL_TO_NOTHING = ["kept", "", None, None, None, False, 0.0]


@dataclass(frozen=True)
class _Entry:
    outcome: CheckOutcome
    evidence: tuple[Evidence, ...]


class Remembered:
    """The evidence of one job's mistakes, by check and label."""

    def __init__(self, job: Job) -> None:
        self._path = Path(job.cache, _digest(job)) if job.cache else None
        self._entries: dict[Key, _Entry] = {}
        self._new = False
        if self._path is not None:
            with contextlib.suppress(Exception):  # whatever is wrong with it, it can be made again
                body, buffers = msgpack.unpackb(self._path.read_bytes())
                self._entries = dict(map(_revived, loads(Frame(body, buffers))))

    def missing(self, subjects: Sequence[Subject], names: Sequence[str]) -> list[Subject]:
        """The subjects that have to run for some of these checks."""
        return [s for s in subjects if any((name, s.label) not in self._entries for name in names)]

    def note(self, ran: Mapping[str, Sequence[Ran]]) -> None:
        """Remember what a session found."""
        for label, ones in ran.items():
            for one in ones:
                key = one.check.name, label
                self._entries[key] = _Entry(one.check.outcome, tuple(one.evidence))
                self._new = True

    def of(self, subject: Subject, names: Sequence[str]) -> list[Ran]:
        """What the subject did in these checks."""
        found = [(name, self._entries[name, subject.label]) for name in names]
        return [Ran(Check(name, "", e.outcome), list(e.evidence)) for name, e in found]

    def save(self) -> None:
        """Write what is new, as far as it can cross as bytes; a disk that refuses is no trouble."""
        if self._path is None or not self._new:
            return
        entries = [plain for item in self._entries.items() if (plain := _plain(*item)) is not None]
        with contextlib.suppress(Exception):
            frame = dumps(entries)
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            buffers = [bytes(buffer) for buffer in frame.buffers]
            write_whole(self._path, msgpack.packb([frame.body, buffers]))
            _tidy(self._path.parent)


def _plain(key: Key, entry: _Entry) -> list[Any] | None:
    """An entry as values that cross; None where its evidence cannot, or is too large."""
    evidence = [[e.kind, e.name, e.got, e.rtol, e.atol, e.passed, e.margin] for e in entry.evidence]
    plain = [*key, entry.outcome, evidence]
    try:
        frame = dumps(plain)
    except Exception:
        if not any(_stays(e.got) for e in entry.evidence):
            return None  # it is found out again
        plain = [*key, entry.outcome, [_EQUAL_TO_NOTHING]]
        frame = dumps(plain)
    return plain if frame.size <= LARGEST else None


def _stays(value: Any) -> bool:
    """Whether an object that stayed in the worker is in a value: such evidence equals no other."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_stays, value))
    return remote_type(value) is not None


def _revived(plain: Sequence[Any]) -> tuple[Key, _Entry]:
    name, label, outcome, evidence = plain
    if outcome not in get_args(CheckOutcome):
        raise ValueError(outcome)
    found = tuple(
        Evidence(kind, of, got, None, rtol, atol, passed, margin)
        for kind, of, got, rtol, atol, passed, margin in evidence
    )
    return (name, label), _Entry(outcome, found)


def _digest(job: Job) -> str:
    """A name that changes with anything that could change what a mistake does."""
    digest = hashlib.blake2b(digest_size=16)
    numpy, torch = sys.modules["numpy"], sys.modules.get("torch")
    parts: list[Any] = [sys.version, numpy.__version__, getattr(torch, "__version__", "")]
    parts += [Path(job.suite).read_text("utf-8"), job.exercise, job.seed, job.stage, job.checks]
    parts += [sorted(job.limits.items()), job.fingerprint]
    for subject in (job.solution, *job.mistakes):
        if subject is not None:
            parts += [subject.label, subject.main, sorted(subject.sources.items())]
    for part in parts:
        digest.update(repr(part).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _tidy(folder: Path) -> None:
    """Let the oldest files go where there are too many."""
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) - MOST)]:
        os.unlink(path)
