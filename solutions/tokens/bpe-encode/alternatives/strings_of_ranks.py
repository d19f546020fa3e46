"""Tokens are characters numbered by rank, so that a merge is str.replace; words are cached."""

from functools import lru_cache

import regex as re

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


class BPETokenizer:
    def __init__(self, vocab, merges, special_tokens=()):
        self.char = {bytes([byte]): chr(byte) for byte in range(256)}
        self.joined = {}
        for left, right in merges:
            new = chr(256 + len(self.joined))
            self.char[left + right] = new
            self.joined[self.char[left] + self.char[right]] = new
        known = set(vocab.values())
        new = [s for s in dict.fromkeys(special_tokens) if s.encode() not in known]
        self.vocab = vocab | dict(enumerate(map(str.encode, new), start=max(vocab) + 1))
        numbers = {token: number for number, token in self.vocab.items()}
        self.number = {c: numbers[token] for token, c in self.char.items()}
        self.special = {s: numbers[s.encode()] for s in special_tokens}
        longest_first = sorted(self.special, key=lambda s: (-len(s), s))
        self.finder = re.compile("|".join(re.escape(s) for s in longest_first) or r"$.")
        self.reach = len(longest_first[0]) - 1 if longest_first else 0
        self.word = lru_cache(maxsize=None)(self.merge)

    def merge(self, pre):
        word = "".join(map(chr, pre.encode()))
        while True:
            pairs = {word[i : i + 2] for i in range(len(word) - 1)} & self.joined.keys()
            if not pairs:
                return tuple(self.number[c] for c in word)
            first = min(pairs, key=self.joined.get)
            word = word.replace(first, self.joined[first])

    def plain(self, s):
        return [number for pre in re.findall(GPT2_PAT, s) for number in self.word(pre)]

    def encode(self, s):
        ids, end = [], 0
        for match in self.finder.finditer(s):
            ids += self.plain(s[end : match.start()])
            ids.append(self.special[match[0]])
            end = match.end()
        return ids + self.plain(s[end:])

    def decode(self, ids):
        return b"".join(map(self.vocab.__getitem__, ids)).decode("utf-8", errors="replace")

    def encode_iterable(self, it):
        held = ""
        for chunk in it:
            held += chunk
            whole = [match.span() for match in self.finder.finditer(held)]
            borders = [match.start() for match in re.finditer(r"(?<=\S)\s", held)]
            while borders and (
                borders[-1] > len(held) - self.reach
                or any(start < borders[-1] < end for start, end in whole)
            ):
                borders.pop()
            if borders:
                yield from self.encode(held[: borders[-1]])
                held = held[borders[-1] :]
        yield from self.encode(held)
