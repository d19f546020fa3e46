"""A dict that knows what to do about missing keys; the file is written beside, then moved."""

import json
import os


class Ids(dict):
    """Ids by character; `unk`, if there is one, answers for all others."""

    def __init__(self, pairs, unk):
        super().__init__(pairs)
        self.unk = unk

    def __missing__(self, char):
        if self.unk is None:
            raise KeyError(f"unknown character {char!r}")
        return self[self.unk]


class CharTokenizer:
    def __init__(self, ids=None):
        self.ids = ids

    def train(self, text, unk=None):
        chars = list(dict.fromkeys(text))
        chars.sort(key=ord)
        self.ids = Ids(zip(chars, range(len(chars)), strict=True), unk)
        if unk is not None:
            self.ids.setdefault(unk, len(chars))
        self._index()
        return self

    def _index(self):
        self.texts = {number: text for text, number in self.ids.items()}
        self.vocab_size = len(self.texts)

    def encode(self, s):
        return tuple(self.ids[c] for c in s)

    def decode(self, ids):
        return "".join([self.texts[int(i)] for i in ids])

    def save(self, path):
        beside = path + ".part"
        with open(beside, "w", encoding="utf-8") as file:
            json.dump({"ids": self.ids, "unk": self.ids.unk}, file, indent=1)
        os.replace(beside, path)
        return path

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
        new = cls(Ids(state["ids"], state["unk"]))
        new._index()
        return new
