"""What the tests of progress do to a file."""

from __future__ import annotations

from pathlib import Path

from llmex.grader.progress import (
    Progress,
    record_check,
)

CHILD = """
import sys
from pathlib import Path
from llmex.grader.progress import hint_seen, record_check
from llmex.grader.progress_file import update
path, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(times):
    update(path, lambda p: record_check(
        hint_seen(p, name, number, version=1),
        "shared", "failed", 1, 6, version=1, answer_hash="a"))
    if number == 0:
        print("ready", flush=True)
"""


def passed(progress: Progress, *ids: str, version: int = 1, digest: str = "a") -> Progress:
    """The progress after these exercises have passed."""
    for name in ids:
        progress = record_check(
            progress, name, "passed", 6, 6, version=version, answer_hash=digest, at="2026-01-02"
        )
    return progress


def tried(progress: Progress, name: str, outcome: str = "failed", count: int = 2) -> Progress:
    """The progress after a check that did not pass."""
    return record_check(progress, name, outcome, count, 6, version=1, answer_hash="b")  # type: ignore[arg-type]


def asides(path: Path) -> list[Path]:
    """The damaged files that were set aside."""
    return sorted(path.parent.glob("progress.yaml.corrupt-*"))
