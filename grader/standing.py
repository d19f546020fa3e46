"""What a pass is worth today: whether its answer has changed since, and what an exercise rests on.

A pass is of one text with all that it imports. A change to an earlier answer is a change to every
later one that imports it.
"""

from __future__ import annotations

from pathlib import Path

from llmex.grader.catalog import Course, Exercise
from llmex.grader.progress import Progress, is_stale
from llmex.grader.sources import formerly, is_own, present, text_hash


def stale(course: Course, root: Path, progress: Progress) -> frozenset[str]:
    """The passed exercises whose answer in the workspace `root` is not the one that passed.

    Something that it imports may have changed, or its own text; a file that is gone or cannot be
    read is a change too. Only files of passed answers are read. A pass of which no hash was kept
    is not stale.
    """
    return frozenset(e for e in course.ids if _is_stale(course, e, root, progress))


def missing(course: Course, exercise: Exercise, root: Path, progress: Progress) -> tuple[str, ...]:
    """The prerequisites (`needs`) that are not the learner's own with a pass as they stand now."""
    return tuple(
        e
        for e in exercise.needs
        if not progress.done(e)
        or not is_own(course, e, root)
        or _is_stale(course, e, root, progress)
    )


def renewed(course: Course, root: Path, progress: Progress) -> frozenset[str]:
    """The exercises begun and not passed whose stub has changed since the learner's file was made.

    What is in the file does not matter: the learner chooses whether to begin again.
    """
    begun = (e for e in course.ids if not progress.done(e) and progress.entry(e) is not None)
    return frozenset(e for e in begun if _has_new_stub(course, e, root, progress))


def _has_new_stub(course: Course, exercise_id: str, root: Path, progress: Progress) -> bool:
    entry = progress.entry(exercise_id)
    if entry is None or entry.stub_hash is None or present(course, exercise_id, root) is None:
        return False
    path = course.root / "exercises" / course.module_of[exercise_id] / exercise_id / "stub.py"
    try:
        return text_hash(path.read_text("utf-8")) != entry.stub_hash
    except (OSError, ValueError):
        return False


def _is_stale(course: Course, exercise_id: str, root: Path, progress: Progress) -> bool:
    entry = progress.entry(exercise_id)
    if entry is None or not entry.done or entry.answer_hash is None:
        return False
    if not is_stale(entry, present(course, exercise_id, root) or ""):
        return False
    return all(is_stale(entry, digest) for digest in formerly(course, exercise_id, root))
