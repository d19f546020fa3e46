"""Byte-pair encoding learnt on NumPy arrays, for those who have not written it yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def _laid_out(text: str, specials: list[str], pattern: str) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of all different pre-tokens, -1 after each, and how often each occurs."""
    cut = "|".join(map(regex.escape, sorted(specials, key=len, reverse=True))) or "(?!)"
    parts = regex.split(cut, text)
    times = Counter(pre for part in parts for pre in regex.findall(pattern, part))
    rows = [np.frombuffer(pre.encode() + b"\0", np.uint8).astype(np.int64) for pre in times]
    for row in rows:
        row[-1] = -1
    if not rows:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(rows), np.repeat([*times.values()], [len(row) for row in rows])


def _starts(tokens: np.ndarray, pair: tuple[int, int]) -> np.ndarray:
    """Where the pair is to be replaced: in a run such as "aaaa" at every second place."""
    found = np.flatnonzero((tokens[:-1] == pair[0]) & (tokens[1:] == pair[1]))
    first = np.diff(found, prepend=-2) > 1
    run = np.maximum.accumulate(np.where(first, found, 0))
    return found[(found - run) % 2 == 0] if pair[0] == pair[1] else found


def train_bpe(
    text: str, vocab_size: int, special_tokens: Sequence[str] = (), pattern: str = GPT2_PAT
) -> tuple[dict[int, bytes], list[tuple[bytes, bytes]]]:
    """(vocab, merges): the most frequent pair first, the greater of equals."""
    specials = list(dict.fromkeys(special_tokens))
    tokens, times = _laid_out(text, specials, pattern)
    known, merges = [bytes([byte]) for byte in range(256)], []
    while len(known) < vocab_size - len(specials):
        inside = (tokens[:-1] >= 0) & (tokens[1:] >= 0)
        codes = tokens[:-1][inside] * len(known) + tokens[1:][inside]
        if not len(codes):
            break
        counts = np.bincount(codes, weights=times[:-1][inside])
        best = (divmod(int(code), len(known)) for code in np.flatnonzero(counts == counts.max()))
        pair = max(best, key=lambda two: (known[two[0]], known[two[1]]))
        starts = _starts(tokens, pair)
        tokens[starts] = len(known)
        tokens, times = np.delete(tokens, starts + 1), np.delete(times, starts + 1)
        merges.append((known[pair[0]], known[pair[1]]))
        known.append(known[pair[0]] + known[pair[1]])
    return dict(enumerate([*known, *(special.encode() for special in specials)])), merges
