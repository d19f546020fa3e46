"""Whatever lies beside an answer: only the declared sources are read, and none through a link."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from llmex.grader.grade import grade
from llmex.grader.workspace import Workspace, create
from tests.escape.attacks import HERE

HONEST = (HERE / "honest.py").read_text("utf-8").replace("from __future__ import annotations", "")
BESIDE = (
    "numpy.py", "torch.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "msgpack.py",
    "pytest.py", "typing.py", "evil.pth", "pytest.ini", "setup.cfg", "tox.ini", "suite.py",
    "llmex.py", "attacked/numpy.py", "attacked/conftest.py", "attacked/__init__.py",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace for the course under attack, with an answer."""
    made = create(tmp_path / "work", course=HERE / "course")
    exercise = made.course.exercise("plain")
    made.start(exercise)
    made.path(exercise).write_text(HONEST)
    return made


def _answer(workspace: Workspace) -> Path:
    return workspace.path(workspace.course.exercise("plain"))


def _elsewhere(path: Path) -> Path:
    other = path.parent / "other.py"
    other.write_text(HONEST)
    path.unlink()
    return other


def _without(path: Path) -> Path:
    path.unlink()
    return path


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


SPOILT: dict[str, Callable[[Path], Any]] = {
    "a symbolic link": lambda path: path.symlink_to(_elsewhere(path)),
    "a link to itself": lambda path: _without(path).symlink_to(path),
    "a link to a device": lambda path: _without(path).symlink_to("/dev/zero"),
    "a pipe": lambda path: os.mkfifo(_without(path)),
    "a folder": lambda path: _without(path).mkdir(),
    "a terabyte": _large,
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_no_ordinary_file_is_not_read(how: str, workspace: Workspace) -> None:
    """A link, a pipe, a folder, a device or a terabyte in an answer's place is refused at once."""
    SPOILT[how](_answer(workspace))
    with pytest.raises(LlmexError):
        workspace.answer(workspace.course.exercise("plain"))


def test_a_folder_that_is_a_link_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    """Nor is an answer read through a module's folder that leads elsewhere."""
    folder = _answer(workspace).parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LlmexError):
        workspace.answer(workspace.course.exercise("plain"))


def test_a_hostile_import_brings_no_other_file(workspace: Workspace, tmp_path: Path) -> None:
    """Names in imports that lead out of the workspace bring nothing into the answer's sources."""
    (tmp_path / "secret.py").write_text("SECRET = 1\n")
    names = ("...secret", "..secret", ".......", "attacked...secret", "os.path", "attacked.other")
    (_answer(workspace).parent / "other.py").write_text("SECRET = 2\n")
    lines = [f"from {name} import SECRET" for name in names]
    _answer(workspace).write_text("\n".join([*lines, "import attacked.other", HONEST]))
    answer = workspace.answer(workspace.course.exercise("plain"))
    assert not any("SECRET =" in text for text in answer.sources.values())


def test_what_lies_beside_an_answer_is_not_run(workspace: Workspace) -> None:
    """Neither the command, nor the judge, nor the worker imports a file of the workspace."""
    mark = workspace.root / "ran"
    for name in BESIDE:
        path = workspace.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"import pathlib\npathlib.Path({str(mark)!r}).touch()\nraise SystemExit\n")
    script = Path(sys.executable).with_name("llmex")
    command = [str(script)] if script.exists() else [sys.executable, "-P", "-m", "llmex.cli.main"]
    done = subprocess.run(
        [*command, "check", "plain", "--json"], cwd=workspace.root, capture_output=True,
        text=True, timeout=60, env=os.environ | {"LLMEX_ENGINE": "off"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"passed"' in json.dumps(json.loads(done.stdout))
    assert not mark.exists()


def test_only_the_declared_sources_reach_the_worker(workspace: Workspace) -> None:
    """A module of the workspace that is no exercise cannot be imported by an answer."""
    (workspace.root / "helper.py").write_text("VALUE = 3\n")
    _answer(workspace).write_text("import helper\n" + HONEST)
    exercise = workspace.course.exercise("plain")
    with PrivateEngine() as engine:
        report = grade(exercise, workspace.answer(exercise), engine=engine)
    assert report.verdict.outcome == "failed"
    assert report.verdict.problem is not None
    assert "helper" in report.verdict.problem.english()
