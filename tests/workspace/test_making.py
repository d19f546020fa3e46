"""A workspace is made, found and filled, and nothing in it is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader import catalog
from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.workspace import Workspace, create, find, is_free
from tests.workspace.ground import files, put


def test_create_and_find(tmp_path: Path, course: Course) -> None:
    """A workspace is found from any folder in it, with its course and language."""
    made = create(tmp_path / "a" / "b", course=course.root, language="zh", track="full")
    deep = tmp_path / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    ws = find(deep)
    assert ws.root == made.root == (tmp_path / "a" / "b").resolve()
    assert ws.course.ids == ("first-one", "second-one", "third-one")
    progress = ws.progress()
    assert (progress.language, progress.track, progress.current) == ("zh", "full", None)


def test_a_course_path_is_relative_to_the_workspace(ws: Workspace) -> None:
    """`course: ../course` in progress.yaml works from everywhere."""
    put(ws.progress_path, "version: 1\ncourse: ../course\n")
    assert find(ws.root).course.ids[0] == "first-one"


def test_a_course_that_is_gone_is_explained(ws: Workspace) -> None:
    """The remedy names the line and the file to correct."""
    put(ws.progress_path, "version: 1\ncourse: ../elsewhere\n")
    with pytest.raises(LlmexError, match=r"elsewhere.\n.*'course:' in .*progress.yaml"):
        _ = find(ws.root).course


def test_without_a_course_it_is_the_built_in_one(
    tmp_path: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A workspace that names no course follows the one that llmex brings along."""
    monkeypatch.setattr(catalog, "BUILT_IN", course.root)
    assert create(tmp_path / "plain").course.is_built_in
    assert "course" not in (tmp_path / "plain" / "progress.yaml").read_text()


def test_what_llmex_keeps_is_not_for_git(ws: Workspace) -> None:
    """Copies and the lock stay out of a learner's repository."""
    assert (ws.root / ".llmex" / ".gitignore").read_text() == "*\n"


def test_no_workspace(tmp_path: Path) -> None:
    """Outside of a workspace, the next step is named."""
    with pytest.raises(LlmexError, match=r"no workspace in .*\n.*llmex next"):
        find(tmp_path)


def test_create_keeps_what_is_there(tmp_path: Path, ws: Workspace) -> None:
    """A workspace is not made twice, and a folder's own files stay."""
    before = files(ws.root)
    with pytest.raises(LlmexError, match="is a workspace already"):
        create(ws.root)
    assert files(ws.root) == before
    put(tmp_path / "other" / "README.md", "mine")
    create(tmp_path / "other")
    assert (tmp_path / "other" / "README.md").read_text() == "mine"
    with pytest.raises(LlmexError, match="something else has that name"):
        create(tmp_path / "other" / "README.md")


def test_create_refuses_a_course_that_is_none(tmp_path: Path) -> None:
    """A wrong --course makes no workspace."""
    with pytest.raises(LlmexError, match="There is no course"):
        create(tmp_path / "new", course=tmp_path)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "free"),
    [(".git/config", True), (".venv/x", True), ("venv/pyvenv.cfg", True), ("README.md", False),
     ("src/x.py", False)],
)  # fmt: skip
def test_is_free(tmp_path: Path, name: str, free: bool) -> None:
    """Hidden entries and a virtual environment do not count, anything else does."""
    folder = tmp_path / "folder"
    folder.mkdir()
    assert is_free(folder)
    put(folder / name, "")
    assert is_free(folder) is free


def test_home_is_free_only_if_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`llmex next` at home does not make the home folder a workspace."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert is_free(home)
    put(home / ".profile", "")
    assert not is_free(home)
    assert not is_free(tmp_path / "nowhere")


def test_start_lays_out_stub_notes_and_package(ws: Workspace, course: Course) -> None:
    """Stub, notes and __init__.py come into the module's folder, importable."""
    exercise = course.exercise("first-one")
    laid = ws.start(exercise, "zh")
    assert laid.created
    assert files(ws.root).keys() == {
        "maths/__init__.py", "maths/first_one.md", "maths/first_one.py", "progress.yaml"
    }  # fmt: skip
    assert laid.path.read_text() == exercise.stub_path.read_text()
    assert laid.notes.read_text("utf-8") == "# first-one 笔记\n"


def test_start_never_overwrites(ws: Workspace, first: Exercise) -> None:
    """What the learner wrote in file, notes or package stays, also a dangling link."""
    for name in ("first_one.py", "first_one.md", "__init__.py"):
        put(ws.root / "maths" / name, "mine")
    before = files(ws.root)
    assert not ws.start(first, "zh").created
    assert files(ws.root) == before
    link = ws.root / "maths" / "second_one.py"
    link.symlink_to(ws.root / "nowhere.py")
    assert not ws.start(ws.course.exercise("second-one")).created
    assert not (ws.root / "nowhere.py").exists()


def test_untouched_notes_change_language(ws: Workspace, first: Exercise) -> None:
    """Notes that nobody wrote in come in the new language."""
    assert ws.start(first, "zh").notes.read_text("utf-8").endswith("笔记\n")
    put(ws.notes_path(first), "# first-one\nmine\n")
    assert ws.start(first, "zh").notes.read_text("utf-8").endswith("mine\n")


def test_a_file_in_the_place_of_the_folder(ws: Workspace) -> None:
    """A file named like a module is named as what is in the way."""
    put(ws.root / "maths", "")
    with pytest.raises(LlmexError, match="maths cannot be a folder"):
        ws.start(ws.course.exercise("first-one"))
