"""Random secrets lie wherever the judge's side has something; no worker finds one of them."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.grader.catalog import load_course
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.grade import grade
from llmex.grader.sources import gather
from tests.escape import LONG
from tests.escape.attacks import HERE

RUNS = 200 if LONG else 4
SCANNER = (HERE / "scanner.py").read_text("utf-8")
CONTROL = """
import os, pathlib, sys
held = [pathlib.Path(name).read_text() for name in sys.argv[1].split(",")]
heap = sys.stdin.read().split()
scope = {"__name__": "suite"}
exec(held[0], scope)
exec(pathlib.Path(sys.argv[2]).read_text(), scope)
scope["answer"]()
"""


@pytest.fixture
def canaries() -> list[str]:
    """Sixty-four secrets that nothing else in the world contains."""
    return ["canary-" + secrets.token_hex(12) for _ in range(64)]


@pytest.fixture
def planted(canaries: list[str], tmp_path: Path) -> Path:
    """A course whose suite, expected values, solution and mistakes hold half of them."""
    root = tmp_path / "course"
    shutil.copytree(HERE / "course", root)
    hidden = root / "solutions" / "attacked" / "impossible"
    suite = (hidden / "suite.py").read_text("utf-8")
    wants = "".join(f'\nWANT_{n} = "{word}"' for n, word in enumerate(canaries[:16]))
    text = suite.replace("secrets.token_hex(16)", "WANT_0").replace("X = np", f"{wants}\nX = np", 1)
    (hidden / "suite.py").write_text(text)
    body = "".join(f"    # {word}\n" for word in canaries[16:24])
    (hidden / "solution.py").write_text(f'"""S."""\n\n\ndef answer(*_):\n{body}    return 1\n')
    mistakes = [
        f'- id: m{n}\n  says: "{word}"\n  edit: [{{find: "return 1", replace: "return {n + 2}"}}]\n'
        for n, word in enumerate(canaries[24:32])
    ]
    (hidden / "mistakes.yaml").write_text("".join(mistakes))
    return root


@pytest.fixture
def surrounded(
    canaries: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Environment, arguments, descriptors and heap of whoever starts the engine hold the rest."""
    for n, word in enumerate(canaries[32:40]):
        monkeypatch.setenv(f"SECRET_{n}", word)
    monkeypatch.setattr(sys, "argv", [*sys.argv, *canaries[40:48]])
    opened = []
    for n, word in enumerate(canaries[48:56]):
        (tmp_path / f"open{n}").write_text(word)
        opened.append(os.open(tmp_path / f"open{n}", os.O_RDONLY))
        os.set_inheritable(opened[-1], True)
    yield [bytes(word, "ascii").decode() for word in canaries[56:]]
    for number in opened:
        os.close(number)


@pytest.mark.usefixtures("surrounded")
def test_no_worker_finds_a_canary(planted: Path) -> None:
    """Memory, /proc, descriptors, arguments and environment of a worker hold none of the 64."""
    course = load_course(planted)
    exercise = course.exercise("impossible")
    answer = gather(course, exercise, SCANNER, None)
    with PrivateEngine() as engine:
        for seed in range(RUNS):
            report = grade(exercise, answer, engine=engine, seed=seed)
            output = report.verdict.output
            assert output.startswith("scanned"), report.verdict
            assert "canary-" not in output
            assert report.verdict.passed == 0


def test_the_scanner_finds_them_in_one_process(
    canaries: list[str], planted: Path, surrounded: list[str], tmp_path: Path
) -> None:
    """The same scanner beside a suite, as a grader of one process has it, finds nearly all."""
    hidden = planted / "solutions" / "attacked" / "impossible"
    files = ",".join(str(hidden / name) for name in ("suite.py", "solution.py", "mistakes.yaml"))
    numbers = [n for n in range(3, 200) if _inheritable(n)]
    found = subprocess.run(
        [sys.executable, "-c", CONTROL, files, str(HERE / "scanner.py"), *canaries[40:48]],
        pass_fds=numbers, input=" ".join(surrounded), cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    words = set(found.stdout.split()) & set(canaries)
    assert len(words) >= 60, (len(words), found.stderr)


def _inheritable(number: int) -> bool:
    try:
        return os.get_inheritable(number)
    except OSError:
        return False
