"""Character tokenizer: text into numbers and back, one number for each character."""

from __future__ import annotations

import json
from collections.abc import Iterable


class CharTokenizer:
    """Knows the characters of one text, and one number (id) for each of them."""

    def __init__(self) -> None:
        self._fill([], None)

    def _fill(self, tokens: list[str], unk: str | None) -> None:
        """Take these tokens, in the order of their ids: the list is all that must be saved."""
        self._tokens, self._unk = tokens, unk
        self._ids = {token: i for i, token in enumerate(tokens)}

    @property
    def vocab_size(self) -> int:
        """How many ids there are."""
        return len(self._tokens)

    def train(self, text: str, unk: str | None = None) -> None:
        """Learn the characters of `text`; a set has no order that lasts, so they are sorted."""
        tokens = sorted(set(text))
        if unk is not None and unk not in tokens:
            tokens.append(unk)
        self._fill(tokens, unk)

    def encode(self, s: str) -> list[int]:
        """The id of each character; KeyError for an unknown one if there is no `unk`."""
        if self._unk is None:
            return [self._ids[c] for c in s]
        return [self._ids.get(c, self._ids[self._unk]) for c in s]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids."""
        return "".join(self._tokens[i] for i in ids)

    def save(self, path: str) -> None:
        """Write tokens and `unk`; a list keeps its order, and JSON escapes every newline."""
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"tokens": self._tokens, "unk": self._unk}, file)

    @classmethod
    def load(cls, path: str) -> CharTokenizer:
        """A new tokenizer that does what the saved one did."""
        with open(path, encoding="utf-8") as file:
            saved = json.load(file)
        tokenizer = cls()
        tokenizer._fill(saved["tokens"], saved["unk"])
        return tokenizer
