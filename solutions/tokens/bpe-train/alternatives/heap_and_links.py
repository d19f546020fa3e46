"""A heap of pairs and one long chain of tokens: a merge touches its neighbours, nothing else."""

import heapq
from collections import Counter, defaultdict

import regex as re

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


class Entry:
    """A pair in the heap with the count that it had then; the greatest comes first."""

    __slots__ = ("key", "pair")

    def __init__(self, count, left, right, pair):
        self.key, self.pair = (count, left, right), pair

    def __lt__(self, other):
        return self.key > other.key


def without_specials(text, specials):
    """Walk through the text and give what lies between special tokens."""
    start = here = 0
    while here < len(text):
        fitting = [s for s in specials if s and text.startswith(s, here)]
        if not fitting:
            here += 1
            continue
        yield text[start:here]
        here += max(len(s) for s in fitting)
        start = here
    yield text[start:]


class Chain:
    """All different pre-tokens in a row, as numbers of tokens with -1 in between."""

    def __init__(self, counted):
        self.token, self.weight = [], []
        for pre, times in counted.items():
            for byte in pre.encode("utf-8"):
                self.token.append(byte)
                self.weight.append(times)
            self.token.append(-1)
            self.weight.append(0)
        self.after = list(range(1, len(self.token) + 1))
        self.before = list(range(-1, len(self.token) - 1))
        self.text = [bytes((byte,)) for byte in range(256)]
        self.count, self.places, self.heap = defaultdict(int), defaultdict(set), []
        for i in range(len(self.token) - 1):
            self.note(i, +1)
        for pair in list(self.count):
            self.push(pair)

    def pair_at(self, i):
        if i < 0 or self.token[i] < 0 or self.token[self.after[i]] < 0:
            return None
        return self.token[i], self.token[self.after[i]]

    def note(self, i, sign):
        pair = self.pair_at(i)
        if pair is None:
            return None
        self.count[pair] += sign * self.weight[i]
        (self.places[pair].add if sign > 0 else self.places[pair].discard)(i)
        return pair

    def push(self, pair):
        if self.count[pair]:
            left, right = (self.text[token] for token in pair)
            heapq.heappush(self.heap, Entry(self.count[pair], left, right, pair))

    def best(self):
        while self.heap:
            entry = heapq.heappop(self.heap)
            if self.count[entry.pair] == entry.key[0]:
                return entry.pair
        return None

    def merge(self, pair):
        new, touched = len(self.text), set()
        self.text.append(self.text[pair[0]] + self.text[pair[1]])
        for i in sorted(self.places[pair]):
            if self.pair_at(i) != pair:
                continue  # its first token went into the merge before
            j, left = self.after[i], self.before[i]
            touched |= {self.note(left, -1), self.note(i, -1), self.note(j, -1)}
            self.token[i], self.token[j] = new, -2
            self.after[i] = self.after[j]
            self.before[self.after[j]] = i
            touched |= {self.note(left, +1), self.note(i, +1)}
        for changed in touched - {None, pair}:
            self.push(changed)


def train_bpe(text, vocab_size, special_tokens=(), pattern=GPT2_PAT):
    specials = []
    for special in special_tokens:
        if special not in specials:
            specials.append(special)
    counted, compiled = Counter(), re.compile(pattern)
    for part in without_specials(text, specials):
        counted.update(match.group() for match in compiled.finditer(part))
    chain, merges = Chain(counted), []
    while len(chain.text) + len(specials) < vocab_size:
        pair = chain.best()
        if pair is None:
            break
        merges.append((chain.text[pair[0]], chain.text[pair[1]]))
        chain.merge(pair)
    vocab = dict(enumerate(chain.text))
    for special in specials:
        vocab[len(vocab)] = special.encode("utf-8")
    return vocab, merges
