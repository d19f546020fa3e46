"""Every screen as a picture, at every width, in both languages, with and without signs.

`LLMEX_SNAPSHOTS=write python -m pytest tests/screens` writes the pictures anew; read the
difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from llmex.cli.words import LANGUAGES, Words
from tests.screens.ground import PAGES, REPORTS, text

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_screen_is_as_its_picture(name: str, lang: str) -> None:
    """Each screen is what its file in tests/snapshots shows."""
    path = SNAPSHOTS / f"{name}.{lang}.txt"
    shown = text(PAGES[name](lang, False))
    if os.environ.get("LLMEX_SNAPSHOTS") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("plain", [False, True], ids=["signs", "plain"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_wider_than_the_terminal(name: str, lang: str, plain: bool) -> None:
    """Every screen fits every width from 40 columns on, and no line ends in a space."""
    page = PAGES[name](lang, plain)
    for width in (40, 47, 60, 80, 133):
        for line in text(page, width).splitlines():
            assert cell_len(line) <= width, line
            assert line == line.rstrip()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(PAGES) - {"every"}))
def test_a_screen_fits_a_terminal(name: str, lang: str) -> None:
    """On 80 columns a screen leaves a line of a 24-line terminal for the prompt.

    After a training, the verdict does: the curve and the samples stand above it.
    """
    shown = text(PAGES[name](lang, False))
    if name in REPORTS and REPORTS[name].verdict.runs:
        shown = shown[shown.index("✓") :]
    assert shown.count("\n") <= 23


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_plain_has_words_in_place_of_signs(name: str, lang: str) -> None:
    """What a screen reader gets has no tick, no cross, no bar, and says passed and not passed."""
    shown = text(PAGES[name](lang, True))
    assert not set(shown) & set("✓✗▸●○━┄│─")
    if name == "failed":
        say = Words(lang).say
        assert say("plain.good") in shown
        assert say("plain.bad") in shown
