"""The author's commands: which course, which exercises, what is shown, which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmex.cli.main import main
from llmex.grader.author import check as checking
from llmex.grader.author.check import Checked
from llmex.grader.author.finding import at
from llmex.grader.author.schemas import NAMES
from llmex.grader.errors import LlmexError
from tests.authoring import write_example

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")
Run = Callable[..., tuple[int, str, str]]
PLACE = ("exercises/training/smoothed-loss", "solutions/training/smoothed-loss")


@pytest.fixture(autouse=True)
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The document's course; the reader stands in it, reads English, has no workspace."""
    root = write_example(tmp_path / "ours")
    monkeypatch.chdir(root)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line: (exit code, standard output, errors)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Put a check in place that finds what the test wants; gives the ids that it was asked for."""

    def found_(*findings: LlmexError, trouble: LlmexError | None = None) -> list[str]:
        asked: list[str] = []

        def check(_: Any, ids: Any, on_checked: Any, on_step: Any, **_more: Any) -> list[Checked]:
            asked.extend(ids)
            done = [Checked(i, findings, 8, 1.25, {"test_x": 0.5}, trouble) for i in ids]
            for one in done:
                on_step(one.exercise, 1, 2)
                on_checked(one)
            return done

        monkeypatch.setattr(checking, "check", check)
        return asked

    return found_


def finding() -> LlmexError:
    """Something that was found."""
    return at(Path("suite.py"), 7, "{file}:{line}: a bare assert on a learner's value.", "Mend it.")


def test_clean(run: Run, found: Callable[..., list[str]]) -> None:
    """Nothing found: exit code 0, and one line that says what was proved."""
    asked = found()
    code, out, err = run("author", "check", "smoothed-loss")
    assert (code, asked) == (0, ["smoothed-loss"])
    assert "✓ smoothed-loss: clean; 8 mistakes, each found and named" in out
    assert "the slowest check is test_x: 0.50 s of 20 s" in out
    assert "Checking smoothed-loss" in err


def test_findings(run: Run, found: Callable[..., list[str]]) -> None:
    """Findings: exit code 1, each with its place and its remedy."""
    found(finding())
    code, out, _ = run("author", "check", "smooth")  # a part of an id is enough
    assert code == 1
    assert "✗ smoothed-loss: 1 finding" in out
    assert "suite.py:7: a bare assert on a learner's value." in out
    assert "Mend it." in out
    assert "llmex author check smoothed-loss" in out


def test_not_judged(run: Run, found: Callable[..., list[str]]) -> None:
    """What llmex could not judge is no proof: exit code 3, even beside findings."""
    found(finding(), trouble=LlmexError("The engine is gone.", "Try again.", exit_code=3))
    code, out, _ = run("author", "check", "smoothed-loss")
    assert code == 3
    assert "could not be judged" in out
    assert "The engine is gone." in out


def test_wrong_use(run: Run, found: Callable[..., list[str]]) -> None:
    """No exercise, an unknown one, half a command: exit code 2 and the way out."""
    asked = found()
    for arguments in (
        ["check"], ["check", "nothing-like-it"], ["check", "smoothed-loss", "--all"],
        [], ["chekc"], ["new"], ["new", "smoothed-loss"], ["new", "Training/x"],
    ):  # fmt: skip
        code, out, err = run("author", *arguments)
        assert code == 2, arguments
        assert len(err.strip().splitlines()) >= 2, arguments
        assert not out
    assert not asked


def test_help_of_the_group_and_of_each_command(run: Run) -> None:
    """`llmex author --help` shows what there is; each of it explains itself."""
    assert run("author", "--help")[0] == 0
    for name in ("new", "check", "schema"):
        code, out, _ = run("author", name, "--help")
        assert code == 0
        assert f"llmex author {name}" in out
    assert run("--complete", "author", "")[1].split() >= ["new"]
    assert "check\t" in run("--complete", "author", "")[1]
    assert "--all\t" in run("--complete", "author", "check", "--")[1]
    assert run("--complete", "au")[1].count("author") == 1


def test_json(run: Run, found: Callable[..., list[str]]) -> None:
    """One line of JSON with file, line, problem and remedy of every finding."""
    found(finding())
    code, out, err = run("author", "check", "smoothed-loss", "--json")
    facts = json.loads(out)
    assert (code, facts["exit_code"], facts["schema"], err) == (1, 1, 1, "")
    exercise = facts["exercises"][0]
    assert exercise["id"] == "smoothed-loss"
    assert exercise["judged"] is True
    assert exercise["checks"] == [{"name": "test_x", "seconds": 0.5, "limit_s": 20.0}]
    told = {"file": "suite.py", "line": 7, "remedy": "Mend it."}
    assert told.items() <= exercise["findings"][0].items()


@pytest.mark.parametrize("place", PLACE)
def test_the_folder_names_the_exercise(
    ours: Path,
    run: Run,
    found: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    """In either half of an exercise, and by the path of one, no id is needed."""
    asked = found()
    assert run("author", "check", place)[0] == 0
    monkeypatch.chdir(ours / place)
    assert run("author", "check")[0] == 0
    assert asked == ["smoothed-loss"] * 2


def test_a_folder_that_is_not_listed(ours: Path, run: Run) -> None:
    """An exercise that course.yaml does not name is told as that, not as a typing error."""
    folder = ours / "exercises" / "training" / "new-one"
    folder.mkdir()
    (folder / "exercise.yaml").write_text("id: new-one\n", "utf-8")
    code, _, err = run("author", "check", "new-one")
    assert code == 2
    assert "is not in exercises/course.yaml" in err
    assert "Add 'new-one' to the exercises of the module 'training'" in err


def test_a_broken_course_yaml_is_a_finding(ours: Path, run: Run) -> None:
    """Exit code 1, with the line: nothing else can be read."""
    path = ours / "exercises" / "course.yaml"
    path.write_text(path.read_text("utf-8").replace("schema: 1", "schema: 1\nmodule: []"), "utf-8")
    code, out, _ = run("author", "check", "--all")
    assert code == 1
    assert "course.yaml:2:1: unknown field 'module'" in out.replace("\n   ", " ")
    code, out, _ = run("author", "check", "--all", "--json")
    assert json.loads(out)["exercises"][0]["findings"][0]["line"] == 2


def test_new_needs_a_course_or_an_empty_folder(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with other things in it is left alone; --course makes the course elsewhere."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-mum.txt").write_text("hello", "utf-8")
    monkeypatch.chdir(tmp_path / "letters")
    monkeypatch.setenv("HOME", str(tmp_path))
    code, _, err = run("author", "new", "basics/running-mean")
    assert code == 2
    assert "no course in this folder" in err
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["to-mum.txt"]
    elsewhere = str(tmp_path / "deep" / "ours")
    assert run("author", "new", "basics/running-mean", "--course", elsewhere)[0] == 0
    assert (tmp_path / "deep" / "ours" / "exercises" / "course.yaml").is_file()


def test_schema_writes_into_a_folder(tmp_path: Path, run: Run) -> None:
    """One file for each kind; a folder that cannot be made is told."""
    assert run("author", "schema", str(tmp_path / "schema"))[0] == 0
    files = {path.stem for path in (tmp_path / "schema").iterdir()}
    assert files == set(NAMES) >= {"course", "exercise", "mistakes"}
    (tmp_path / "file").write_text("", "utf-8")
    assert run("author", "schema", str(tmp_path / "file"))[0] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_several_exercises_are_told_as_they_end(
    ours: Path, run: Run, found: Callable[..., list[str]], lang: str
) -> None:
    """Without a terminal, a line for each on standard error; the screen has both languages."""
    from llmex.grader.author.skeleton import new

    new(ours, "training", "another-one")
    found(finding())
    code, out, err = run("author", "check", "--all", "--lang", lang)
    assert code == 1
    assert "1/2 smoothed-loss" in err
    assert "2/2 another-one" in err
    assert ("2 findings" in out) is (lang == "en")
