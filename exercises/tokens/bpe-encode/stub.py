"""Byte-pair encoding, second half: text into the ids of learnt tokens, and ids into text.

The vocabulary and the merges are what `train_bpe` of the exercise bpe-train returns, or another's,
such as GPT-2's. A merge is a pair of tokens (byte strings); its *rank* is its place in `merges`,
which are in the order in which they were learnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex  # like `re`, but it knows \p{L} (any letter) and \p{N} (any digit or numeral)

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


class BPETokenizer:
    """Encodes and decodes with a given vocabulary.

    >>> merged = [b"bc", b"ab", b"abc", b" abc"]
    >>> vocab = dict(enumerate([bytes([byte]) for byte in range(256)] + merged))
    >>> merges = [(b"b", b"c"), (b"a", b"b"), (b"a", b"bc"), (b" ", b"abc")]
    >>> tokenizer = BPETokenizer(vocab, merges, special_tokens=["<|end|>"])
    >>> tokenizer.encode("abc abc ab")
    [258, 259, 32, 257]
    >>> tokenizer.encode("abc<|end|>bc")
    [258, 260, 256]
    >>> tokenizer.decode([257, 99, 260])
    'abc<|end|>'
    >>> list(tokenizer.encode_iterable(["ab", "c a", "bc"]))
    [258, 259]
    """

    def __init__(
        self,
        vocab: dict[int, bytes],
        merges: list[tuple[bytes, bytes]],
        special_tokens: Sequence[str] = (),
    ) -> None:
        """Keep what encoding and decoding need.

        vocab           id -> bytes; ids in any numbering, all single bytes are among them
        special_tokens  texts that are never cut; one that `vocab` does not hold (as UTF-8) gets
                        the largest id plus 1, the next one plus 2, in the order given. The
                        caller's `vocab` stays as it is.
        """
        # TODO: which tables make both directions quick?
        raise NotImplementedError

    def encode(self, s: str) -> list[int]:
        """The ids of `s`.

        Special tokens are cut out first (where several would fit, the longest), then the rest is
        cut into pre-tokens by GPT2_PAT. In each, starting from single bytes, the pair of lowest
        rank is merged, again and again, until no pair is among the merges.

        Take care of long pre-tokens: 20,000 times "a" should take well below a second.
        """
        raise NotImplementedError

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids: their bytes joined, U+FFFD for what is not UTF-8.

        The ids may come from any iterable, also one that can be read only once.
        """
        raise NotImplementedError

    def encode_iterable(self, it: Iterable[str]) -> Iterator[int]:
        """The ids of `encode("".join(it))`, one by one, wherever the text was cut into pieces.

        The next piece is asked for only when all ids are out that it cannot change. Held back may
        be: the last white space (all of it, if there are several) with the text after it, and as
        much as the longest special token has characters.
        """
        raise NotImplementedError
