"""Keeps a picture beside its answer, and never in the place of another's file."""

from __future__ import annotations

from pathlib import Path

from llmex.cli.drawing import MARK
from llmex.grader import progress_file, store
from llmex.grader.errors import LlmexError

ENDING = ".loss.svg"
_LARGEST = 1 << 20


def keep(root: Path, answer: Path, svg: str, ending: str = ENDING) -> tuple[Path, bool]:
    """Where the picture of an answer in the workspace `root` belongs, and whether it is there now.

    A file of that name that llmex did not draw stays as it is, as does a link. LlmexError where
    the disk cannot be written.
    """
    path = answer.with_suffix(ending)
    with store.locked(root / progress_file.HIDDEN / "lock"):
        try:
            found = store.read_regular(path, _LARGEST, below=root)
        except LlmexError:
            return path, False
        if found is not None and MARK.encode() not in found[:500]:
            return path, False
        if found is None:
            try:
                store.write_new(path, svg.encode("utf-8", "replace"))
            except FileExistsError:
                return path, False
        else:
            store.write_whole(path, svg.encode("utf-8", "replace"))
    return path, True
