"""Every entry decided by itself, in lists."""

import torch


def table(rows, columns, sees):
    mask = torch.zeros(rows, columns, dtype=torch.bool)
    for i in range(rows):
        for j in range(columns):
            mask[i, j] = sees(i, j)
    return mask


def causal_mask(Tq, Tk):
    return table(Tq, Tk, lambda i, j: Tq - i <= Tk - j)  # counted from the end


def padding_mask(lengths, T):
    rows = [[j < int(n) for j in range(T)] for n in lengths]
    return torch.tensor(rows, dtype=torch.bool).unsqueeze(1)


def sliding_window(T, w):
    return table(T, T, lambda i, j: j in range(i - w + 1, i + 1))


def prefix_lm(T, p):
    return table(T, T, lambda i, j: j <= max(i, p - 1))


def document_mask(doc_ids):
    if doc_ids.ndim == 2:
        return torch.stack([document_mask(row) for row in doc_ids])
    ids = doc_ids.tolist()
    return table(len(ids), len(ids), lambda i, j: ids[i] == ids[j])


def combine(*masks):
    result = torch.ones((), dtype=torch.bool)
    for mask in masks:
        result = result & mask
    return result
