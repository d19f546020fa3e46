"""BLEU with plain dictionaries, exact fractions and a mean of logarithms."""

from fractions import Fraction
from math import exp, inf, log


def _count(tokens, size):
    counts = {}
    for window in zip(*(tokens[i:] for i in range(size)), strict=False):
        counts[window] = counts.get(window, 0) + 1
    return counts


def _matched(hyp, refs, size):
    tables = [_count(ref, size) for ref in refs]
    return sum(
        min(count, max(table.get(gram, 0) for table in tables))
        for gram, count in _count(hyp, size).items()
    )


def sentence_stats(hyp, refs, n=4):
    sizes = range(1, n + 1)
    best = sorted((abs(len(ref) - len(hyp)), len(ref)) for ref in refs)[0][1]
    return (
        [_matched(hyp, refs, k) for k in sizes],
        [max(0, len(hyp) - k + 1) for k in sizes],
        len(hyp),
        best,
    )


def corpus_bleu(hyps, refs_per_sentence, smooth="none", effective_order=False):
    right, said = [0, 0, 0, 0], [0, 0, 0, 0]
    c = r = 0
    for hyp, refs in zip(hyps, refs_per_sentence, strict=True):
        m, t, hyp_len, ref_len = sentence_stats(hyp, refs)
        for k in range(4):
            right[k] += m[k]
            said[k] += t[k]
        c += hyp_len
        r += ref_len
    if sum(right) == 0:
        return 0.0
    logs, missing = [], 0
    for k in range(4):
        if smooth == "add-k" and k > 0:
            p = Fraction(right[k] + 1, said[k] + 1)
        elif said[k] == 0:
            if effective_order:
                continue
            return 0.0
        elif right[k] > 0:
            p = Fraction(right[k], said[k])
        else:
            missing += 1
            p = {
                "floor": Fraction(1, 10 * said[k]),
                "exp": Fraction(1, 2**missing * said[k]),
            }.get(smooth, Fraction(0))
        logs.append(log(p) if p else -inf)
    log_bp = 0.0 if c >= r else 1 - r / c
    return 100 * exp(log_bp + sum(logs) / len(logs))
