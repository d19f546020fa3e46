"""A workspace lays out stubs, finds answers and loses no file of the learner's."""

from __future__ import annotations

import dataclasses
import errno
import functools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.grader import catalog
from llmex.grader.catalog import Course, Exercise, load_course
from llmex.grader.errors import LlmexError
from llmex.grader.workspace import Workspace, answer_from_file, create, find, is_free

STUB = '''"""Write {id}."""

# TODO
def f(x):
    """One more, and this is a docstring."""
    raise NotImplementedError
'''
MINE = "def f(x):\n    return x + 1\n"
PROVIDED = "def f(x):\n    return x + 1  # the library's\n"
IDS = {"maths": ["first-one", "second-one"], "gpt": ["third-one"]}


def put(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Three exercises in two modules; only the first has a provided stand-in."""
    root = tmp_path / "course"
    top = root / "exercises"
    modules = "".join(
        f"  - {{id: {m}, title: {{en: M}}, exercises: [{', '.join(e)}]}}\n" for m, e in IDS.items()
    )
    put(top / "course.yaml", f"schema: 1\ntitle: {{en: C}}\nmodules:\n{modules}")
    for module, ids in IDS.items():
        for name in ids:
            put(
                top / module / name / "exercise.yaml",
                f"id: {name}\nversion: 1\ntitle: T\nsummary: S\ndifficulty: 1\nminutes: 5\n"
                "uses: python\nchecks: [test_f]\n",
            )
            put(top / module / name / "stub.py", STUB.format(id=name))
            put(top / module / name / "notes.en.md", f"# {name}\n")
            put(top / module / name / "notes.zh.md", f"# {name} 笔记\n")
    put(top / "maths" / "first-one" / "provided.py", PROVIDED)
    return load_course(root)


@pytest.fixture
def ws(tmp_path: Path, course: Course) -> Workspace:
    """A workspace of that course."""
    return create(tmp_path / "ws", course=course.root, language="en")


@pytest.fixture
def first(ws: Workspace) -> Exercise:
    """The first exercise, its stub laid out."""
    exercise = ws.course.exercise("first-one")
    ws.start(exercise)
    return exercise


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder that is not hidden."""
    found = sorted(p for p in root.rglob("*") if p.is_file() and ".llmex" not in p.parts)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


# -- making and finding -----------------------------------------------------------------------


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
    with pytest.raises(LlmexError, match=r"no workspace in .*\n.*llmex init"):
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


# -- starting ---------------------------------------------------------------------------------


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


# -- answers ----------------------------------------------------------------------------------


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


# -- what is in the place of a file -----------------------------------------------------------


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
    _fail_open(monkeypatch, errno.EACCES)
    with pytest.raises(LlmexError, match=r"cannot be read: Permission denied.\n.*chmod u\+r"):
        ws.answer(first)


# -- reset and restore ------------------------------------------------------------------------


def test_reset_keeps_a_copy_that_restore_brings_back(ws: Workspace, first: Exercise) -> None:
    """No step loses the learner's text: each is a copy that can come back."""
    put(ws.path(first), MINE)
    kept = ws.reset(first)
    assert kept is not None
    assert kept.path.read_text() == MINE
    assert kept.path.is_relative_to(ws.root / ".llmex" / "backups")
    assert not ws.answer(first).started
    assert ws.backups(first) == (kept,)
    assert ws.backups(ws.course.exercise("second-one")) == ()
    put(ws.path(first), "second try\n")
    replaced = ws.restore(kept)
    assert ws.path(first).read_text() == MINE
    assert replaced is not None
    assert replaced.path.read_text() == "second try\n"
    assert kept.path.read_text() == MINE


def test_an_untouched_stub_needs_no_copy(ws: Workspace, first: Exercise) -> None:
    """Reset of what is the stub already changes nothing."""
    assert ws.reset(first) is None
    assert ws.backups() == ()


def test_copies_of_one_second_do_not_collide(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve resets within a second are twelve copies, newest first."""
    monkeypatch.setattr(time, "gmtime", lambda: time.struct_time((2026, 1, 2, 3, 4, 5, 4, 2, 0)))
    for number in range(12):
        put(ws.path(first), f"try {number}\n")
        ws.reset(first)
    texts = [backup.path.read_text() for backup in ws.backups()]
    assert texts == [f"try {number}\n" for number in reversed(range(12))]
    assert ws.backups()[0].time == "20260102T030405Z-12"


def test_restore_after_the_file_is_gone(ws: Workspace, first: Exercise) -> None:
    """A deleted folder is made anew."""
    put(ws.path(first), MINE)
    kept = ws.reset(first)
    assert kept is not None
    for path in (ws.root / "maths").iterdir():
        path.unlink()
    (ws.root / "maths").rmdir()
    assert ws.restore(kept) is None
    assert ws.path(first).read_text() == MINE
    ws.path(first).unlink()
    (ws.root / "maths").rmdir()
    assert ws.reset(first) is None
    assert (ws.root / "maths" / "__init__.py").is_file()
    kept.path.unlink()
    with pytest.raises(LlmexError, match=r"The copy .* is gone"):
        ws.restore(kept)


def test_mode_bits_survive(ws: Workspace, first: Exercise) -> None:
    """Reset and restore leave the file's mode as it was."""
    put(ws.path(first), MINE)
    ws.path(first).chmod(0o640)
    ws.reset(first)
    assert ws.path(first).stat().st_mode & 0o777 == 0o640


# -- disks ------------------------------------------------------------------------------------


def _fail_open(monkeypatch: pytest.MonkeyPatch, number: int, name: str = "first_one") -> None:
    """Let the system refuse to open files whose name holds `name`."""
    real = os.open

    def refuse(path: object, *args: object, **kwargs: object) -> int:
        if name in str(path):
            raise OSError(number, os.strerror(number))
        return real(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)


@pytest.mark.parametrize(
    ("number", "problem", "remedy"),
    [
        (errno.ENOSPC, "The disk is full", "Free some space"),
        (errno.EDQUOT, "The disk is full", "Free some space"),
        (errno.EROFS, "The disk cannot be written to", "Copy the workspace"),
        (errno.EACCES, "could not be written: Permission denied", "may write to"),
    ],
)
def test_a_disk_that_cannot_be_written(
    ws: Workspace,
    first: Exercise,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    problem: str,
    remedy: str,
) -> None:
    """Each failure has its own words, exit code 3, and leaves the learner's file as it was."""
    put(ws.path(first), MINE)
    before = files(ws.root)

    def refuse(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    for act in (ws.reset, lambda _: ws.start(ws.course.exercise("third-one"))):
        with pytest.raises(LlmexError, match=f"{problem}.*\n.*{remedy}") as caught:
            act(first)
        assert caught.value.exit_code == 3
    monkeypatch.undo()
    assert files(ws.root) == before
    assert ws.backups() == ()
    assert not list(ws.root.rglob("*.tmp"))


def test_a_failed_copy_stops_the_reset(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stub is only put back once the copy is safe."""
    put(ws.path(first), MINE)
    _fail_open(monkeypatch, errno.ENOSPC, "first_one.2")
    with pytest.raises(LlmexError, match="The disk is full"):
        ws.reset(first)
    assert ws.path(first).read_text() == MINE


def test_a_refused_rename_leaves_nothing_behind(
    ws: Workspace, first: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last step fails, the file is as it was and the half-written one is gone."""
    put(ws.path(first), MINE)

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(LlmexError, match="could not be written: Operation not permitted"):
        ws.reset(first)
    assert ws.path(first).read_text() == MINE
    assert not list(ws.root.rglob("*.tmp"))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc")
def test_no_file_is_left_open(ws: Workspace, first: Exercise) -> None:
    """A watcher may ask a thousand times: reading, refusing and writing leave no file open."""
    put(ws.root / "maths" / "second_one.py" / "x", "")
    before = len(os.listdir("/proc/self/fd"))
    for number in range(5):
        ws.answer(first)
        put(ws.path(first), str(number))
        ws.reset(first)
        ws.update(functools.partial(dataclasses.replace, track=str(number)))
        with pytest.raises(LlmexError):
            ws.answer(ws.course.exercise("second-one"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_an_exercise_without_notes(ws: Workspace, course: Course) -> None:
    """A course may lack notes; the stub comes all the same."""
    exercise = course.exercise("first-one")
    for lang in ("en", "zh"):
        (exercise.folder / f"notes.{lang}.md").unlink()
    laid = ws.start(exercise)
    assert laid.created
    assert not laid.notes.exists()


def test_a_course_file_that_is_gone(ws: Workspace, course: Course) -> None:
    """A stub that the course has lost is llmex's trouble, not the learner's."""
    course.exercise("first-one").stub_path.unlink()
    with pytest.raises(LlmexError, match=r"The course's file .*stub.py cannot be read") as caught:
        ws.start(course.exercise("first-one"))
    assert caught.value.exit_code == 3


def test_the_workspace_is_importable(ws: Workspace, first: Exercise) -> None:
    """`python -m maths.second_one` from the workspace finds the earlier answer."""
    put(ws.path(first), MINE)
    put(ws.path(ws.course.exercise("second-one")), "from maths.first_one import f\nprint(f(1))\n")
    run = subprocess.run(
        [sys.executable, "-m", "maths.second_one"],
        cwd=ws.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == "2\n"
