"""The file is made once, readable, kept whole, and never written without a change."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
import yaml

from llmex.grader import progress_file
from llmex.grader.errors import LlmexError
from llmex.grader.progress import (
    Progress,
    gave_up,
    hint_seen,
    record_check,
    started,
)
from llmex.grader.progress_file import create, load, update
from tests.progress.ground import asides, passed, tried


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
