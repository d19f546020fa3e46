"""BLEU: how much of a translation's wording its references share."""

import math
from collections import Counter
from typing import Literal

Smoothing = Literal["none", "floor", "add-k", "exp"]


def sentence_stats(
    hyp: list[str], refs: list[list[str]], n: int = 4
) -> tuple[list[int], list[int], int, int]:
    """Count clipped matches and n-grams of orders 1 to n, and both lengths."""
    matches, totals = [], []
    for order in range(1, n + 1):
        said = _ngrams(hyp, order)
        allowed: Counter[tuple[str, ...]] = Counter()
        for ref in refs:
            allowed |= _ngrams(ref, order)  # union of multisets: the larger count
        matches.append((said & allowed).total())  # intersection, the smaller count: clipping
        totals.append(said.total())
    closest = min(map(len, refs), key=lambda length: (abs(length - len(hyp)), length))
    return matches, totals, len(hyp), closest


def corpus_bleu(
    hyps: list[list[str]],
    refs_per_sentence: list[list[list[str]]],
    smooth: Smoothing = "none",
    effective_order: bool = False,
) -> float:
    """Score a whole corpus from 0 to 100 (Papineni et al. 2002): add up first, divide once."""
    pairs = zip(hyps, refs_per_sentence, strict=True)
    stats = [sentence_stats(hyp, refs) for hyp, refs in pairs]
    matches = [sum(column) for column in zip(*(s[0] for s in stats), strict=True)]
    totals = [sum(column) for column in zip(*(s[1] for s in stats), strict=True)]
    c = sum(s[2] for s in stats)
    r = sum(s[3] for s in stats)

    if not any(matches):  # nothing is shared: no smoothing makes that worth anything
        return 0.0
    precisions = _precisions(matches, totals, smooth)
    if len(precisions) < len(totals) and not effective_order:
        return 0.0
    penalty = math.exp(min(0, 1 - r / c))
    return 100 * penalty * math.prod(precisions) ** (1 / len(precisions))


def _ngrams(tokens: list[str], order: int) -> Counter[tuple[str, ...]]:
    starts = range(len(tokens) - order + 1)
    return Counter(tuple(tokens[i : i + order]) for i in starts)


def _precisions(matches: list[int], totals: list[int], smooth: Smoothing) -> list[float]:
    """Give one precision for each order that has n-grams, smoothed as sacrebleu does."""
    precisions = []
    share = 1.0  # what "exp" counts for an order without a match: 1/2, then 1/4, ...
    for order, (match, total) in enumerate(zip(matches, totals, strict=True), start=1):
        if smooth == "add-k" and order > 1:
            match, total = match + 1, total + 1
        if total == 0:
            break  # longer orders have no n-grams either
        if match == 0 and smooth == "floor":
            match = 0.1
        if match == 0 and smooth == "exp":
            share /= 2
            match = share
        precisions.append(match / total)
    return precisions
