"""An answer is found with all that it imports, from ordinary files alone."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.grader.catalog import Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.workspace import Workspace, answer_from_file
from tests.workspace.ground import MINE, PROVIDED, fail_open, put


def test_an_untouched_stub_is_not_started(ws: Workspace, first: Exercise) -> None:
    """Comments and formatting are no start, code is."""
    path = ws.path(first)
    assert not ws.answer(first).started
    put(path, "# my thoughts\n" + path.read_text().replace("(x)", "( x )").replace("\n", "\r\n"))
    assert not ws.answer(first).started
    put(path, path.read_text().replace("NotImplementedError", "ValueError"))
    assert ws.answer(first).started
    assert ws.is_started(first)
    put(path, "def f(x:\n")
    assert ws.answer(first).started


def test_an_answer_has_what_it_imports(ws: Workspace, first: Exercise) -> None:
    """Earlier answers come along, by every form of import, one through the other."""
    second, third = ws.course.exercise("second-one"), ws.course.exercise("third-one")
    put(ws.path(third), "from maths import second_one\nimport os, numpy.linalg\n")
    put(ws.path(second), "def g():\n    from .first_one import f\n    return f\n")
    put(ws.path(first), "import gpt.third_one as t\n" + MINE)
    answer = ws.answer(third)
    assert answer.main == "gpt.third_one"
    assert list(answer.sources) == ["gpt.third_one", "maths.second_one", "maths.first_one"]
    assert answer.yours == ("first-one", "second-one")
    assert answer.provided == ()
    assert answer.source == ws.path(third).read_text()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import maths.first_one", True),
        ("import maths.first_one as m", True),
        ("from maths.first_one import f", True),
        ("from maths import first_one as m", True),
        ("from . import first_one", True),
        ("from .first_one import f", True),
        ("if x:\n    import maths.first_one", True),
        ("from ..maths import first_one", False),
        ("import maths", False),
        ("from maths import *", False),
        ("# import maths.first_one", False),
        ("'import maths.first_one'", False),
    ],
)
def test_forms_of_imports(ws: Workspace, first: Exercise, line: str, found: bool) -> None:
    """Python's ways to import an earlier answer are all seen, and nothing else is."""
    put(ws.path(first), MINE)
    second = ws.course.exercise("second-one")
    put(ws.path(second), line + "\n")
    assert ("maths.first_one" in ws.answer(second).sources) is found


def test_provided_stands_in_for_what_is_not_there(ws: Workspace, first: Exercise) -> None:
    """An absent file and an untouched stub are replaced by the public stand-in, if there is one."""
    third = ws.course.exercise("third-one")
    text = "from maths.first_one import f\nfrom maths.second_one import g\n"
    put(ws.path(third), text)
    ws.start(ws.course.exercise("second-one"))
    for _ in range(2):
        answer = ws.answer(third)
        assert (answer.yours, answer.provided) == ((), ("first-one",))
        assert answer.sources["maths.first_one"] == PROVIDED
        assert "maths.second_one" not in answer.sources
        ws.path(first).unlink(missing_ok=True)
    put(ws.path(first), MINE)
    assert ws.answer(third).yours == ("first-one",)
    replaced = ws.answer(third, provide={"first-one"})
    assert (replaced.yours, replaced.provided) == ((), ("first-one",))


def test_the_digest_is_of_the_answer_with_its_imports(ws: Workspace, first: Exercise) -> None:
    """It changes with any source that takes part, and with nothing else."""
    second = ws.course.exercise("second-one")
    put(ws.path(second), "from maths.first_one import f\n")
    put(ws.path(first), MINE)
    digest = ws.answer(second).digest
    put(ws.root / "gpt" / "third_one.py", MINE)
    assert ws.answer(second).digest == digest
    put(ws.path(first), MINE + "\n")
    assert ws.answer(second).digest != digest
    assert ws.answer(first).digest != ws.answer(second).digest


def test_warnings_of_python_hide_no_import(ws: Workspace) -> None:
    """A doubtful escape in the learner's text is no reason to miss what it imports."""
    second = ws.course.exercise("second-one")
    put(ws.path(second), "import maths.first_one\nx = '\\d'\n")
    assert ws.answer(second).provided == ("first-one",)


def test_answer_from_a_file(tmp_path: Path, ws: Workspace, first: Exercise) -> None:
    """Any file can be an answer; its imports are the workspace's, or else provided."""
    second = ws.course.exercise("second-one")
    path = put(tmp_path / "else" / "try.py", "from maths.first_one import f\n")
    put(ws.path(first), MINE)
    inside = answer_from_file(ws.course, second, path, ws)
    assert (inside.main, inside.yours) == ("maths.second_one", ("first-one",))
    outside = answer_from_file(ws.course, second, path)
    assert (outside.yours, outside.provided) == ((), ("first-one",))
    with pytest.raises(LlmexError, match=r"There is no file .*nowhere.py"):
        answer_from_file(ws.course, second, tmp_path / "nowhere.py")


def test_strange_sources_are_answers_too(ws: Workspace, first: Exercise) -> None:
    """What Python cannot parse is the verdict's business: it comes through as it is."""
    for text in ("\0", "(" * 500, "x = " + "+".join("1" * 20000), "'\\d'", "\ufeffx = 1\n", ""):
        put(ws.path(first), text)
        answer = ws.answer(first)
        assert answer.started
        assert answer.source == text.removeprefix("\ufeff")


def _folder(path: Path) -> None:
    path.mkdir()


def _link(path: Path) -> None:
    path.symlink_to(put(path.parent / "real.py", MINE))


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere.py")


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _device(path: Path) -> None:
    try:
        os.mknod(path, 0o020666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root makes devices")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (_folder, "a folder"),
        (os.mkfifo, "a pipe"),
        (_link, "a link"),
        (_dangling, "a link"),
        (_socket, "a socket"),
        (_device, "a device"),
    ],
)
def test_only_ordinary_files_are_read(
    ws: Workspace, first: Exercise, make: Callable[[Path], None], kind: str
) -> None:
    """Anything else in the place of a file is named, at once, and stays."""
    path = ws.path(first)
    path.unlink()
    make(path)
    begin = time.monotonic()
    for act in (ws.answer, ws.reset, ws.is_started):
        with pytest.raises(LlmexError, match=f"first_one.py is {kind}, .*\n.*Move it away"):
            act(first)
    assert time.monotonic() - begin < 5
    assert os.path.lexists(path)


def test_a_linked_module_folder_is_refused(ws: Workspace, first: Exercise) -> None:
    """No folder below the workspace leads out of it."""
    (ws.root / "maths").rename(ws.root.parent / "outside")
    (ws.root / "maths").symlink_to(ws.root.parent / "outside")
    with pytest.raises(LlmexError, match="maths must be a folder, and no link to one"):
        ws.answer(first)


def test_a_file_that_is_gone(ws: Workspace, first: Exercise) -> None:
    """The remedy for a deleted or renamed file is the command that brings it back."""
    ws.path(first).unlink()
    with pytest.raises(LlmexError, match=r"is not there.\n`llmex next first-one`.*llmex restore"):
        ws.answer(first)
    assert not ws.is_started(first)
    assert ws.reset(first) is None
    assert not ws.answer(first).started


def test_a_line_that_is_not_utf8(ws: Workspace, first: Exercise) -> None:
    """The line of the first wrong byte is named; reset keeps the bytes."""
    ws.path(first).write_bytes(b"x = 1\n# caf\xe9\n")
    with pytest.raises(LlmexError, match=r"first_one.py:2: this line is not UTF-8.\nSave"):
        ws.answer(first)
    kept = ws.reset(first)
    assert kept is not None
    assert kept.path.read_bytes() == b"x = 1\n# caf\xe9\n"


def test_a_file_of_more_than_a_megabyte(ws: Workspace, first: Exercise) -> None:
    """A megabyte is read, a byte more is refused, and a terabyte costs no time."""
    put(ws.path(first), "#" * 2**20)
    assert len(ws.answer(first).source) == 2**20
    put(ws.path(first), "#" * (2**20 + 1))
    with pytest.raises(LlmexError, match="too large: 1048577 bytes"):
        ws.answer(first)
    os.truncate(ws.path(first), 2**40)
    with pytest.raises(LlmexError, match="too large"):
        ws.answer(first)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file(ws: Workspace, first: Exercise) -> None:
    """The remedy is the command that gives the right."""
    ws.path(first).chmod(0)
    with pytest.raises(LlmexError, match=r"cannot be read: .*\n.*chmod u\+r"):
        ws.answer(first)


def test_a_right_that_is_missing(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of the system is passed on with the remedy."""
    fail_open(monkeypatch, errno.EACCES)
    with pytest.raises(LlmexError, match=r"cannot be read: Permission denied.\n.*chmod u\+r"):
        ws.answer(first)
