"""Progress survives crashes, hand edits, two llmex at once, full disks and clocks that jump."""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from llmex.grader import progress_file, store
from llmex.grader.catalog import Course, load_course
from llmex.grader.errors import LlmexError
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
from llmex.grader.progress_file import create, load, render, update

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A first progress.yaml."""
    create(tmp_path / "ws" / "progress.yaml", Progress(language="en"))
    return tmp_path / "ws" / "progress.yaml"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Five exercises; the spine takes three of them, and c was called old-c."""
    top = tmp_path / "course" / "exercises"
    top.mkdir(parents=True)
    (top / "course.yaml").write_text(
        "schema: 1\ntitle: {en: C}\nmodules:\n"
        "  - {id: m, title: {en: M}, exercises: [a, b, c, d, e]}\n"
        "tracks: {spine: {title: {en: S}, exercises: [b, d, a]}}\n"
    )
    for name in "abcde":
        (top / "m" / name).mkdir(parents=True)
        (top / "m" / name / "exercise.yaml").write_text(
            f"id: {name}\nversion: 1\ntitle: T\nsummary: S\ndifficulty: 1\nminutes: 5\n"
            f"uses: python\nchecks: [test_f]\naliases: [old-{name}]\n"
        )
    return load_course(tmp_path / "course")


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


# -- steps ------------------------------------------------------------------------------------


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


# -- the file ---------------------------------------------------------------------------------


def test_a_workspace_is_made_once(path: Path) -> None:
    """A first progress.yaml is never written over one that is there."""
    before = path.read_bytes()
    with pytest.raises(LlmexError, match=r"is a workspace already.\n.*llmex next"):
        create(path, Progress())
    assert path.read_bytes() == before


def test_a_person_can_read_it(path: Path) -> None:
    """Known keys come in a fixed order, and what says nothing is left out."""
    update(path, lambda p: passed(started(p, "a", version=1, stub_hash="s"), "a"))
    update(path, lambda p: hint_seen(p, "ünï", 2, version=1))
    assert path.read_text("utf-8") == (
        "# Your progress in llmex. You may read and edit it; comments are not kept.\n"
        "version: 1\nlanguage: en\ncurrent: a\nexercises:\n"
        "  a:\n    status: passed\n    attempts: 1\n    hints_seen: 0\n    passed: 6\n    of: 6\n"
        "    first_passed: '2026-01-02'\n    version: 1\n    answer_hash: a\n    stub_hash: s\n"
        "  ünï:\n    status: started\n    attempts: 0\n    hints_seen: 2\n    version: 1\n"
    )


def test_what_is_written_is_read(path: Path) -> None:
    """Reading gives the record that was written."""
    progress = gave_up(tried(passed(Progress(language="zh", track="t"), "a"), "b"), "b", version=2)
    update(path, lambda _: progress)
    assert load(path) == progress
    assert load(path).notice is None


def test_unknown_keys_and_ids_are_kept(path: Path) -> None:
    """What another version or a person added comes through a rewrite."""
    path.write_text(
        "version: 1\nnotice: x\nextra: y\nnote: 2024-01-31\nplan: [x, {y: 1.5}]\nexercises:\n"
        "  gone-exercise: {status: passed, mood: good, attempts: 3}\n  a: {status: tried}\n"
    )
    update(path, lambda p: tried(p, "a"))
    plain = yaml.safe_load(path.read_text())
    assert (plain["notice"], plain["extra"]) == ("x", "y")
    assert (plain["note"], plain["plan"]) == ("2024-01-31", ["x", {"y": 1.5}])
    assert plain["exercises"]["gone-exercise"]["mood"] == "good"
    assert plain["exercises"]["gone-exercise"]["attempts"] == 3
    assert plain["exercises"]["a"]["attempts"] == 1


def test_no_change_no_write(path: Path) -> None:
    """A step that changes nothing leaves the file and its time alone."""
    path.write_text("version: 1   # mine\nlanguage: en\n")
    before = path.stat()
    update(path, lambda p: dataclasses.replace(p, language="en"))
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_file_written_by_hand_upgrades(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of an older version is read through the steps between, one after the other."""
    path.write_text("language: zh\ntrack:\n")
    assert load(path) == Progress(language="zh")
    monkeypatch.setitem(
        progress_file.UPGRADES, 0, lambda plain: {"language": plain.pop("lang")} | plain
    )
    path.write_text("version: 0\nlang: zh\nnote: x\n")
    assert load(path) == Progress(language="zh", extra={"note": "x"})
    assert update(path, lambda p: started(p, "a", version=1)).version == 1
    assert yaml.safe_load(path.read_text())["version"] == 1


def test_a_newer_file_is_left_alone(path: Path) -> None:
    """A file of a newer llmex is neither read as damaged nor changed."""
    path.write_text("version: 2\nworld: new\n")
    words = r"newer llmex .version 2..*\n.*pip install"
    with pytest.raises(LlmexError, match=words):
        load(path)
    with pytest.raises(LlmexError, match=words):
        update(path, lambda p: passed(p, "a"))
    assert path.read_text() == "version: 2\nworld: new\n"
    assert asides(path) == []


def test_a_linked_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    """Progress kept elsewhere through a link is changed there."""
    real = tmp_path / "elsewhere.yaml"
    path.rename(real)
    path.symlink_to(real)
    update(path, lambda p: passed(p, "a"))
    assert path.is_symlink()
    assert load(path).done("a")
    assert "passed" in real.read_text()


def test_a_clock_that_jumps_back_is_harmless(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass before the first one keeps the first time, and the file is read as ever."""
    old = time.struct_time((1970, 1, 1, 0, 0, 0, 3, 1, 0))
    first = update(path, lambda p: record_check(p, "a", "passed", 1, 1, version=1, answer_hash="x"))
    monkeypatch.setattr(time, "gmtime", lambda: old)
    later = update(path, lambda p: record_check(p, "a", "passed", 1, 1, version=1, answer_hash="y"))
    for progress in (later, load(path)):
        assert progress.entry("a").first_passed == first.entry("a").first_passed  # type: ignore[union-attr]
    assert update(path, lambda p: passed(p, "b")).done("b")


# -- damage -----------------------------------------------------------------------------------


DAMAGE = {
    "cut": b"version: 1\nexercises:\n  a: {status: pas",
    "empty": b"",
    "zeros": b"\0" * 512,
    "bytes": b"\xff\xfe\x00x",
    "list": b"- a\n",
    "type": b"version: 1\nexercises: {a: {status: passed, attempts: lots}}\n",
    "status": b"version: 1\nexercises: {a: {status: finished}}\n",
    "version": b"version: one\n",
    "twice": b"version: 1\nversion: 1\n",
    "entries": b"version: 1\nexercises: [a]\n",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_the_last_good_copy_comes_back(path: Path, damage: bytes) -> None:
    """A damaged file is set aside, what was recorded is back, and one line says so."""
    good = update(path, lambda p: passed(p, "a"))
    path.write_bytes(damage)
    progress = load(path)
    assert progress == good
    (aside,) = asides(path)
    assert aside.read_bytes() == damage
    assert progress.notice is not None
    assert aside.name in progress.notice.english()
    assert "the last good copy is back" in progress.notice.english()
    assert load(path) == good
    assert load(path).notice is None


def test_a_change_on_a_damaged_file_is_made_on_the_good_copy(path: Path) -> None:
    """A check that finds the file damaged is recorded on what was there before."""
    update(path, lambda p: passed(p, "a"))
    path.write_text("oops: [")
    progress = update(path, lambda p: passed(p, "b"))
    assert progress.notice is not None
    assert [load(path).done(name) for name in "ab"] == [True, True]


def test_the_notice_says_where_a_hand_edit_went_wrong(path: Path) -> None:
    """The line of the slip is named, so that it can be mended in the file set aside."""
    path.write_text("version: 1\nlanguage: en\nexercises:\n  a: {status: passed, attempts: x}\n")
    notice = load(path).notice
    assert notice is not None
    assert "progress.yaml:4:33: 'attempts' must be a whole number" in notice.english()


def test_without_a_good_copy_progress_begins_anew(path: Path) -> None:
    """Both files damaged: the learner keeps the damaged one and is told."""
    (path.parent / ".llmex" / "progress.last-good.yaml").write_text("[")
    path.write_text("[")
    progress = load(path)
    assert progress == Progress()
    assert progress.notice is not None
    assert "begins anew" in progress.notice.english()
    assert len(asides(path)) == 1


def test_damaged_files_of_one_second_are_all_kept(path: Path) -> None:
    """Three damages in a row give three files."""
    for text in ("[", "[[", "[[["):
        path.write_text(text)
        load(path)
    assert sorted(p.read_text() for p in asides(path)) == ["[", "[[", "[[["]


def test_a_deleted_file_comes_back(path: Path) -> None:
    """What was deleted by accident is there again."""
    good = update(path, lambda p: passed(p, "a"))
    path.unlink()
    assert progress_file.exists(path.parent)
    progress = load(path)
    assert progress == good
    assert progress.notice is not None
    assert "was gone" in progress.notice.english()
    assert path.is_file()


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_something_else_in_the_files_place(path: Path, make: object) -> None:
    """A folder or a pipe is named and left alone."""
    path.unlink()
    make(path)  # type: ignore[operator]
    with pytest.raises(LlmexError, match=r"progress.yaml is a (folder|pipe)"):
        load(path)
    with pytest.raises(LlmexError, match=r"progress.yaml is a (folder|pipe)"):
        update(path, lambda p: passed(p, "a"))


def test_outside_of_a_workspace(tmp_path: Path) -> None:
    """No file and no copy: the next step is to make a workspace."""
    with pytest.raises(LlmexError, match=r"There is no workspace in .*\n`llmex init"):
        load(tmp_path / "progress.yaml")


# -- disks and locks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "problem"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "The disk cannot be written to")],
)
def test_a_failed_write_loses_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, problem: str
) -> None:
    """The error can be shown after the verdict; the file is the one before, and nothing is left."""
    good = update(path, lambda p: passed(p, "a"))

    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LlmexError, match=problem) as caught:
        update(path, lambda p: passed(p, "b"))
    monkeypatch.undo()
    assert caught.value.exit_code == 3
    assert load(path) == good
    assert [p.name for p in path.parent.iterdir() if "tmp" in p.name] == []


def test_a_damaged_file_that_cannot_be_moved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file is never written over before it has been set aside."""
    good = update(path, lambda p: passed(p, "a"))
    path.write_text("[")

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "rename", refuse)
    assert load(path) == good
    with pytest.raises(LlmexError, match="could not be written"):
        update(path, lambda p: passed(p, "b"))
    assert path.read_text() == "["


def test_a_damaged_file_on_a_read_only_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be known is shown, with a notice; nothing is moved."""
    good = update(path, lambda p: passed(p, "a"))
    path.write_text("[")
    real = os.open

    def read_only(name: str, flags: int, *args: int, **kwargs: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(name, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", read_only)
    progress = load(path)
    assert progress == good
    assert progress.notice is not None
    assert "cannot be mended here" in progress.notice.english()
    assert path.read_text() == "["
    with pytest.raises(LlmexError, match="The disk cannot be written to"):
        update(path, lambda p: passed(p, "b"))


def test_a_lock_that_is_held(path: Path) -> None:
    """Who finds another llmex at work waits a while, then says so; reading goes on."""
    with store.locked(path.parent / ".llmex" / "lock"):
        begin = time.monotonic()
        with pytest.raises(LlmexError, match=r"Another llmex is at work in .*\nWait") as caught:
            update(path, lambda p: passed(p, "a"), wait=0.2)
        assert 0.2 <= time.monotonic() - begin < 5
        assert caught.value.exit_code == 3
        assert load(path) == Progress(language="en")
    assert update(path, lambda p: passed(p, "a"), wait=0.2).done("a")


def test_the_lock_is_free_after_an_error(path: Path) -> None:
    """A change that fails lets the lock go and writes nothing."""
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        update(path, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert path.read_bytes() == before
    assert update(path, lambda p: passed(p, "a"), wait=0.2).done("a")


@pytest.mark.parametrize("lacking", ["module", "system"])
def test_without_file_locks(path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    """Where Python or the disk has no locks, progress is recorded all the same."""

    def refuse(_handle: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "no locks here")

    if lacking == "module":
        monkeypatch.setattr(store, "fcntl", None)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)
    assert update(path, lambda p: passed(p, "a")).done("a")
    assert load(path).done("a")


def run(path: Path, name: str, times: int) -> subprocess.Popen[str]:
    """Another process that records checks."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), name, str(times)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_at_once_lose_nothing(path: Path) -> None:
    """Three processes record 25 checks each; 75 are in the file."""
    children = [run(path, name, 25) for name in ("x", "y", "z")]
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    progress = load(path)
    assert progress.entry("shared").attempts == 75  # type: ignore[union-attr]
    for name in ("x", "y", "z"):
        assert progress.entry(name).hints_seen == 24  # type: ignore[union-attr]


def test_a_kill_at_any_moment_leaves_a_whole_file(path: Path) -> None:
    """Killed 30 times while it writes, the file is never damaged and never goes back."""
    draw = random.Random(20260131)
    attempts = 0
    for _ in range(30):
        child = run(path, "x", 10**6)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0.002, 0.03))
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=60)
        progress = progress_file._parse(path.read_bytes(), path)
        entry = progress.entry("shared")
        assert entry is None or entry.attempts >= attempts
        attempts = 0 if entry is None else entry.attempts
    assert attempts >= 30
    assert update(path, lambda p: passed(p, "a"), wait=1).notice is None
    assert asides(path) == []
    assert [p.name for p in path.parent.iterdir() if "tmp" in p.name] == []


def test_a_write_in_place_would_be_caught(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between the bytes and the rename leaves the old file: the order is what saves it."""

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    good = update(path, lambda p: passed(p, "a"))
    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        update(path, lambda p: passed(p, "b"))
    monkeypatch.undo()
    assert path.read_text() == render(good)
    assert update(path, lambda p: passed(p, "c"), wait=0.2).done("c")
