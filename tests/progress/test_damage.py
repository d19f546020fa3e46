"""A damaged file is set aside and the last good copy comes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmex.grader import progress_file
from llmex.grader.errors import LlmexError
from llmex.grader.progress import (
    Progress,
)
from llmex.grader.progress_file import load, update
from tests.progress.ground import asides, passed

DAMAGE = {
    "cut": b"version: 1\nexercises:\n  a: {status: pas",
    "empty": b"",
    "zeros": b"\0" * 512,
    "bytes": b"\xff\xfe\x00x",
    "list": b"- a\n",
    "type": b"version: 1\nexercises: {a: {status: passed, attempts: lots}}\n",
    "status": b"version: 1\nexercises: {a: {status: finished}}\n",
    "version": b"version: one\n",
    "a bool": b"version: true\nexercises: {a: {status: tried}}\n",
    "below zero": b"version: -1\nexercises: {a: {status: tried}}\n",
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
