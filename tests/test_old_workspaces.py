"""What older releases have written stays: today's llmex reads it, keeps it and loses nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.cli.main import main
from llmex.grader import progress_file
from llmex.grader.progress_file import load, render
from llmex.grader.standing import stale
from llmex.grader.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

TESTS = Path(__file__).parent
RELEASES = sorted(p.name for p in (TESTS / "old_workspaces").iterdir() if p.is_dir())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=RELEASES)
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of an older release, beside a copy of the course that it was made for."""
    shutil.copytree(TESTS / "world", tmp_path / "course", ignore=_NO_CACHE)
    shutil.copytree(TESTS / "old_workspaces" / request.param, tmp_path / "ws", ignore=_NO_CACHE)
    monkeypatch.chdir(tmp_path / "ws")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "ws"


_NO_CACHE = shutil.ignore_patterns("__pycache__")


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the workspace, in English: (exit code, standard output, errors)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--lang", "en"])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    assert root == Path.cwd()
    return run_


def rename(course: Path) -> None:
    """`double` is called `twofold` from now on."""
    for tree in ("exercises", "solutions"):
        (course / tree / "small" / "double").rename(course / tree / "small" / "twofold")
        for path in (course / tree).rglob("*.yaml"):
            text = path.read_text("utf-8")
            path.write_text(
                text.replace("[double", "[twofold").replace("id: double", "id: twofold"), "utf-8"
            )
    path = course / "exercises" / "small" / "twofold" / "exercise.yaml"
    text = path.read_text("utf-8").replace("aliases: []\n", "")
    path.write_text(f"{text}aliases: [double]\n", "utf-8")


def files(root: Path) -> dict[str, bytes]:
    """Every file of a workspace but its lock."""
    found = (p for p in root.rglob("*") if p.is_file() and p.name != "lock")
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def test_all_of_it_is_read(root: Path) -> None:
    """Passes, attempts, hints, what was given up, settings and unknown keys are all there."""
    progress = load(root / "progress.yaml")
    assert progress.notice is None
    assert (progress.language, progress.track, progress.current) == ("zh", "full", "scale")
    assert progress.open == "always"
    assert progress.extra == {"mood": "curious"}
    double, total, scale = (progress.exercises[e] for e in ("double", "total", "scale"))
    assert (double.done, double.attempts, double.passed, double.of) == (True, 1, 3, 3)
    assert double.first_passed == "2026-11-22T04:41:44Z"
    assert (total.status, total.hints_seen, total.attempts) == ("tried", 2, 1)
    assert total.extra == {"thought": "ask about the axis"}
    assert (scale.status, scale.gave_up) == ("started", True)
    assert progress.done("of-another-course")


def test_it_is_written_back_as_it_was(root: Path) -> None:
    """A rewrite by today's llmex changes no byte: keys keep their order, and nothing comes in."""
    path = root / "progress.yaml"
    assert render(load(path)) == path.read_text("utf-8")
    before = files(root)
    progress_file.update(path, lambda progress: progress)
    assert files(root) == before


@pytest.mark.parametrize(
    "command", ["status", "list", "settings", "tracks", "restore", "show", "data", "picture --list"]
)
def test_looking_changes_nothing(root: Path, run: Run, command: str) -> None:
    """A command that only shows leaves every file of an old workspace as it was."""
    before = files(root)
    code, _, err = run(*command.split())
    assert (code, err) == (0, "")
    assert files(root) == before


def test_its_passes_count(root: Path, run: Run) -> None:
    """A pass of an older release is a pass today, and its answer has not changed since."""
    facts = json.loads(run("status", "--json")[1])
    assert (facts["passed"], facts["stale"], facts["older"]) == (1, [], [])
    assert json.loads(run("next", "--json")[1])["exercise"]["id"] == "scale"
    assert Workspace(root).answer(Workspace(root).course.exercise("total")).yours == ("double",)


def test_a_newer_stub_is_offered_and_never_forced(root: Path, run: Run) -> None:
    """`status` tells of a changed stub; `reset` brings it, and what was there can come back."""
    stub = root.parent / "course" / "exercises" / "small" / "total" / "stub.py"
    stub.write_text(stub.read_text("utf-8") + "\n\nNEW = 1\n", "utf-8")
    mine = (root / "small" / "total.py").read_bytes()
    _, out, _ = run("status")
    assert "llmex reset total" in " ".join(out.split())
    run("next", "total")
    assert (root / "small" / "total.py").read_bytes() == mine
    assert run("reset", "total")[0] == 0
    assert "NEW = 1" in (root / "small" / "total.py").read_text("utf-8")
    assert run("restore", "total", "last")[0] == 0
    assert (root / "small" / "total.py").read_bytes() == mine


def test_a_renamed_exercise_keeps_its_pass(root: Path, run: Run) -> None:
    """After a new name the pass is there, is not taken for changed, and so are its backups."""
    rename(root.parent / "course")
    workspace = Workspace(root)
    progress = workspace.progress()
    assert progress.done("twofold")
    assert progress.entry("double") is None
    assert stale(workspace.course, root, progress) == frozenset()
    assert len(json.loads(run("restore", "twofold", "--json")[1])["copies"]) == 1
    (root / "small" / "double.py").write_text("def double(x):\n    return 0\n", "utf-8")
    assert stale(workspace.course, root, progress) == {"twofold"}


def test_a_renamed_exercise_finds_its_file(root: Path, run: Run) -> None:
    """The answer under the old name is the answer: no stub comes beside it, reset keeps it."""
    rename(root.parent / "course")
    mine = (root / "small" / "double.py").read_bytes()
    code, out, _ = run("next", "twofold")
    assert (code, "small/double.py" in out) == (0, True)
    assert not (root / "small" / "twofold.py").exists()
    workspace = Workspace(root)
    exercise = workspace.course.exercise("twofold")
    assert workspace.answer(exercise).source.encode() == mine
    assert run("reset", "double")[0] == 0
    assert run("restore", "twofold", "last")[0] == 0
    assert (root / "small" / "double.py").read_bytes() == mine
    assert run("solution", "twofold", "--diff")[0] == 0


def test_later_answers_import_it_by_either_name(root: Path) -> None:
    """`from small.double import` and `from small.twofold import` both bring the learner's own."""
    rename(root.parent / "course")
    workspace = Workspace(root)
    total = workspace.course.exercise("total")
    for name in ("double", "twofold"):
        text = f"from small.{name} import double\n\n\ndef total(xs):\n    return double(sum(xs))\n"
        (root / "small" / "total.py").write_text(text, "utf-8")
        answer = workspace.answer(total)
        assert answer.yours == ("twofold",)
        assert "x + x" in answer.sources[f"small.{name}"]


def test_a_file_that_its_learner_has_renamed_is_taken(root: Path, run: Run) -> None:
    """Who gives the file its new name goes on there; a copy comes back to where the answer is."""
    rename(root.parent / "course")
    os.rename(root / "small" / "double.py", root / "small" / "twofold.py")
    assert json.loads(run("status", "--json")[1])["stale"] == []
    assert run("reset", "twofold")[0] == 0
    mine = next((root / ".llmex" / "backups").rglob("twofold.*.py")).read_bytes()
    assert run("restore", "twofold", "last")[0] == 0
    assert (root / "small" / "twofold.py").read_bytes() == mine
    assert not (root / "small" / "double.py").exists()
