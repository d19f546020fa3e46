"""Every token is one character, so that a word is a string and a merge is str.replace."""

import regex

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def pairs_of(word):
    return [word[k : k + 2] for k in range(len(word) - 1)]


def entries(text, specials, pattern):
    pieces = [text]
    for special in sorted(specials, key=lambda s: -len(s)):
        pieces = [part for piece in pieces for part in piece.split(special)]
    words = {}
    for piece in pieces:
        for found in regex.finditer(pattern, piece):
            word = found[0].encode("utf-8").decode("latin-1")
            words[word] = words.get(word, 0) + 1
    return [[word, times] for word, times in words.items()]


class Counts:
    def __init__(self, words):
        self.total, self.holders = {}, {}
        for entry in words:
            for pair in pairs_of(entry[0]):
                self.total[pair] = self.total.get(pair, 0) + entry[1]
                self.holders.setdefault(pair, []).append(entry)

    def best(self, vocab):
        most = max(self.total.values())
        candidates = (pair for pair, n in self.total.items() if n == most)
        return max(candidates, key=lambda pair: tuple(vocab[ord(c)] for c in pair))

    def replace(self, pair, new):
        for entry in self.holders.pop(pair):
            word, times = entry
            entry[0] = word.replace(pair, new)
            for old in pairs_of(word) if entry[0] != word else ():
                self.total[old] -= times
                if not self.total[old]:
                    del self.total[old]
            for fresh in pairs_of(entry[0]) if entry[0] != word else ():
                self.total[fresh] = self.total.get(fresh, 0) + times
                if new in fresh:
                    self.holders.setdefault(fresh, []).append(entry)


def train_bpe(text, vocab_size, special_tokens=(), pattern=GPT2_PAT):
    vocab = {i: bytes([i]) for i in range(256)}
    specials = dict.fromkeys(special_tokens)
    counts = Counts(entries(text, specials, pattern))
    merges = []
    while len(vocab) < vocab_size - len(specials) and counts.total:
        pair = counts.best(vocab)
        left, right = (vocab[ord(c)] for c in pair)
        merges.append((left, right))
        counts.replace(pair, chr(len(vocab)))
        vocab[len(vocab)] = left + right
    for special in specials:
        vocab[len(vocab)] = special.encode()
    return vocab, merges
