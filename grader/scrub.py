"""Text from an answer made harmless for terminals, pages and files: the one scrubber."""

from __future__ import annotations

import unicodedata

LIMIT = 2000

# Control, format (bidi overrides, zero width, tags), surrogates, private use, unassigned,
# line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def scrub(text: str, limit: int = LIMIT, *, keep_newlines: bool = False) -> str:
    """`text` with every invisible character as a visible escape, at most `limit` characters of it.

    Control, format, bidi, surrogate and unassigned characters become `\\x1b`, `\\u202e`,
    `\\ud800` ...; newline and tab stay with `keep_newlines`. What is cut off is counted:
    "... (n more characters)". Whatever comes, the result can be encoded as UTF-8.
    """
    kept = "\n\t" if keep_newlines else ""
    pieces: list[str] = []
    room = limit
    for taken, character in enumerate(text):
        piece = character if character in kept else _visible(character)
        if len(piece) > room:
            return "".join(pieces) + f"… ({len(text) - taken} more characters)"
        room -= len(piece)
        pieces.append(piece)
    return "".join(pieces)


def _visible(character: str) -> str:
    if " " <= character <= "~" or unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape").decode("ascii")
