"""str.translate does the work: each code point is replaced by a character that has the id as its
own code point, so that an encoded text is a text too."""

import json
from dataclasses import dataclass, field


@dataclass
class CharTokenizer:
    known: tuple = ()
    unk: str | None = None
    table: dict = field(default_factory=dict)

    @property
    def vocab_size(self):
        return max(len(self.known), 1 + self.table.get(self.unk, -1))

    def train(self, text, unk=None):
        self.known, self.unk, self.table = tuple(sorted({*text})), unk, {}
        for number, char in enumerate(self.known):
            self.table[char] = number
        if unk is not None and unk not in self.table:
            self.table[unk] = len(self.known)

    def encode(self, s):
        strange = set(s).difference(self.known)
        if strange and self.unk is None:
            raise KeyError(min(strange))
        codes = {ord(char): chr(number) for char, number in self.table.items() if len(char) == 1}
        codes |= {ord(char): chr(self.table[self.unk]) for char in strange}
        return [ord(code) for code in s.translate(codes)]

    def decode(self, ids):
        names = [*self.known, self.unk]
        return "".join(map(names.__getitem__, ids))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps({"known": [ord(c) for c in self.known], "unk": self.unk}))

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            saved = json.loads(file.read())
        new = cls()
        new.train("".join(chr(point) for point in saved["known"]), saved["unk"])
        return new
