"""No dictionary: the vocabulary is one sorted string, and a character is found by bisection."""

import bisect
import json
import pathlib


class CharTokenizer:
    def __init__(self):
        self.alphabet = ""
        self.other = None

    def train(self, text, unk=None):
        points = set(map(ord, text))
        self.alphabet = "".join(map(chr, sorted(points)))
        self.other = unk

    @property
    def unk_id(self):
        place = self.alphabet.find(self.other) if len(self.other) == 1 else -1
        return place if place >= 0 else len(self.alphabet)

    @property
    def vocab_size(self):
        extra = self.other is not None and self.unk_id == len(self.alphabet)
        return len(self.alphabet) + extra

    def _find(self, c):
        place = bisect.bisect_left(self.alphabet, c)
        if self.alphabet[place : place + 1] == c:
            return place
        if self.other is None:
            raise KeyError(c)
        return self.unk_id

    def encode(self, s):
        return list(map(self._find, s))

    def decode(self, ids):
        text = ""
        for i in ids:
            text += self.alphabet[i] if i < len(self.alphabet) else self.other
        return text

    def save(self, path):
        state = json.dumps([self.alphabet, self.other], ensure_ascii=False)
        pathlib.Path(path).write_bytes(state.encode("utf-8"))

    @classmethod
    def load(cls, path):
        new = cls()
        new.alphabet, new.other = json.loads(pathlib.Path(path).read_bytes())
        return new
