"""The learner's editor and pager: opened when asked for, and never in the way."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from llmex.cli import editor, pager
from llmex.cli.main import main
from llmex.grader.errors import LlmexError
from tests.sitting import Sitting

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

WORLD = Path(__file__).parent / "world"
VARIABLES = ("VISUAL", "EDITOR", "PAGER", "TERM_PROGRAM", "NO_COLOR", "LLMEX_LANG", "LESS")
Sit = Callable[..., Sitting]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in which `double` has begun, and no editor yet."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in (*VARIABLES, "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    main(["next", "double", "--course", str(WORLD)])
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line where nobody sits at a terminal: (exit code, output, errors)."""

    def run_(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_


@pytest.fixture
def sit(folder: Path) -> Iterator[Sit]:
    """Run a command in a terminal, with these environment variables."""
    sittings = []

    def sit_(*arguments: str, **environment: str) -> Sitting:
        mine = {key: val for key, val in os.environ.items() if key not in VARIABLES}
        command = [sys.executable, "-m", "llmex.cli.main", *arguments]
        sitting = Sitting(command, folder=folder, environment=mine | environment)
        sittings.append(sitting)
        return sitting

    yield sit_
    for sitting in sittings:
        sitting.close()


def program(folder: Path, name: str, text: str) -> str:
    """A program that a learner may have; its path."""
    path = folder.parent / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_an_editor_in_the_terminal_runs_in_front(sit: Sit, folder: Path) -> None:
    """`next --open` shows the task, gives the terminal to the editor, and ends after it."""
    mine = program(folder, "myed", 'echo "editing $1 $2 and $3"; read line; echo "got $line"')
    sitting = sit("next", "--open", EDITOR=f"{mine} --soft")
    came = sitting.read("editing --soft")
    assert came.index("double") < came.index("editing")
    sitting.press("words\n")
    sitting.read("got words")
    assert sitting.end() == 0
    opened = sitting.screen.partition("editing --soft")[2]
    assert opened.index("double.py and") < opened.index("double.md")


def test_an_editor_with_a_window_is_not_waited_for(sit: Sit, folder: Path) -> None:
    """A known editor with a window is started beside; the answer comes last, so in front."""
    place = folder.parent / "gedit-opened"
    mine = program(folder, "gedit", f'for f; do echo "$f"; done > {place}.new\n'
                   f"mv {place}.new {place}; exec sleep 20")  # fmt: skip
    sitting = sit("show", "--open", VISUAL=mine, EDITOR="false")
    assert sitting.end() == 0
    until = time.monotonic() + 30
    while not place.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert [Path(line).name for line in place.read_text().splitlines()] == [
        "double.md",
        "double.py",
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("/nowhere/ed", "$EDITOR names '/nowhere/ed', which is not there."),
        ("nano 'unclosed", "$EDITOR is not a command"),
        ("false", "'false' ended with exit code 1."),
        ("/bin/sh -c 'kill -9 $$'", "ended with exit code -9."),
    ],
)
def test_a_bad_editor_is_a_problem_and_a_remedy(sit: Sit, value: str, problem: str) -> None:
    """The task is shown all the same; then comes what is wrong with the editor, and a way out."""
    sitting = sit("next", "--open", EDITOR=value)
    came = sitting.read(problem)
    assert "write" in came.partition("✗")[0]
    assert sitting.end() == 2
    assert "Traceback" not in sitting.screen
    assert len(sitting.screen.partition("✗")[2].strip().splitlines()) <= 3


def test_no_editor_is_said_with_the_next_step(run: Run) -> None:
    """Where no editor is known, the way to set one is said."""
    code, out, err = run("next", "--open")
    assert code == 2
    assert "small/double.py" in out
    assert "neither $VISUAL nor $EDITOR" in err
    assert "export EDITOR=nano" in err


def test_an_editor_in_the_terminal_needs_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a script no editor is started that would wait for keys for ever."""
    monkeypatch.setenv("EDITOR", "cat")
    code, _, err = run("next", "--open")
    assert code == 2
    assert "needs a terminal" in err


def test_open_is_for_people(run: Run) -> None:
    """With --json nothing is opened, and that is said before anything is done."""
    for command in ("next", "show"):
        code, out, _ = run(command, "--open", "--json")
        assert code == 2
        assert out.count("\n") == 1
        assert "--open and --json" in out


def test_what_is_not_laid_out_cannot_be_opened(run: Run) -> None:
    """`show ID --open` says how to come by the file."""
    code, _, err = run("show", "total", "--open")
    assert code == 2
    assert "llmex next total --open" in err


def test_always_is_remembered(run: Run, sit: Sit, folder: Path) -> None:
    """After `settings open always`, `next` opens without being asked, but only at a terminal."""
    assert run("settings", "open", "always")[0] == 0
    assert "open: always" in Path("progress.yaml").read_text("utf-8")
    assert run("next")[::2] == (0, "")
    mine = program(folder, "myed", 'echo "editing $1"')
    sitting = sit("next", EDITOR=mine)
    sitting.read("editing")
    assert sitting.end() == 0
    sitting = sit("next")  # no editor: said, but the command has done its work
    sitting.read("export EDITOR=nano")
    assert sitting.end() == 0
    run("settings", "open", "never")
    sitting = sit("next", EDITOR=mine)
    assert sitting.end() == 0
    assert "editing" not in sitting.screen


@pytest.mark.parametrize(
    ("environment", "name", "window"),
    [
        ({"VISUAL": "sh -c true", "EDITOR": "cat"}, "sh -c true", False),
        ({"VISUAL": " ", "EDITOR": "cat"}, "cat", False),
        ({"EDITOR": "emacs", "DISPLAY": ":0"}, "emacs", True),
        ({"EDITOR": "emacs -nw", "DISPLAY": ":0"}, "emacs -nw", False),
        ({"EDITOR": "emacs"}, "emacs", False),
        ({"EDITOR": "emacsclient -c"}, "emacsclient -c", True),
        ({"EDITOR": "/x/Code.exe --wait"}, "/x/Code.exe --wait", True),
        ({"TERM_PROGRAM": "vscode"}, "code", True),
    ],
)
def test_which_editor(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str, window: bool
) -> None:
    """$VISUAL before $EDITOR before VS Code's own; and which of them leave the terminal free."""
    monkeypatch.setattr("shutil.which", lambda name, **_: name)
    found = editor.find(environment)
    assert found is not None
    assert (found.name, found.window) == (name, window)
    assert editor.find({}) is None


def test_a_program_that_cannot_be_started(folder: Path) -> None:
    """A file that is no program ends in an error of ours."""
    mine = Path(program(folder, "noed", ""))
    mine.write_bytes(b"\x7fELF nonsense")
    with pytest.raises(LlmexError, match="could not be started"):
        editor.open_(editor.Editor((str(mine),), window=True), mine, None)


def test_long_notes_are_paged(sit: Sit, folder: Path) -> None:
    """What is longer than the screen goes through $PAGER; its end is the end of the command."""
    mine = program(folder, "mypager", 'echo "PAGER with $LESS"; cat')
    Path("small/double.md").write_text("x\n")
    sitting = sit("show", "stable-softmax", "--course", str(WORLD.parent.parent), PAGER=mine)
    sitting.read("PAGER with FRX")
    sitting.read("llmex next stable-softmax")
    assert sitting.end() == 0


@pytest.mark.parametrize("value", ["/nowhere/less", "cat", "", "'", "false"])
def test_without_a_pager_all_is_shown(sit: Sit, value: str) -> None:
    """A pager that is not there, fails or is not wanted hides nothing."""
    sitting = sit("show", "stable-softmax", "--course", str(WORLD.parent.parent), PAGER=value)
    if value == "'" and shutil.which("less"):  # the usual pager, which waits
        sitting.read(":")
        sitting.press("q")
    else:
        sitting.read("llmex next stable-softmax")
    assert sitting.end() == 0


def test_neither_pipes_nor_plain_text_are_paged(
    sit: Sit, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe gets the text itself; so does who asks for plain text; so does a short screen."""
    mine = program(folder, "mypager", "echo PAGED; cat")
    monkeypatch.setenv("PAGER", mine)
    course = ("--course", str(WORLD.parent.parent))
    assert "PAGED" not in run("show", "stable-softmax", *course)[1]
    for arguments in (("show", "stable-softmax", "--plain", *course), ("show", "--task")):
        sitting = sit(*arguments, PAGER=mine)
        assert sitting.end() == 0
        assert "PAGED" not in sitting.screen
    assert pager.height() > 0


def test_paths_are_clickable_on_a_terminal_only(sit: Sit, run: Run, folder: Path) -> None:
    """Names of files that are there are links to them: not in a pipe, in plain text or in JSON."""
    link = f"\x1b]8;id=[0-9]+;{(folder / 'small/double.py').as_uri()}\x1b"
    sitting = sit("next")
    assert sitting.end() == 0
    assert re.search(link, sitting.screen)
    sitting = sit("next", "--plain")
    assert sitting.end() == 0
    assert "\x1b]8" not in sitting.screen
    assert "\x1b]8" not in run("next")[1] + run("next", "--json")[1]


def test_settings_show_and_change(run: Run) -> None:
    """Every setting is shown with its value; one that is not, or a wrong value, is an error."""
    assert "spine" in run("settings")[1]
    assert run("settings", "language", "zh")[0] == 0
    assert "写" in run("next")[1]
    assert run("settings", "track", "full")[0] == 0
    for arguments, words in (
        (("settings", "colour"), "colour"), (("settings", "open", "maybe"), "always"),
        (("settings", "track", "none"), "none"),
    ):  # fmt: skip
        code, _, err = run(*arguments)
        assert code == 2
        assert words in err
    assert run("settings", "track", "--json")[1].strip().endswith('"settings": {"track": "full"}}')
