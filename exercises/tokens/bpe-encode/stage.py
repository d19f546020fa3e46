"""What the checks of streams do beside the tokenizer: hand over the text in pieces, and watch."""

from collections.abc import Iterator, Sequence
from typing import Any


class Pieces:
    """Gives pieces of text one by one, and counts how many it was asked for."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces
        self.asked = 0

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            self.asked += 1
            yield piece
        self.asked += 1


def stream(tokenizer: Any, pieces: Sequence[str]) -> tuple[list[int], list[int]]:
    """The ids that come from these pieces, and how many came before each piece was asked for."""
    source, ids, before = Pieces(pieces), [], []
    for one in tokenizer.encode_iterable(source):
        before += [len(ids)] * (source.asked - len(before))
        ids.append(one)
    return ids, before + [len(ids)] * (source.asked - len(before))
