"""A workspace in which one exercise has passed and one was begun, for every fault anew."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest

from llmex.cli.main import main
from llmex.grader import depict, grade, ways
from llmex.grader.panel import Picture, panels
from llmex.grader.progress import record_check
from llmex.grader.report import Check, Report, Verdict
from llmex.grader.workspace import Workspace, create
from tests.faults.ground import MINE, Run
from tests.judging import WORLD


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace, and nobody's engine, editor, language or home."""
    shutil.copytree(WORLD, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "300")  # a path of any length stays on its line
    for name, folder in (("HOME", "home"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    workspace = create(tmp_path / "ws", course=tmp_path / "course")
    monkeypatch.chdir(workspace.root)
    main(["next", "double", "--json"])
    main(["next", "total", "--json"])
    workspace.path(workspace.course.exercise("double")).write_text(MINE, "utf-8")
    _pass(workspace)
    return workspace.root


TOKENS = {"kind": "tokens", "title": {"en": "Tokens"}, "pieces": ["he", "llo"]}


def _pass(workspace: Workspace) -> None:
    digest = workspace.answer(workspace.course.exercise("double")).digest
    workspace.update(
        lambda p: record_check(p, "double", "passed", 3, 3, version=1, answer_hash=digest)
    )


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the workspace; what it would judge comes out as passed at once."""
    assert root == Path.cwd()
    passed = Verdict("passed", (Check("test_small", "It doubles", "passed"),))
    report = Report("double", 1, passed, tier="T2")
    monkeypatch.setattr(grade, "ready", lambda _: contextlib.nullcontext())
    monkeypatch.setattr(grade, "grade", lambda *_, **__: report)
    monkeypatch.setattr(depict, "depict", lambda *_: Picture(panels([TOKENS])))
    monkeypatch.setattr(ways, "spent", lambda *_: {})

    def run_(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_
