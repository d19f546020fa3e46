"""The one scrubber: hostile text becomes harmless, and is still readable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmex.grader.scrub import scrub

HOSTILE = {
    "\x1b[31mred\x1b[0m": r"\x1b[31mred\x1b[0m",
    "\x00\x07\r\x7f": r"\x00\x07\r\x7f",
    "\x9b2J": r"\x9b2J",
    "abc\u202edef": r"abc\u202edef",
    "\u2066\u200b\ufeff": r"\u2066\u200b\ufeff",
    "\ud800": r"\ud800",
    "\U000e0041": r"\U000e0041",
    "\u2028\u2029": r"\u2028\u2029",
    "a\nb\tc": r"a\nb\tc",
}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hidden_characters_become_visible(text: str) -> None:
    """Control, format, bidi, surrogate and separator characters are shown as escapes."""
    assert scrub(text) == HOSTILE[text]


@pytest.mark.parametrize("text", ["softmax(x) = 1", "分数没有除以√d_k。", "naïve é ü", "🙂"])
def test_words_stay_words(text: str) -> None:
    """What a person can read stays as it is, in any script."""
    assert scrub(text) == text


def test_newline_and_tab_stay_on_request() -> None:
    """Printed output keeps its lines, and nothing else that is hidden."""
    assert scrub("a\n\tb\r\x1b", keep_newlines=True) == "a\n\tb\\r\\x1b"


def test_long_text_is_cut_and_counted() -> None:
    """Beyond the limit the rest is a count, also for megabytes."""
    assert scrub("x" * 12, limit=10) == "x" * 10 + "… (2 more characters)"
    assert scrub("x" * 10, limit=10) == "x" * 10
    assert scrub("x" * 5_000_000) == "x" * 2000 + "… (4998000 more characters)"
    assert len(scrub("\x1b" * 5_000_000)) < 2040


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_whatever_comes_is_one_printable_line(text: str) -> None:
    """No text gets through with a hidden character, a line break or what UTF-8 cannot hold."""
    clean = scrub(text)
    clean.encode("utf-8")
    assert not {unicodedata.category(c)[0] for c in clean} & {"C"}
    assert len(clean.splitlines()) <= 1


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    """What is clean stays as it is, so that every room may scrub."""
    assert scrub(scrub(text)) == scrub(text)
