"""Hidden checks of attention-masks.

Every entry is decided by itself, in plain Python, from the rule. In the last check documents
attend side by side, and each is compared with the same document alone.
"""

import itertools

import torch
from torch.nn.functional import scaled_dot_product_attention

from llmex.grader.compare import assert_close, assert_equal, assert_shape

CAUSAL = "of {tq} queries and {tk} keys: query {i0} stands at key {i0} + ({tk} - {tq})"
PADDING = "lengths {lengths}: row {i0} keeps key {i2} only if lengths[{i0}] > {i2}"
WINDOW = "query {i0} sees {w} keys at most: its own and those just before"
PREFIX = "the first {p} keys are for all; beyond these, query {i0} sees keys up to {i0}"
DOCUMENT = "ids {ids}: tokens {i0} and {i1} see each other if their ids are equal"
BATCH = "in row {i0} of ids {ids}: tokens {i1} and {i2} see each other if their ids are equal"
EVERY = "a key is kept if all {n} masks keep it"
ALONE = "row {b}, tokens {start} to {last}, compared with this document alone"


def table(rows, columns, sees):
    """The mask of a rule, entry by entry."""
    entries = [[bool(sees(i, j)) for j in range(columns)] for i in range(rows)]
    return torch.tensor(entries, dtype=torch.bool)


def whole(trng, low, high, *shape):
    """Whole numbers from low to high."""
    return torch.randint(low, high + 1, shape, generator=trng)


def check_causal(learner, tq, tk):
    """Judge one causal mask; places are counted from the end."""
    want = table(tq, tk, lambda i, j: tk - j >= tq - i)
    assert_equal(learner.causal_mask(tq, tk), want, why=CAUSAL, tq=tq, tk=tk)


def test_causal(learner, sizes):
    """Each query sees its own key and those before, none ahead"""
    for t in (2, 3, 1, *itertools.chain(*sizes(1, cases=3, low=4, high=9))):
        check_causal(learner, t, t)


def test_causal_with_a_cache(learner, sizes):
    """With more keys than queries, the last query still sees every key"""
    for tq, tk in [(1, 2), (1, 5), (2, 5), *map(sorted, sizes(2, cases=4))]:
        check_causal(learner, tq, tk)


def test_causal_with_few_keys(learner, sizes):
    """With more queries than keys, the first queries see nothing"""
    for tk, tq in [(1, 2), (1, 4), *map(sorted, sizes(2, cases=4))]:
        check_causal(learner, tq, tk)


def test_padding(learner, trng, sizes):
    """padding_mask, (B, 1, T), keeps the first lengths[b] keys of row b"""
    cases = [([2, 1], 3), ([3, 0, 1, 2], 3), ([1], 2)]
    cases += [(whole(trng, 0, t, b).tolist(), t) for b, t in sizes(2, cases=4)]
    for lengths, t in cases:
        want = table(len(lengths), t, lambda b, j, n=lengths: j < n[b])[:, None]
        got = learner.padding_mask(torch.tensor(lengths), t)
        assert_equal(got, want, why=PADDING, lengths=str(lengths))


def test_window(learner, sizes):
    """A window of w holds w keys with the query's own, fewer at the start"""
    for t, w in [(3, 2), (3, 1), (3, 3), (2, 5), *sizes(2, cases=6)]:
        want = table(t, t, lambda i, j, w=w: j in range(i - w + 1, i + 1))
        assert_equal(learner.sliding_window(t, w), want, why=WINDOW, w=w)


def test_prefix(learner, sizes):
    """All see the prefix; beyond it no query looks ahead"""
    for t, p in [(4, 1), (3, 2), (4, 2), (3, 0), (3, 3), *sizes(2, cases=4)]:
        p = min(t, p)
        want = table(t, t, lambda i, j, p=p: j < p or j <= i)
        assert_equal(learner.prefix_lm(t, p), want, why=PREFIX, p=p)


def mates(ids):
    """Who has the same id."""
    return table(len(ids), len(ids), lambda i, j: ids[i] == ids[j])


def test_documents(learner, trng, sizes):
    """Tokens of one document see each other both ways, and no others"""
    cases = [[4, 4, 7], [4, 7, 4], [5], [0, -1, 1, 10**12, 10**12 + 1, -1]]
    cases += [whole(trng, -1, 2, t).tolist() for (t,) in sizes(1, cases=4, high=9)]
    for ids in cases:
        got = learner.document_mask(torch.tensor(ids))
        assert_equal(got, mates(ids), why=DOCUMENT, ids=str(ids))


def test_document_batch(learner, trng, sizes):
    """Document ids of a batch (B, T) give one mask for each row"""
    cases = [[[1, 1, 2], [3, 4, 3]], *(whole(trng, 0, 2, b, t).tolist() for b, t in sizes(2))]
    for ids in [*cases, [[6, 6, 5]]]:
        got = learner.document_mask(torch.tensor(ids))
        assert_equal(got, torch.stack([*map(mates, ids)]), why=BATCH, ids=str(ids))


def test_combine(learner, trng, sizes):
    """combine keeps what all masks keep: one mask, two, or more"""
    for n, (rows, columns) in zip((2, 3, 1, 4, 2), sizes(2, cases=5), strict=True):
        masks = [whole(trng, 0, 2, rows, columns) > 0 for _ in range(n)]
        masks[-1][0, 0] = False
        want = table(rows, columns, lambda i, j, masks=masks: all(m[i, j] for m in masks))
        assert_equal(learner.combine(*masks), want, why=EVERY, n=n)


def test_combine_broadcasts(learner, trng, sizes):
    """combine stretches masks of other shapes, and changes none"""
    for b, rows, columns in sizes(3, cases=4):
        row, one, all_ = (b, 1, columns), (rows, columns), (b, rows, columns)
        for shapes in ((one, row), (row, one), (all_, one, row), (one, (columns,), all_)):
            masks = [whole(trng, 0, 3, *shape) > 0 for shape in shapes]
            wide = [mask.expand(all_) for mask in masks]
            want = [
                table(rows, columns, lambda i, j, k=k, wide=wide: all(m[k, i, j] for m in wide))
                for k in range(b)
            ]
            assert_equal(learner.combine(*masks), torch.stack(want), why=EVERY, n=len(masks))


def alone(q, k, v):
    """Causal attention for one document, query by query."""
    rows = []
    for i in range(len(q)):
        weights = torch.softmax(k[: i + 1] @ q[i] / q.shape[1] ** 0.5, 0)
        rows.append(weights @ v[: i + 1])
    return torch.stack(rows)


def test_packing(learner, trng):
    """Documents packed in a row come out of attention as each would alone"""
    ids = torch.tensor([[3, 3, 3, 8, 8, 0, 0], [5, 9, 9, 9, 9, 9, 2]])
    lengths, t = torch.tensor([5, 7]), 7
    parts = learner.causal_mask(t, t), learner.document_mask(ids), learner.padding_mask(lengths, t)
    for name, part, shape in zip("abc", parts, [(t, t), (2, t, t), (2, 1, t)], strict=True):
        assert_shape(part, shape, dtype=torch.bool, name=name)
    mask = learner.combine(*parts)
    assert_shape(mask, (2, t, t), dtype=torch.bool)
    q, k, v = (whole(trng, -2, 2, 2, t, 4).double() for _ in range(3))
    out = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    for b, start, end in [(0, 0, 3), (0, 3, 5), (1, 0, 1), (1, 1, 6), (1, 6, 7)]:
        want = alone(*(x[b, start:end] for x in (q, k, v)))
        words = {"name": "attention", "why": ALONE, "b": b, "start": start, "last": end - 1}
        assert_close(out[b, start:end], want, **words)
