"""BLEU on count matrices: one row for each text, one column for each n-gram."""

import numpy as np


def _table(texts: list[list[str]], order: int) -> np.ndarray:
    grams = [[tuple(t[i : i + order]) for i in range(len(t) - order + 1)] for t in texts]
    column = {gram: j for j, gram in enumerate(dict.fromkeys(g for row in grams for g in row))}
    table = np.zeros((len(texts), len(column)), dtype=np.int64)  # (texts, n-grams)
    for i, row in enumerate(grams):
        np.add.at(table[i], [column[g] for g in row], 1)
    return table


def sentence_stats(hyp, refs, n=4):
    tables = [_table([hyp, *refs], order) for order in range(1, n + 1)]
    matches = [np.minimum(t[0], t[1:].max(axis=0)).sum() for t in tables]
    totals = [t[0].sum() for t in tables]
    lengths = np.sort([len(ref) for ref in refs])  # argmin takes the first, so the shorter
    return matches, totals, len(hyp), lengths[np.argmin(np.abs(lengths - len(hyp)))]


def corpus_bleu(hyps, refs_per_sentence, smooth="none", effective_order=False):
    stats = [sentence_stats(h, refs) for h, refs in zip(hyps, refs_per_sentence, strict=True)]
    match = np.sum([s[0] for s in stats], axis=0).astype(float)  # (4,)
    total = np.sum([s[1] for s in stats], axis=0).astype(float)  # (4,)
    c, r = sum(s[2] for s in stats), sum(s[3] for s in stats)
    if not match.any():
        return np.float64(0)
    if smooth == "add-k":
        match[1:] += 1
        total[1:] += 1
    has = total > 0
    zero = (match == 0) & has
    if smooth == "floor":
        match[zero] = 0.1
    elif smooth == "exp":
        match[zero] = 0.5 ** np.arange(1, zero.sum() + 1)
    if not effective_order and not has.all():
        return np.float64(0)
    with np.errstate(divide="ignore"):
        mean_log = np.log(match[has] / total[has]).mean()
    return 100 * np.exp(min(0, 1 - r / c) + mean_log)
