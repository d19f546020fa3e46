"""Characters as numbers in NumPy's sorted arrays, for those who have not written it yet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def _points(text: str) -> np.ndarray:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class CharTokenizer:
    """One id for each character of a text, in the order of code points."""

    def __init__(self) -> None:
        self._known, self._unk = np.empty(0, np.uint32), None

    def train(self, text: str, unk: str | None = None) -> None:
        """Learn the characters of `text`; `unk` stands for all others."""
        self._known, self._unk = np.unique(_points(text)), unk
        extra = [] if unk is None or unk in set(text) else [unk]
        self._texts = [chr(point) for point in self._known] + extra
        self.vocab_size = len(self._texts)

    def encode(self, s: str) -> list[int]:
        """The id of each character; KeyError for an unknown one if there is no `unk`."""
        points = _points(s)
        unknown = ~np.isin(points, self._known)
        if unknown.any() and self._unk is None:
            raise KeyError(chr(points[unknown.argmax()]))
        ids = np.searchsorted(self._known, points)
        if self._unk is not None:
            ids[unknown] = self._texts.index(self._unk)
        return ids.tolist()

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids."""
        return "".join(self._texts[i] for i in ids)

    def save(self, path: str) -> None:
        """Write a file that `load` understands."""
        known = "".join(map(chr, self._known))
        Path(path).write_text(json.dumps([known, self._unk]), encoding="utf-8")

    @classmethod
    def load(cls, path: str) -> CharTokenizer:
        """A new tokenizer like the saved one."""
        tokenizer = cls()
        tokenizer.train(*json.loads(Path(path).read_text(encoding="utf-8")))
        return tokenizer
