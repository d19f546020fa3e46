"""When something goes wrong: two lines and an exit code, never a traceback, and nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from llmex.cli.flags import Flags, language, take
from llmex.cli.main import main
from llmex.grader import grade as grading
from llmex.grader.errors import LlmexError

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

WORLD = str(Path(__file__).parent / "world")
Shown = tuple[int, str, str]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test starts in an empty folder, in English, with a home of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(grading, "ready", lambda _: contextlib.nullcontext())
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Shown]:
    """Run a command line: (exit code, standard output, errors)."""

    def run_(*arguments: str) -> Shown:
        code = main(arguments)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run_


def program(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run llmex as a program of its own."""
    command = [sys.executable, "-m", "llmex.cli.main", *arguments]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, text=True, **({"capture_output": True, "timeout": 60} | options)
    )


@pytest.mark.parametrize(
    ("arguments", "problem", "remedy"),
    [
        (["chekc"], "There is no command 'chekc'.", "llmex check"),
        (["qqq"], "There is no command 'qqq'.", "llmex --help"),
        (["check", "--evrey"], "no option --evrey", "llmex check --help"),
        (["check", "--file"], "--file", "llmex check --help"),
        (["init"], "needs PATH", "llmex init --help"),
        (["hint", "a", "b"], "llmex hint", "llmex hint --help"),
        (["show", "dubble", "--course", WORLD], "There is no exercise 'dubble'", "double"),
        (["list", "--course", "/nowhere"], "There is no course", "course.yaml"),
        (["list", "--lang", "fr"], "not 'fr'", "--lang zh"),
        (["list", "--lang"], "not ''", "--lang zh"),
        (["list", "--course="], "needs the folder", "--course"),
        (["check", "--file", "x.py", "--course", WORLD], "--file needs", "--file x.py"),
        (["completion", "tcsh"], "tcsh", "completion bash"),
        (["data", "nothing", "--course", WORLD], "nothing", "llmex data"),
        (["status"], "There is no workspace", "llmex next"),
    ],
)
def test_wrong_use_is_a_problem_and_a_remedy(
    run: Callable[..., Shown], arguments: list[str], problem: str, remedy: str
) -> None:
    """What cannot be done is said in one sentence, and the way out in another; exit code 2."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("✗ ")
    sentences = " ".join(err.split())
    assert problem in sentences
    assert remedy in sentences.partition(problem)[2] + sentences


def test_wrong_use_as_json(run: Callable[..., Shown]) -> None:
    """With --json the error is the one line on standard output."""
    code, out, err = run("chekc", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["error"]["problem"] == "There is no command 'chekc'."
    assert json.loads(out)["exit_code"] == 2


def test_our_own_failure_is_one_line_and_a_saved_trace(
    run: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours shows no traceback: it is in a file that only this user can read; exit 3."""
    monkeypatch.setattr("llmex.cli.look._ids", lambda *_: 1 / 0)
    code, out, err = run("list", "--course", WORLD)
    assert (code, out) == (3, "")
    assert "Traceback" not in err
    assert "ZeroDivisionError" in err
    (path,) = (Path(os.environ["XDG_STATE_HOME"]) / "llmex").iterdir()
    assert path.name in "".join(err.split())
    assert "1 / 0" in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_interrupt_is_one_line(
    run: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C during a check ends in 130, with one line, and progress is as it was."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    run("next", "--course", WORLD)
    before = Path("progress.yaml").read_bytes()
    monkeypatch.setattr(grading, "grade", interrupted)
    code, out, err = run("check", "--course", WORLD)
    assert (code, out) == (130, "")
    assert err.splitlines()[-1].startswith("Stopped.")
    assert Path("progress.yaml").read_bytes() == before


def test_a_folder_that_cannot_be_written(run: Callable[..., Shown]) -> None:
    """Where no file can be made, that is said with the way out."""
    if os.geteuid() == 0:
        Path("small").write_text("in the way", encoding="utf-8")
        Path("progress.yaml").write_text("version: 1\n", encoding="utf-8")
    else:
        Path().chmod(0o500)
    code, out, err = run("next", "--course", WORLD)
    assert code in (2, 3)
    assert out == ""
    assert "Traceback" not in err
    assert err.startswith("✗ ")


def test_a_reader_who_leaves_is_no_trouble() -> None:
    """`llmex list | head -0` is silent, and the exit code is what it would have been."""
    read, write = os.pipe()
    os.close(read)
    done = program("list", "--course", WORLD, capture_output=False, stdout=write, stderr=-1)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_said() -> None:
    """When what is shown cannot be written, that is said on standard error; exit 3."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = program("list", "--course", WORLD, capture_output=False, stdout=full, stderr=-1)
    assert done.returncode == 3
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_closed_outputs_are_no_trouble() -> None:
    """Without standard output and standard error llmex still does its work."""
    command = f"{sys.executable} -m llmex.cli.main next --course {WORLD} >&- 2>&-"
    assert subprocess.run(command, shell=True, check=False).returncode == 0
    assert Path("small/double.py").is_file()


def test_a_folder_that_is_gone(run: Callable[..., Shown], empty_folder: Path) -> None:
    """In a folder that was removed, a command says so."""
    empty_folder.rmdir()
    code, _, err = run("next")
    assert code == 2
    assert "no longer there" in err


def test_an_encoding_without_ticks_gets_words() -> None:
    """Where the output is ASCII, words stand for the signs."""
    done = program("next", "--course", WORLD, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.startswith(" Made a workspace")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["list"], ["next"], ["hint"], ["check", "--help"],
                  ["--complete", "check", "d"], ["--complete", "check", "--"]],
)  # fmt: skip
def test_quick_commands_import_nothing_heavy(arguments: list[str]) -> None:
    """What does not judge imports neither numpy nor torch nor pytest."""
    flags = [] if arguments[0] == "--complete" else ["--course", WORLD]
    code = (
        "import sys; from llmex.cli.main import main\n"
        f"main({['next', '--course', WORLD]!r}); assert main({arguments + flags!r}) == 0\n"
        "heavy = {'numpy', 'torch', 'pytest', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_only_a_shown_lesson_needs_markdown() -> None:
    """The list is shown without the parts of rich that format notes and code."""
    code = (
        "import sys; from llmex.cli.main import main\n"
        f"main(['list', '--course', {WORLD!r}])\n"
        "assert not {'rich.markdown', 'rich.syntax', 'pygments'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, stdout=-1).returncode == 0


def test_flags_stand_before_or_after_the_command() -> None:
    """--lang, --json, --plain, --course are found wherever they stand, before a lone --."""
    flags, rest = take(["--lang", "zh", "check", "--json", "x", "--course=c", "--", "--plain"])
    assert flags == Flags(lang="zh", course="c", json=True)
    assert rest == ["check", "x", "--", "--plain"]


def test_a_flag_that_is_wrong_is_an_error() -> None:
    """A language that is not there is refused, not ignored."""
    with pytest.raises(LlmexError):
        take(["--lang=klingon"])


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LLMEX_LANG": "zh"}, "zh"),
        ({"LANG": "zh_TW", "LLMEX_LANG": "xx"}, "zh"),
    ],
)
def test_the_environment_gives_a_language(environment: dict[str, str], lang: str) -> None:
    """$LLMEX_LANG comes first, then the locale, then English."""
    assert language(environment) == lang


def test_every_command_has_a_help_screen(run: Callable[..., Shown]) -> None:
    """`llmex COMMAND --help` and `llmex help COMMAND` show the same, for all, in both languages."""
    names = json.loads(run("--help", "--json")[1])["commands"]
    for name in names:
        for lang in ("en", "zh"):
            code, out, err = run(name, "--help", "--lang", lang)
            assert (code, err) == (0, "")
            assert f"llmex {name}" in out
            assert run("help", name, "--lang", lang)[1] == out
        assert name in run()[1]


def test_version(run: Callable[..., Shown]) -> None:
    """--version says which llmex this is."""
    assert run("--version")[1].startswith("llmex ")


def test_completion_of_commands_ids_and_values(run: Callable[..., Shown]) -> None:
    """A started word is completed to what may stand there."""

    def completed(*words: str) -> list[str]:
        code, out, _ = run("--complete", *words)
        assert code == 0
        return [line.partition("\t")[0] for line in out.splitlines()]

    assert completed("ch") == ["check"]
    assert completed("check", "--course", WORLD, "do") == ["double"]
    assert completed("--course", WORLD, "hint", "to") == ["total"]
    assert completed("list", "--lang", "") == ["en", "zh"]
    assert completed("list", "--status", "p") == ["passed"]
    assert "--give-up" in completed("solution", "--")
    assert "full" in completed("list", "--course", WORLD, "--track", "")
    assert completed("list", "--course", "/nowhere", "--track", "") == []


def test_bash_completes(tmp_path: Path) -> None:
    """The script for bash fills COMPREPLY from llmex."""
    shim = tmp_path / "llmex"
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m llmex.cli.main "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    script = (
        'eval "$(llmex completion bash)"; COMP_WORDS=(llmex ch); COMP_CWORD=1; _llmex; '
        'echo "${COMPREPLY[*]}"'
    )
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=os.environ | {"PATH": path},
        check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "check", done.stderr
