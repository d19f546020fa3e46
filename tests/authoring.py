"""Reads docs/authoring.md as its reader follows it: files to write, edits, commands to type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "authoring.md"
FENCED = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: `kind` is its language, `path` the file that it is or changes, if any."""

    kind: str
    path: str
    text: str

    @property
    def is_file(self) -> bool:
        """Whether the reader writes this text into `path`."""
        return bool(self.path) and self.kind != "diff"

    @property
    def edit(self) -> tuple[str, str]:
        """Of a diff: the lines that go, and the lines that come."""
        gone: list[str] = []
        come: list[str] = []
        for line in self.text.splitlines(keepends=True):
            (gone if line.startswith("-") else come).append(line[1:])
        return "".join(gone), "".join(come)


def blocks() -> list[Block]:
    """Every fenced block of the document in order."""
    found = FENCED.findall(DOCUMENT.read_text("utf-8"))
    return [Block(kind, path, text) for kind, path, text in found]


def write_example(root: Path) -> Path:
    """Write the document's course into `root`, as it stands at its end."""
    for block in blocks():
        if block.is_file:
            path = root / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
    return root


def transcript(block: Block) -> list[tuple[str, str]]:
    """(command, what it prints) of a console block."""
    parts = re.split(r"^\$ (.*)\n", block.text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def same_output(shown: str, printed: str) -> bool:
    """Whether what the document shows is what was printed: "..." is any lines, times are free,
    and so is the number of seeds.
    """
    lines = _timeless(shown).splitlines(keepends=True)
    pattern = "".join("(?:.*\n)*" if line == "...\n" else re.escape(line) for line in lines)
    return re.fullmatch(pattern, _timeless(printed)) is not None


def _timeless(text: str) -> str:
    text = re.sub(r"test_\w+: \d+\.\d+ s of", "test_x: N s of", text)
    text = re.sub(r"on \d+ seeds", "on N seeds", text)
    return re.sub(r"\d+\.\d+ s\b", "N s", text)
