"""The attacks against llmex as people install it: from a wheel, in an environment of its own.

Building takes a while: `LLMEX_ATTACK=long pytest tests/escape/test_installed.py` does all of this;
tests/test_install.py makes sure of the most important part on every run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.escape import LONG
from tests.escape.attacks import HERE
from tests.judging import ROOT
from tests.test_install import SPY, copied, run

pytestmark = pytest.mark.skipif(not LONG, reason="LLMEX_ATTACK=long builds a wheel")
FILES = ("test_corpus.py", "test_promises.py", "test_scratch.py", "test_canaries.py")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with llmex from a wheel; what it depends on is this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout, made = copied(folder), folder / "venv"
    run([sys.executable, "-m", "venv", "--without-pip", str(made)], folder)
    python = str(made / "bin" / "python")
    (_packages(made) / "dependencies.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip"]
    run([*pip, "wheel", *options, "-w", str(folder / "dist"), str(checkout)], folder)
    wheels = [str(path) for path in (folder / "dist").glob("*.whl")]
    install = ["install", "--quiet", "--no-deps", "--disable-pip-version-check", *wheels]
    run([*pip, "--python", python, *install], folder)
    shutil.rmtree(checkout)
    return made


def _packages(home: Path) -> Path:
    return next(home.glob("lib/python*/site-packages"))


def test_the_corpus_against_a_wheel(home: Path) -> None:
    """Every attack ends as it does in a checkout, and what is promised holds, where llmex is
    installed among the packages that a worker may read."""
    files = [str(HERE / name) for name in FILES]
    done = subprocess.run(
        [str(home / "bin" / "python"), "-P", "-c", _RUN, str(ROOT), *files],
        cwd=home, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert str(home) in done.stdout.splitlines()[0]


_RUN = """
import os, sys
os.environ.pop("LLMEX_ATTACK", None)
import llmex.grader, pytest
print(llmex.grader.__file__, flush=True)
sys.path.insert(0, sys.argv[1])
words = ["-q", "-p", "no:cacheprovider", "-k", "not scanner", "--rootdir", sys.argv[1]]
sys.exit(pytest.main([*words, *sys.argv[2:]]))
"""


@pytest.mark.parametrize("place", ["among the packages", "elsewhere"])
def test_a_course_of_others_is_not_read(place: str, home: Path, tmp_path: Path) -> None:
    """Of a course given by --course not one file opens, even below a folder that workers read."""
    folder = (_packages(home) if place == "among the packages" else tmp_path) / "teachers"
    shutil.copytree(HERE / "course", folder)
    (tmp_path / "spy.py").write_text(SPY.replace("HOME", repr(str(folder))))
    command = [str(home / "bin" / "llmex"), "check", "impossible", "--course", str(folder)]
    said = run([*command, "--file", str(tmp_path / "spy.py")], tmp_path, expect=1)
    assert "0 files can be read" in " ".join(said.split())
