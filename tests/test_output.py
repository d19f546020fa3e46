"""What commands print for programs holds to its JSON Schema, and the documents are of today."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from llmex.cli.commands import TABLE
from llmex.cli.main import main

# typer 0.24 uses names of click that click 8.5 means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*Click 9:DeprecationWarning")

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "tests" / "world"
SCRIPT = ROOT / "scripts" / "write_documents.py"
RIGHT = (
    "def double(x):\n    return 2 * x\n\n\ndef double_all(xs):\n    return [2 * x for x in xs]\n"
)
WRONG = RIGHT.replace("2 * x\n", "x + 1\n", 1)
Run = Callable[..., tuple[int, dict[str, Any]]]
# A command line, and the exit code. They run one after another in one workspace.
ROUND = [
    ("next double", 0), ("next", 0), ("next --help", 0), ("show", 0), ("hint", 0), ("check", 1),
    ("@wrong", 0), ("check", 1), ("check --explain", 1), ("watch --nonsense", 2), ("break", 2),
    ("solution", 2), ("solution --give-up", 0), ("break double", 0), ("@right", 0), ("check", 0),
    ("check --all", 0), ("solution --costs", 0), ("status", 0), ("list", 0), ("tracks", 0),
    ("tracks full", 0), ("data", 0), ("settings", 0), ("settings open never", 0), ("reset", 0),
    ("restore", 0), ("restore double last", 0), ("init other", 0), ("init other/more/new", 0),
    ("picture --list", 0), ("doctor", 0), ("engine status", 0), ("engine stop", 0),
    ("completion bash", 0), ("author stats", 0), ("author schema", 0), ("", 0), ("--version", 0),
    ("nonsense", 2),
]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line of the miniature course with --json: (exit code, what it printed)."""
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("LLMEX_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("LLMEX_ENGINE", "off")

    def run_(line: str, course: Path = WORLD) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main([*line.split(), "--json", "--course", str(course)])
        out = capsys.readouterr().out
        assert out.count("\n") == 1, line
        printed: dict[str, Any] = json.loads(out)
        return code, printed

    return run_


@pytest.fixture(scope="module")
def schemas() -> dict[str, Draft202012Validator]:
    """The schemas in docs, by command."""
    found = {}
    for path in sorted((ROOT / "docs" / "schema" / "output").glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        command = schema["anyOf"][0]["properties"]["command"]["const"]
        found[command] = Draft202012Validator(schema)
    return found


def test_every_command_has_a_schema(schemas: dict[str, Draft202012Validator]) -> None:
    """Each command of the table has one, and so has llmex without a command."""
    assert set(schemas) == {command.name for command in TABLE} | {""}


def test_what_is_printed_holds_to_the_schema(
    run: Run, schemas: dict[str, Draft202012Validator]
) -> None:
    """Real output of every command, right and wrong, is one line that its schema describes."""
    for line, wanted in ROUND:
        if line.startswith("@"):
            Path("small/double.py").write_text(RIGHT if line == "@right" else WRONG, "utf-8")
            continue
        code, printed = run(line)
        assert code == wanted, (line, printed)
        faults = list(schemas[printed["command"]].iter_errors(printed))
        assert not faults, (line, [fault.message[:400] for fault in faults], printed)


def test_author_check_holds_to_its_schema(
    run: Run, schemas: dict[str, Draft202012Validator]
) -> None:
    """So does what `author check` finds."""
    code, printed = run("author check total --unproved")
    assert code in (0, 1)
    assert printed["exercises"][0]["id"] == "total"
    schemas["author check"].validate(printed)


def test_a_schema_says_no(schemas: dict[str, Draft202012Validator]) -> None:
    """What lacks a field, has one more or has one of another kind does not hold."""
    good = {"schema": 1, "command": "init", "workspace": "/x"}
    assert schemas["init"].is_valid(good)
    assert schemas["init"].is_valid(good | {"notice": "mended"})
    for bad in (good | {"more": 1}, good | {"workspace": 1}, good | {"command": "next"},
                {key: good[key] for key in ("schema", "command")}):  # fmt: skip
        assert not schemas["init"].is_valid(bad)


def test_the_documents_are_of_today() -> None:
    """`python scripts/write_documents.py` would change nothing."""
    for path, text in runpy.run_path(str(SCRIPT))["documents"]().items():
        assert path.is_file(), f"{path}: run {SCRIPT.name}"
        assert path.read_text("utf-8") == text, f"{path} is old: run {SCRIPT.name}"
