"""BLEU: how much of a translation's wording its references share.

A token is one string in a list: a word, a Chinese character, whatever the tokenizer gave. An
n-gram of order k is k tokens in a row.
"""

from typing import Literal


def sentence_stats(
    hyp: list[str], refs: list[list[str]], n: int = 4
) -> tuple[list[int], list[int], int, int]:
    """Count what BLEU needs to know of one sentence.

    `hyp` is the hypothesis (the output to be scored); `refs` are its references, one or more.

    Returns (matches, totals, length, closest):
    matches  for each order 1..n, how many n-grams of `hyp` are in the references; one n-gram
             matches at most as often as it occurs in the one reference that has it most
    totals   for each order 1..n, how many n-grams `hyp` has: 0 where it is too short
    length   the tokens of `hyp`
    closest  the length of the reference closest to it in length, the shorter one on a tie

    >>> sentence_stats("a b a".split(), ["a b".split(), "a c d e".split()], n=2)
    ([2, 1], [3, 2], 3, 2)
    """
    # TODO: count the n-grams of each order.
    raise NotImplementedError


def corpus_bleu(
    hyps: list[list[str]],
    refs_per_sentence: list[list[list[str]]],
    smooth: Literal["none", "floor", "add-k", "exp"] = "none",
    effective_order: bool = False,
) -> float:
    """Score a corpus from 0 to 100 with n-grams of orders 1 to 4.

    `refs_per_sentence[i]` are the references of `hyps[i]`. Matches, totals and both lengths are
    added up over all sentences first; the precisions, their smoothing and the brevity penalty
    come from the sums.

    smooth           what to do about an order that has n-grams and no match
      "none"         nothing: its precision is 0
      "floor"        count 0.1 matches there
      "add-k"        add 1 to matches and totals of orders 2, 3, 4, with or without matches
      "exp"          count 1/2 match for the first such order, 1/4 for the next, then 1/8
    effective_order  False: an order without any n-grams makes the score 0;
                     True: only the orders that have n-grams take part in the mean

    An empty hypothesis is allowed. Without a single match the score is 0 whatever the smoothing.

    >>> round(corpus_bleu(["a b c d".split()], [["a b c d".split()]]), 2)
    100.0
    >>> round(corpus_bleu(["a b x d".split()], [["a b c d".split()]], smooth="floor"), 2)
    18.8
    """
    raise NotImplementedError
