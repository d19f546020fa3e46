"""Byte-pair encoding: text into the ids of learnt tokens, and ids into text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""

Pair = tuple[bytes, bytes]


class BPETokenizer:
    """Encodes and decodes with a given vocabulary."""

    def __init__(
        self, vocab: dict[int, bytes], merges: list[Pair], special_tokens: Sequence[str] = ()
    ) -> None:
        self._tokens = dict(vocab)
        self._ids = {token: i for i, token in vocab.items()}
        self._rank = {pair: rank for rank, pair in enumerate(merges)}
        for special in special_tokens:
            if special.encode() not in self._ids:
                new = max(self._tokens) + 1
                self._ids[special.encode()], self._tokens[new] = new, special.encode()
        # A regex takes the first alternative that fits, and split keeps what is in parentheses.
        longest_first = sorted(special_tokens, key=len, reverse=True)
        self._special = regex.compile(f"({'|'.join(map(regex.escape, longest_first)) or '(?!)'})")
        self._longest = max(map(len, special_tokens), default=0)
        self._word = cache(self._merge)  # pre-tokens come again and again

    def encode(self, s: str) -> list[int]:
        """Cut by special tokens, which come at every odd place, then by the pattern."""
        ids = []
        for place, part in enumerate(self._special.split(s)):
            if place % 2:
                ids.append(self._ids[part.encode()])
                continue
            for pre in regex.findall(GPT2_PAT, part):
                ids += self._word(pre.encode())
        return ids

    def _merge(self, pre: bytes) -> list[int]:
        """Merge the pair of lowest rank, everywhere at once: a new token has only higher ranks."""
        word = [bytes([byte]) for byte in pre]
        while len(word) > 1:
            pair = min(pairwise(word), key=self._rank_of)
            if pair not in self._rank:
                break
            word = _merged(word, pair)
        return [self._ids[token] for token in word]

    def _rank_of(self, pair: Pair) -> float:
        return self._rank.get(pair, math.inf)

    def decode(self, ids: Iterable[int]) -> str:
        """Join first, then decode: a character's bytes may be in several tokens."""
        return b"".join(self._tokens[i] for i in ids).decode(errors="replace")

    def encode_iterable(self, it: Iterable[str]) -> Iterator[int]:
        """Encode what no later text can change, and keep the rest for the next piece."""
        rest = ""
        for piece in it:
            rest += piece
            cut = self._settled(rest)
            yield from self.encode(rest[:cut])
            rest = rest[cut:]
        yield from self.encode(rest)

    def _settled(self, s: str) -> int:
        """The last place where white space begins, as there a pre-token always begins.

        It lies so far from the end that no special token before it may be incomplete, and not in
        one: those are masked.
        """
        masked = self._special.sub(lambda found: "x" * len(found[0]), s)
        places = (found.end() for found in regex.finditer(r"\S(?=\s)", masked))
        return max((end for end in places if end + self._longest < len(s)), default=0)


def _merged(word: list[bytes], pair: Pair) -> list[bytes]:
    """The word with each occurrence of the pair made one token, from the left."""
    new: list[bytes] = []
    i = 0
    while i < len(word):
        step = 2 if tuple(word[i : i + 2]) == pair else 1
        new.append(b"".join(word[i : i + step]))
        i += step
    return new
