"""Byte-pair encoding, first half: learn from a text which pieces of words deserve a token.

A token is a string of bytes, a pair is two neighbouring tokens, and a merge makes one token of a
pair. Before anything is counted, the text is cut into *pre-tokens* (words with the space before
them, numbers, punctuation, white space), and no merge ever reaches from one into the next.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex  # like `re`, but it knows \p{L} (any letter) and \p{N} (any digit or numeral)

GPT2_PAT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def train_bpe(
    text: str, vocab_size: int, special_tokens: Sequence[str] = (), pattern: str = GPT2_PAT
) -> tuple[dict[int, bytes], list[tuple[bytes, bytes]]]:
    """Learn merges from the UTF-8 bytes of `text`, until there are `vocab_size` entries.

    Returns (vocab, merges). The ids of `vocab` are 0..255 for the single bytes, then the merged
    tokens in the order of `merges`, then the special tokens in the order given, each once.

    special_tokens  are cut out of the text first (where several would fit, the longest), and take
                    no part in any pair; those that the text does not hold are entries as well
    pattern         what `regex` finds with it in the rest, one after the other, are the pre-tokens

    Every merge takes the pair that is counted most often, over all pre-tokens, with overlap: "aaa"
    has the pair (a, a) twice. Among equals it takes the greatest pair, as Python compares pairs of
    bytes. It replaces the pair from the left, so that "aaa" becomes "aa", "a". Training ends early
    when no pair is left; one that occurs once is still merged.

    A text of 1 MB and 512 merges should take a few seconds. So count each different pre-token
    once, and after a merge change only the counts that it changes.

    >>> vocab, merges = train_bpe("low low lower", 259)
    >>> merges
    [(b'o', b'w'), (b'l', b'ow'), (b' ', b'low')]
    >>> vocab[256], vocab[258], len(vocab)
    (b'ow', b' low', 259)
    >>> train_bpe("aaa", 300, ["<|end|>"])[0][258]
    b'<|end|>'
    """
    # TODO: pre-tokens, counts, and then one merge after the other.
    raise NotImplementedError
