"""BLEU by crossing off: no counters, every match is found in a list and removed from it."""

import math


def windows(tokens, size):
    found = []
    position = 0
    while position + size <= len(tokens):
        found.append(tokens[position : position + size])
        position += 1
    return found


def matches_of_order(hyp, refs, size):
    total = 0
    seen = []
    for gram in windows(hyp, size):
        if gram in seen:
            continue
        seen.append(gram)
        best = 0
        for ref in refs:
            left = windows(ref, size)
            crossed = 0
            for other in windows(hyp, size):
                if other == gram and other in left:
                    left.remove(other)
                    crossed += 1
            best = max(best, crossed)
        total += best
    return total


def sentence_stats(hyp, refs, n=4):
    closest = None
    for ref in refs:
        gap = abs(len(ref) - len(hyp))
        if closest is None or (gap, len(ref)) < closest:
            closest = (gap, len(ref))
    matches = []
    totals = []
    for size in range(1, n + 1):
        matches.append(matches_of_order(hyp, refs, size))
        totals.append(len(windows(hyp, size)))
    return (matches, totals, len(hyp), closest[1])


def smoothed(matches, totals, smooth):
    matches, totals = list(matches), list(totals)
    if smooth == "add-k":
        for k in (1, 2, 3):
            matches[k] += 1
            totals[k] += 1
    halvings = 0
    for k in range(4):
        if matches[k] == 0 and totals[k] > 0:
            if smooth == "floor":
                matches[k] = 0.1
            elif smooth == "exp":
                halvings += 1
                matches[k] = 0.5**halvings
    return matches, totals


def corpus_bleu(hyps, refs_per_sentence, smooth="none", effective_order=False):
    matches, totals, c, r = [0] * 4, [0] * 4, 0, 0
    for i in range(len(hyps)):
        one = sentence_stats(hyps[i], refs_per_sentence[i])
        matches = [matches[k] + one[0][k] for k in range(4)]
        totals = [totals[k] + one[1][k] for k in range(4)]
        c, r = c + one[2], r + one[3]
    if max(matches) == 0:
        return 0
    matches, totals = smoothed(matches, totals, smooth)
    if effective_order:
        orders = [k for k in range(4) if totals[k] > 0]
    else:
        orders = [0, 1, 2, 3]
    score = 100.0
    for k in orders:
        if totals[k] == 0:
            return 0
        score *= (matches[k] / totals[k]) ** (1 / len(orders))
    if c < r:
        score *= math.exp(1 - r / c)
    return score
