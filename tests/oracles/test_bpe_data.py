"""The vendored data of the tokenizer exercises are what their script took out of the package."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "exercises" / "data"


def section(name: str) -> str:
    """What exercises/data/README.md says of a file."""
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", readme, re.M | re.S)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", ["gpt2.tiktoken", "lunyu.txt"])
def test_readme_has_the_checksum_of(name: str) -> None:
    """The README gives the file's sha256, its licence and the script that made it."""
    text = section(name)
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() in text
    (licence,) = re.findall(r"licenses/[\w.-]+", text)
    (script,) = re.findall(r"scripts/[\w.-]+", text)
    assert (DATA / licence).is_file()
    assert (ROOT / script).is_file()


def test_gpt2_ranks_pass_the_scripts_own_check() -> None:
    """The file holds 50,256 different tokens in the order of their ranks, all bytes among them."""
    spec = importlib.util.spec_from_file_location("ranks", ROOT / "scripts/extract_gpt2_ranks.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    content = (DATA / "gpt2.tiktoken").read_bytes()
    script.check(content)
    lines = content.splitlines(keepends=True)
    for broken in (lines[:-1], [lines[1], lines[0], *lines[2:]], [lines[1], *lines[1:]]):
        with pytest.raises(SystemExit):
            script.check(b"".join(broken))
    assert base64.b64decode(lines[995].split()[0]) == b" world"


def test_lunyu_has_its_chapters() -> None:
    """The Analects have twenty chapters, whose titles end in 篇 and stand alone on a line."""
    chapters = (DATA / "lunyu.txt").read_text(encoding="utf-8").split("\n\n")
    assert len(chapters) == 20
    assert all(chapter.split("\n")[0].endswith("篇") for chapter in chapters)
    assert "\r" not in "".join(chapters)
