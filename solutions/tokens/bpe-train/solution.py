"""Byte-pair encoding: learn from a text which pieces of words deserve a token."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""

Token = bytes
Pair = tuple[Token, Token]


def train_bpe(
    text: str, vocab_size: int, special_tokens: Sequence[str] = (), pattern: str = GPT2_PAT
) -> tuple[dict[int, Token], list[Pair]]:
    """Merge the most frequent pair again and again; the counts follow each merge."""
    specials = list(dict.fromkeys(special_tokens))
    times = Counter(_pre_tokens(text, specials, pattern))
    words = [[bytes([byte]) for byte in pre.encode()] for pre in times]
    weights = list(times.values())
    counts: Counter[Pair] = Counter()
    where: defaultdict[Pair, set[int]] = defaultdict(set)  # the words that hold a pair

    def count(i: int, sign: int) -> None:
        for pair in pairwise(words[i]):
            counts[pair] += sign * weights[i]
            where[pair].add(i)

    for i in range(len(words)):
        count(i, 1)
    merges: list[Pair] = []
    while counts and len(merges) < vocab_size - 256 - len(specials):
        _, best = max((n, pair) for pair, n in counts.items())
        merges.append(best)
        for i in where.pop(best):  # no other word changes, so no other count does
            count(i, -1)
            words[i] = _merged(words[i], best)
            count(i, 1)
        counts = +counts  # without the pairs that are gone

    tokens = [bytes([byte]) for byte in range(256)]
    tokens += [left + right for left, right in merges]
    tokens += [special.encode() for special in specials]
    return dict(enumerate(tokens)), merges


def _pre_tokens(text: str, specials: list[str], pattern: str) -> list[str]:
    """The pre-tokens of the text between special tokens, of which a regex tries the first first."""
    longest_first = sorted(specials, key=len, reverse=True)
    cut = "|".join(map(regex.escape, longest_first)) or "(?!)"  # which matches nowhere
    return [pre for part in regex.split(cut, text) for pre in regex.findall(pattern, part)]


def _merged(word: list[Token], pair: Pair) -> list[Token]:
    """The word with each occurrence of the pair made one token, from the left."""
    new: list[Token] = []
    i = 0
    while i < len(word):
        step = 2 if tuple(word[i : i + 2]) == pair else 1
        new.append(b"".join(word[i : i + step]))
        i += step
    return new
