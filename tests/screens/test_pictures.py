"""Every screen as a picture, at every width, in both languages, with and without signs.

`LLMEX_SNAPSHOTS=write python -m pytest tests/screens` writes the pictures anew; read the
difference before it is kept.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from llmex.cli.session import rendered
from llmex.cli.words import LANGUAGES, Words
from tests.screens.ground import PAGES, REPORTS, text
from tests.screens.pages import MORE

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
SCREENS = {**PAGES, **MORE}
DRAWN = set("✓✗▸●○━┄│─└├┤┌┐┘→█▓▒░▏▎▍▌▋▊▉") | {chr(code) for code in range(0x2800, 0x2900)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_screen_is_as_its_picture(name: str, lang: str) -> None:
    """Each screen is what its file in tests/snapshots shows."""
    path = SNAPSHOTS / f"{name}.{lang}.txt"
    shown = text(SCREENS[name](lang, False))
    if os.environ.get("LLMEX_SNAPSHOTS") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("plain", [False, True], ids=["signs", "plain"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_no_line_is_wider_than_the_terminal(name: str, lang: str, plain: bool) -> None:
    """Every screen fits every width from 40 columns on, and no line ends in a space."""
    page = SCREENS[name](lang, plain)
    for width in (40, 47, 60, 80, 133):
        for line in text(page, width).splitlines():
            assert cell_len(line) <= width, line
            assert line == line.rstrip()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(SCREENS) - {"every"}))
def test_a_screen_fits_a_terminal(name: str, lang: str) -> None:
    """On 80 columns a screen leaves a line of a 24-line terminal for the prompt.

    After a training, the verdict does: the curve and the samples stand above it.
    """
    shown = text(SCREENS[name](lang, False))
    if name in REPORTS and REPORTS[name].verdict.runs:
        shown = shown[shown.index("✓") :]
    assert shown.count("\n") <= 23


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_plain_has_words_in_place_of_signs(name: str, lang: str) -> None:
    """What a screen reader gets has no tick, no cross, no bar, and says passed and not passed."""
    shown = text(SCREENS[name](lang, True))
    assert not set(shown) & DRAWN
    say = Words(lang).say
    if name == "doctor-ill":
        assert say("plain.works") in shown
        assert say("plain.trouble") in shown
    if name in ("failed", "break-one", "check-all"):
        assert say("plain.good") in shown
        assert say("plain.bad") in shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_colour_never_says_anything_alone(name: str, lang: str) -> None:
    """In plain form no colour reaches a terminal: whatever it would say stands there in words."""
    page = SCREENS[name](lang, True)
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    assert "\x1b[" not in rendered(page, terminal, True)
