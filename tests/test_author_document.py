"""docs/authoring.md is followed to the letter: what it says to type gives what it shows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from llmex.cli.main import main
from llmex.grader.author import proof, schemas
from llmex.grader.author.deep import deep
from llmex.grader.metadata import (
    Edit,
    EquivalentData,
    ExerciseData,
    ForbidIn,
    HiddenOverlay,
    Limits,
    MistakeData,
    Module,
    Overlay,
    Syllabus,
    Track,
)
from tests.authoring import DOCUMENT, ROOT, Block, blocks, same_output, transcript

RECORDS = (
    Syllabus, Module, Track, ExerciseData, Limits, ForbidIn, Overlay, HiddenOverlay, MistakeData,
    Edit, EquivalentData,
)  # fmt: skip

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")


@pytest.fixture(autouse=True)
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with an empty folder, who reads English on 80 columns."""
    monkeypatch.chdir(tmp_path)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LLMEX_ENGINE", "off")


class Reader:
    """Does what the document says, block after block."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], start: Path
    ) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self._course = start / "ours"
        self._undo: tuple[Path, str] | None = None

    def follow(self, block: Block) -> None:
        """Write a file, make an edit (the one before is undone), or type commands."""
        if block.is_file:
            (self._course / block.path).parent.mkdir(parents=True, exist_ok=True)
            (self._course / block.path).write_text(block.text, "utf-8")
        elif block.kind == "diff":
            self._edit(block)
        elif block.kind == "console":
            for command, shown in transcript(block):
                printed = self._type(command)
                assert same_output(shown, printed), f"$ {command}\n{printed}\nnot\n{shown}"

    def _edit(self, block: Block) -> None:
        if self._undo:
            self._undo[0].write_text(self._undo[1], "utf-8")
        path = self._course / block.path
        text, (gone, come) = path.read_text("utf-8"), block.edit
        assert text.count(gone) == 1, gone
        self._undo = path, text
        path.write_text(text.replace(gone, come), "utf-8")

    def _type(self, command: str) -> str:
        word, *rest = command.split()
        if word == "mkdir":
            Path(rest[0]).mkdir()
        elif word == "cd":
            self._monkeypatch.chdir(rest[0])
        elif word == "rm":
            Path(rest[0]).unlink()
        else:
            assert word == "llmex", command
            self._capsys.readouterr()
            main(rest)
            return self._capsys.readouterr().out
        return ""


def test_the_document_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files, edits and commands in their order: every command prints what the document shows."""
    monkeypatch.setattr(proof, "SEEDS", 3)  # in place of 200
    monkeypatch.setattr(deep, "__kwdefaults__", {**(deep.__kwdefaults__ or {}), "seeds": 3})
    reader = Reader(monkeypatch, capsys, tmp_path)
    for block in blocks():
        reader.follow(block)


def test_the_document_lists_every_field() -> None:
    """Its tables are the schema's own."""
    text = DOCUMENT.read_text("utf-8")
    for record in RECORDS:
        assert schemas.table(record) in text, schemas.table(record)


def test_the_exported_schemas_are_current(tmp_path: Path) -> None:
    """docs/schema holds what `llmex author schema docs/schema` writes today."""
    for path in schemas.export(tmp_path):
        assert (ROOT / "docs" / "schema" / path.name).read_text("utf-8") == path.read_text("utf-8")
        assert json.loads(path.read_text("utf-8"))["$schema"]
    assert len(list((ROOT / "docs" / "schema").glob("*.json"))) == len(schemas.NAMES)


def test_the_links_lead_somewhere() -> None:
    """Each link to a heading of the page has that heading."""
    text = DOCUMENT.read_text("utf-8")
    headings = {
        "".join(c for c in line.lstrip("# ").lower().replace(" ", "-") if c.isalnum() or c in "-_")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for part in text.split("](#")[1:]:
        assert part.partition(")")[0] in headings, part[:40]


def test_a_course_can_be_handed_out_without_solutions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """exercises/ alone can be read and begun; to judge it says that there are no solutions."""
    from tests.authoring import write_example

    write_example(tmp_path / "ours")
    shutil.rmtree(tmp_path / "ours" / "solutions")
    course = ["--course", str(tmp_path / "ours")]
    answer = tmp_path / "answer.py"
    answer.write_text("def smooth(losses, beta=0.9):\n    return losses\n")
    assert main(["show", "smoothed-loss", *course]) == 0
    assert main(["check", "smoothed-loss", "--file", str(answer), *course]) == 3
    assert "has no solutions" in capsys.readouterr().err
    assert main(["author", "check", "smoothed-loss", *course]) == 3
    assert "has no solutions" in capsys.readouterr().out
