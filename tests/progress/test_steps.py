"""What counts as an attempt, a pass, a stale pass, and what comes next."""

from __future__ import annotations

import dataclasses

from llmex.grader.catalog import Course
from llmex.grader.progress import (
    ExerciseProgress,
    Progress,
    gave_up,
    hint_seen,
    is_older,
    is_stale,
    next_exercise,
    record_check,
    renamed,
    started,
)
from tests.progress.ground import passed, tried


def test_a_first_start() -> None:
    """A started exercise is the current one, and keeps the hash of its stub."""
    progress = started(Progress(), "a", version=3, stub_hash="s")
    assert progress.current == "a"
    assert progress.entry("a") == ExerciseProgress("started", version=3, stub_hash="s")
    again = started(started(passed(progress, "a"), "b", version=1), "a", version=1)
    assert again.current == "a"
    assert again.done("a")
    assert again.entry("a").stub_hash == "s"  # type: ignore[union-attr]


def test_attempts_are_counted_until_a_pass() -> None:
    """Failed, stopped and delegated checks are attempts that pass nothing."""
    progress = tried(Progress(), "a", count=4)
    progress = tried(progress, "a", "stopped", count=1)
    progress = tried(progress, "a", "delegated", count=6)
    entry = progress.entry("a")
    assert entry is not None
    assert (entry.status, entry.attempts, entry.passed, entry.of) == ("tried", 3, 6, 6)
    assert (entry.first_passed, entry.answer_hash) == (None, None)
    entry = passed(progress, "a").entry("a")
    assert entry is not None
    assert (entry.status, entry.attempts, entry.passed, entry.of) == ("passed", 4, 6, 6)
    assert (entry.first_passed, entry.version, entry.answer_hash) == ("2026-01-02", 1, "a")


def test_a_pass_stays_a_pass() -> None:
    """A later failure counts as an attempt and takes nothing away."""
    before = passed(Progress(), "a")
    after = tried(before, "a", count=0)
    assert after.entry("a") == dataclasses.replace(before.entry("a"), attempts=2)  # type: ignore[type-var]


def test_a_second_pass_keeps_the_first_time() -> None:
    """The answer and the version are the newest that passed, the time is the first."""
    progress = record_check(
        passed(Progress(), "a"), "a", "passed", 7, 7, version=2, answer_hash="z", at="2030"
    )
    entry = progress.entry("a")
    assert entry is not None
    assert (entry.first_passed, entry.version, entry.answer_hash) == ("2026-01-02", 2, "z")
    assert (entry.passed, entry.of) == (7, 7)


def test_trouble_of_llmex_leaves_no_trace() -> None:
    """A grader's error is nobody's attempt, an untouched stub neither."""
    assert tried(Progress(), "a", "grader-error") == Progress()
    entry = tried(Progress(), "a", "not-started").entry("a")
    assert entry == ExerciseProgress("started", version=1)
    before = tried(Progress(), "a", count=4)
    assert tried(before, "a", "not-started", count=0) == before


def test_hints_and_giving_up() -> None:
    """Hints are counted by the furthest one; giving up after a pass is none."""
    progress = hint_seen(hint_seen(Progress(), "a", 3, version=1), "a", 1, version=1)
    assert progress.entry("a") == ExerciseProgress("started", hints_seen=3, version=1)
    entry = passed(gave_up(progress, "a", version=1), "a").entry("a")
    assert entry is not None
    assert entry.gave_up
    assert entry.done
    done = passed(Progress(), "b")
    assert gave_up(done, "b", version=1) == done


def test_the_next_exercise(course: Course) -> None:
    """The current one until it passes, then the track, then the rest of the course, then none."""
    seen = []
    progress = Progress()
    while (name := next_exercise(progress, course)) is not None:
        progress = started(progress, name, version=1)
        assert next_exercise(tried(progress, name), course) == name
        progress = passed(progress, name)
        seen.append(name)
    assert seen == ["b", "d", "a", "c", "e"]


def test_skipping_ahead(course: Course) -> None:
    """A skipped exercise comes back after the one skipped to has passed."""
    progress = started(Progress(), "e", version=1)
    assert next_exercise(progress, course) == "e"
    assert next_exercise(passed(progress, "e"), course) == "b"
    assert next_exercise(passed(progress, "e"), course, "full") == "a"
    assert next_exercise(Progress(track="full"), course) == "a"
    assert next_exercise(Progress(current="gone"), course) == "b"


def test_old_ids_count_under_todays(course: Course) -> None:
    """A pass under an old id is a pass; ids that nobody knows stay."""
    progress = passed(Progress(current="old-b"), "old-c", "stranger")
    today = renamed(progress, course)
    assert list(today.exercises) == ["c", "stranger"]
    assert today.done("c")
    assert today.current == "b"
    assert renamed(Progress(current="old-a"), course).current == "a"
    both = renamed(passed(passed(Progress(), "c", digest="n"), "old-c", digest="o"), course)
    assert [entry.answer_hash for entry in both.exercises.values()] == ["n"]
    assert renamed(today, course) == today


def test_stale_and_older() -> None:
    """A pass is stale when the answer has changed, older when the exercise has."""
    entry = passed(Progress(), "a", digest="x").entry("a")
    assert entry is not None
    assert (is_stale(entry, "x"), is_stale(entry, "y")) == (False, True)
    assert (is_older(entry, 1), is_older(entry, 2)) == (False, True)
    trying = tried(Progress(), "a").entry("a")
    assert trying is not None
    assert not is_stale(trying, "y")
    assert not is_older(trying, 2)
