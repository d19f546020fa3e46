"""Byte-pair encoding by the ranks of whole tokens, for those who have not written it yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


class BPETokenizer:
    """Encodes and decodes with a given vocabulary."""

    def __init__(
        self,
        vocab: dict[int, bytes],
        merges: list[tuple[bytes, bytes]],
        special_tokens: Sequence[str] = (),
    ) -> None:
        self._bytes, held = dict(vocab), set(vocab.values())
        new = dict.fromkeys(t.encode() for t in special_tokens if t.encode() not in held)
        self._bytes |= dict(enumerate(new, start=max(vocab) + 1))
        self._id = {token: i for i, token in self._bytes.items()}
        self._rank = {left + right: rank for rank, (left, right) in enumerate(merges)}
        self._specials = sorted({*special_tokens}, key=len, reverse=True)
        self._cut = regex.compile("|".join(map(regex.escape, self._specials)) or "(?!)")
        self._words: dict[str, list[int]] = {}

    def _word(self, pre: str) -> list[int]:
        """The ids of a pre-token, found by joining neighbours whose union has the lowest rank."""
        raw, ends = pre.encode(), list(range(len(pre.encode()) + 1))
        while True:
            triples = zip(ends, ends[2:], strict=False)
            ranks = [self._rank.get(raw[a:b], len(self._rank)) for a, b in triples]
            lowest = min(ranks, default=len(self._rank))
            if lowest == len(self._rank):
                return [self._id[raw[a:b]] for a, b in pairwise(ends)]
            kept, i = [ends[0]], 1
            while i < len(ends):
                i += i <= len(ranks) and ranks[i - 1] == lowest
                kept.append(ends[i])
                i += 1
            ends = kept

    def encode(self, s: str) -> list[int]:
        """The ids of a text."""
        ids: list[int] = []
        parts, found = self._cut.split(s), [*self._cut.findall(s), None]
        for part, special in zip(parts, found, strict=True):
            for pre in regex.findall(GPT2_PAT, part):
                if pre not in self._words:
                    self._words[pre] = self._word(pre)
                ids.extend(self._words[pre])
            if special is not None:
                ids.append(self._id[special.encode()])
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids."""
        return b"".join(self._bytes[i] for i in ids).decode(errors="replace")

    def encode_iterable(self, it: Iterable[str]) -> Iterator[int]:
        """The ids of the joined pieces."""
        held = ""
        for piece in it:
            held += piece
            last = len(held) - max(map(len, self._specials), default=1) + 1
            whole = [match.span() for match in self._cut.finditer(held)]
            starts = (match.start() for match in regex.finditer(r"(?<=\S)\s", held))
            safe = (i for i in starts if i <= last and not any(a < i < b for a, b in whole))
            end = max(safe, default=0)
            yield from self.encode(held[:end])
            held = held[end:]
        yield from self.encode(held)
