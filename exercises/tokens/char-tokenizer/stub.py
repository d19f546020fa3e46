"""Character tokenizer: text into numbers and back, one number for each character.

A character is here what Python's `for c in text` gives: one Unicode code point. So "e" with a
combining accent is two characters, and a line end of Windows ("\\r\\n") is two as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable


class CharTokenizer:
    """Knows the characters of one text, and one number (id) for each of them.

    `vocab_size` is how many ids there are; make it an attribute or a property.

    >>> tokenizer = CharTokenizer()
    >>> tokenizer.train("banana")
    >>> tokenizer.vocab_size
    3
    >>> tokenizer.encode("nab")
    [2, 0, 1]
    >>> tokenizer.decode([1, 0, 2])
    'ban'
    >>> tokenizer.train("banana", unk="<unk>")
    >>> tokenizer.encode("bread")
    [1, 3, 3, 0, 3]
    >>> tokenizer.decode([1, 3, 0])
    'b<unk>a'
    """

    vocab_size: int

    def __init__(self) -> None:
        # TODO: what must a tokenizer remember, so that it can go both ways?
        raise NotImplementedError

    def train(self, text: str, unk: str | None = None) -> None:
        """Learn the characters of `text`, and forget what was learnt before.

        Ids are 0, 1, 2, ... in the order of code points (which is Python's order of strings).
        `unk` stands for every character that is not in `text`. It has the last id, after all
        others, and counts in `vocab_size`. If it is itself a character of `text`, it keeps the id
        that it has there, and there is no further one.
        """
        raise NotImplementedError

    def encode(self, s: str) -> list[int]:
        """The id of each character of `s`.

        An unknown character gets the id of `unk`; without `unk` it raises KeyError.
        """
        raise NotImplementedError

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids, which may come from any iterable, also one that is read once."""
        raise NotImplementedError

    def save(self, path: str) -> None:
        """Write all that `load` needs to the file `path`, as JSON in UTF-8."""
        raise NotImplementedError

    @classmethod
    def load(cls, path: str) -> CharTokenizer:
        """A new tokenizer that does what the saved one did: same ids, same `unk`."""
        raise NotImplementedError
