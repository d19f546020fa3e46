"""How much a folder may hold: bytes on the disk and files, links for what they are themselves."""

from __future__ import annotations

import os
from pathlib import Path

from llmex.grader.guard import overflows


def test_a_folder_may_hold_so_many_files(tmp_path: Path) -> None:
    """The files are counted, empty ones too; a folder that is gone holds nothing."""
    for n in range(3):
        (tmp_path / str(n)).touch()
    assert not overflows(str(tmp_path), files=3)
    assert overflows(str(tmp_path), files=2)
    assert not overflows(str(tmp_path / "gone"), files=0)


def test_a_folder_may_hold_so_many_bytes(tmp_path: Path) -> None:
    """All files together count, by the room that they take on the disk."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(os.urandom(700 << 10))
    assert overflows(str(tmp_path), megabytes=1)
    assert not overflows(str(tmp_path), megabytes=2)


def test_holes_and_links_take_no_room(tmp_path: Path) -> None:
    """A file of holes is as small as what is in it, and a link is not what it leads to."""
    full, empty = tmp_path / "outside", tmp_path / "folder"
    full.write_bytes(os.urandom(2 << 20))
    empty.mkdir()
    (empty / "link").symlink_to(full)
    with (empty / "holes").open("wb") as file:
        file.truncate(2 << 20)
    assert not overflows(str(empty), megabytes=1)
