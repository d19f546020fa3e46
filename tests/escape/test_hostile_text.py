"""What an answer prints, raises, returns or is called reaches no terminal and no file as it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from tests.escape import LONG
from tests.escape.attacks import HERE, Attack, corpus

HOSTILE = [attack for attack in corpus() if attack.group == "attack the report"]
HOSTILE += [a for a in corpus() if a.name in ("reply_many_names", "giant_integer_in_list")]
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WAYS = {
    "screen": ([], {"FORCE_COLOR": "1", "TERM": "xterm-256color"}),
    "plain": (["--plain"], {}),
    "json": (["--json"], {}),
    "chinese": (["--lang", "zh"], {"LC_ALL": "C"}),
}


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda attack: attack.name)
def test_hostile_text_is_scrubbed(attack: Attack, tmp_path: Path) -> None:
    """In each form of output there is no control, bidi or surrogate character, and no link.

    The quick form of this test looks at one form of output for each attack.
    """
    file = tmp_path / "answer.py"
    file.write_text(attack.source(), "utf-8", "surrogatepass")
    for way in WAYS if LONG else [list(WAYS)[HOSTILE.index(attack) % len(WAYS)]]:
        options, environment = WAYS[way]
        command = [sys.executable, "-m", "llmex.cli.main", "check", attack.exercise, "--file"]
        done = subprocess.run(
            [*command, str(file), "--course", str(HERE / "course"), *options],
            capture_output=True, timeout=60, cwd=tmp_path,
            env=os.environ | environment | {"XDG_RUNTIME_DIR": "", "HOME": str(tmp_path)},
        )  # fmt: skip
        text = (done.stdout + done.stderr).decode("utf-8")
        assert done.returncode in (1, 3), (way, text)
        assert "Traceback" not in text.replace("Traceback (most recent", "")
        _harmless(COLOURS.sub("", text) if way == "screen" else text)
        if way == "json":
            _harmless_json(json.loads(done.stdout))


def _harmless(text: str) -> None:
    bad = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")} - {"\n"}
    assert not bad, ascii(bad)


def _harmless_json(value: object) -> None:
    if isinstance(value, str):
        bad = {c for c in value if unicodedata.category(c) in ("Cf", "Cs")} | {"\x1b"} & set(value)
        assert not bad, ascii(value[:200])
    elif isinstance(value, dict):
        for key, item in value.items():
            _harmless_json(key)
            _harmless_json(item)
    elif isinstance(value, list):
        for item in value:
            _harmless_json(item)
