"""Dated copies of learners' files, made before anything replaces one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from llmex.grader import store
from llmex.grader.errors import LlmexError
from llmex.grader.progress_file import HIDDEN
from llmex.grader.yaml_lines import shown

FOLDER = "backups"
LARGEST = 64 * 2**20
_NAME = re.compile(r"(?P<stem>.+)\.(?P<time>\d{8}T\d{6}Z(?:-\d+)?)\.py")


@dataclass(frozen=True)
class Backup:
    """A kept copy: `file_name` is what it is a copy of, `time` when it was made (UTC).

    A second copy within a second has `-2` after the time.
    """

    file_name: str
    time: str
    path: Path


def replace(root: Path, target: Path, data: bytes) -> Backup | None:
    """Put `data` into `target`, a file of the workspace `root`, and keep what was there.

    None if there was nothing, or nothing else than `data`. Raises LlmexError where what is there
    is no ordinary file, or a disk is full: then the file is as it was.
    """
    with store.locked(root / HIDDEN / "lock"):
        old = store.read_regular(target, LARGEST, below=root)
        if old == data:
            return None
        kept = None if old is None else _keep(root, target, old)
        store.write_whole(target, data)
        return kept


def listed(root: Path) -> tuple[Backup, ...]:
    """The copies in the workspace `root`, newest first."""
    folder = root / HIDDEN / FOLDER
    found = []
    for path in folder.glob("*/*.py"):
        name = _NAME.fullmatch(path.name)
        if name is not None:
            of = f"{path.parent.name}/{name['stem']}.py"
            found.append(Backup(of, name["time"], path))
    return tuple(sorted(found, key=_age, reverse=True))


def content(backup: Backup) -> bytes:
    """The bytes of a copy; LlmexError if it is gone."""
    data = store.read_regular(backup.path, LARGEST)
    if data is None:
        raise LlmexError(
            "The copy {file} is gone.",
            "`llmex restore` lists those that are there.",
            file=shown(backup.path),
        )
    return data


def _keep(root: Path, target: Path, data: bytes) -> Backup:
    folder = root / HIDDEN / FOLDER / target.parent.name
    store.make_folder(folder)
    for path in store.dated(folder, f"{target.stem}.", target.suffix):
        try:
            store.write_new(path, data)
        except FileExistsError:
            continue
        time = path.name.removeprefix(f"{target.stem}.").removesuffix(target.suffix)
        return Backup(target.relative_to(root).as_posix(), time, path)
    raise AssertionError("there is always another name")


def _age(backup: Backup) -> tuple[str, int, str]:
    time, _, count = backup.time.partition("-")
    return time, int(count or 1), backup.file_name
