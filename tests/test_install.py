"""llmex installed as people install it: from a checkout, editable, and from a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.judging import ROOT

KINDS = ("install", "editable", "wheel")

SPY = '''
"""Looks for what it must not see, and tells the suite by failing to load."""
import os

found = []
for folder, _, files in os.walk(HOME):
    for name in files:
        try:
            open(os.path.join(folder, name)).close()
            found.append(os.path.join(folder, name))
        except OSError:
            pass
raise ValueError(f"{len(found)} files can be read")
'''


def copied(folder: Path) -> Path:
    """The tracked files of the checkout, as a fresh clone would have them."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    target = folder / "checkout"
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module", params=KINDS)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with llmex in it; its dependencies are this environment's."""
    folder = tmp_path_factory.mktemp(request.param)
    checkout, home = copied(folder), folder / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", str(home)], folder)
    python = home / "bin" / "python"
    place = next(home.glob("lib/python*/site-packages"))
    (place / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    options = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    what = {"install": [str(checkout)], "editable": ["-e", str(checkout)]}.get(request.param)
    if what is None:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "-w", str(folder / "dist")]
        run([*build, *options, str(checkout)], folder)
        what = [str(path) for path in (folder / "dist").glob("*.whl")]
    run([*pip, *options, *what], folder)
    if request.param != "editable":
        shutil.rmtree(checkout)
    return home


def run(command: list[str], folder: Path, expect: int = 0) -> str:
    """What a command prints; fails if it ends otherwise than expected."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LLMEX", "PYTHON"))}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment | {"LLMEX_ENGINE": "off", "LLMEX_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == expect, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_the_round(installed: Path, tmp_path: Path) -> None:
    """next, check of the stub, check of an answer that passes: 0, 1, 0."""
    llmex = str(installed / "bin" / "llmex")
    answer = ROOT / "solutions" / "evaluation" / "bleu" / "solution.py"
    assert "bleu" in run([llmex, "next", "bleu"], tmp_path)
    assert "not started" in run([llmex, "check"], tmp_path, expect=1)
    assert (tmp_path / "evaluation" / "bleu.py").is_file()
    shutil.copy(answer, tmp_path / "evaluation" / "bleu.py")
    assert "13 of 13" in run([llmex, "check"], tmp_path)


def test_an_answer_reads_nothing_of_llmex(installed: Path, tmp_path: Path) -> None:
    """However llmex was installed, no file of its package, suites or solutions can be opened."""
    where = [str(installed / "bin" / "python"), "-c"]
    home = run([*where, "import llmex.grader as g; print(g.__path__[0])"], tmp_path).strip()
    spy = tmp_path / "spy.py"
    spy.write_text(SPY.replace("HOME", repr(str(Path(home).parent))))
    llmex = str(installed / "bin" / "llmex")
    said = run([llmex, "check", "bleu", "--file", str(spy)], tmp_path, expect=1)
    assert "0 files can be read" in " ".join(said.split())
