"""What the README and the documents tell a learner to type does what they show."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from llmex.cli import commands
from llmex.cli.flags import take
from llmex.cli.main import main
from llmex.grader.errors import LlmexError
from tests.authoring import FENCED, ROOT, Block, same_output, transcript

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

LEARNING = {"en": "learning.md", "zh": "learning.zh.md"}
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MENTIONED = re.compile(r"`(llmex(?: [^`\n]*)?)`")
TYPED = re.compile(r"^(?:\$ )?(llmex(?: .*)?)$", re.MULTILINE)
STANDS_FOR = re.compile(r"\[[^\]]*\]|\.\.\.|…")  # what may be left out


@pytest.fixture(autouse=True)
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with an empty folder, who reads English on 80 columns."""
    monkeypatch.chdir(tmp_path)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LLMEX_ENGINE", "off")


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a document."""
    found = FENCED.findall(path.read_text("utf-8"))
    return [Block(kind, name, text) for kind, name, text in found]


class Learner:
    """Types what a document says, in the folder that it leads to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def type(self, command: str) -> str:
        """Type a command; what it shows."""
        word, *rest = shlex.split(command, comments=True)
        if word == "mkdir":
            Path(rest[0]).mkdir()
        elif word == "cd":
            self._monkeypatch.chdir(rest[0])
        else:
            assert word == "llmex", command
            self._capsys.readouterr()
            code = main(rest)
            assert code in (0, 1), (command, self._capsys.readouterr().err)
            return self._capsys.readouterr().out
        return ""


@pytest.mark.parametrize("lang", LEARNING)
def test_the_first_evening_is_as_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """docs/learning.md and its Chinese: every command shows what is told, every edit fits."""
    monkeypatch.setenv("LLMEX_LANG", lang)
    learner = Learner(monkeypatch, capsys)
    found = blocks(ROOT / "docs" / LEARNING[lang])
    assert len(found) >= 8
    for block in found:
        if block.kind == "diff":
            path, (gone, come) = Path(block.path), block.edit
            text = path.read_text("utf-8")
            assert text.count(gone) == 1, gone
            path.write_text(text.replace(gone, come), "utf-8")
            continue
        assert block.kind == "console"
        for command, shown in transcript(block):
            printed = learner.type(command)
            assert same_output(shown, printed), f"$ {command}\n{printed}\nnot\n{shown}"


def test_what_the_readme_says_to_learn_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines under "Learn" do what they say; the other blocks are what CI runs."""
    text = (ROOT / "README.md").read_text("utf-8").split("\n## Learn\n")[1].split("\n## ")[0]
    learner = Learner(monkeypatch, capsys)
    lines = FENCED.findall(text)[0][2].splitlines()
    assert len(lines) >= 4
    for line in lines:
        for command in line.partition("#")[0].split("&&"):
            learner.type(command.strip())
    assert Path("progress.yaml").is_file()


def told(path: Path) -> list[str]:
    """Every command line that a document mentions or tells to type."""
    text = path.read_text("utf-8")
    fenced = "\n".join(body for kind, _, body in FENCED.findall(text) if kind in ("console", "sh"))
    found = MENTIONED.findall(FENCED.sub("", text)) + TYPED.findall(fenced)
    return [line.partition("  #")[0].strip() for line in found]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_mentioned_exists(path: Path) -> None:
    """No document names a command or an option that llmex does not have."""
    for line in told(path):
        if re.search(r"[A-Z]{2,} --help|\|stop", line):  # stands for any command
            continue
        words = STANDS_FOR.sub(lambda found: found[0].strip("[].…"), line).split()[1:]
        try:
            _, rest = take([word for word in words if word not in ("--help", "--version")])
            if not rest or commands.is_group(rest):
                continue
            command, given = commands.chosen(rest)
        except LlmexError as error:
            pytest.fail(f"{path.name}: `{line}`: {error}")
        known = {name for option in commands.built(command).params for name in option.opts}
        unknown = [word for word in given if word.startswith("--") and word not in known]
        assert not unknown, f"{path.name}: `{line}`: {unknown}"
