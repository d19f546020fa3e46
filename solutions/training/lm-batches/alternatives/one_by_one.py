"""Rows one by one, windows as a list, and the loss looked up among torch's log-probabilities."""

import torch


def get_batch(data, batch, T, generator=None):
    n = len(data)
    if n <= T:
        raise ValueError("too short")
    x, y = [], []
    for _ in range(batch):
        i = int(torch.randint(0, n - T, (), generator=generator))
        x.append(torch.tensor([int(token) for token in data[i : i + T]]))
        y.append(torch.tensor([int(token) for token in data[i + 1 : i + 1 + T]]))
    return torch.stack(x), torch.stack(y)


def iter_eval_windows(data, T):
    ids = torch.tensor(data.tolist())
    windows, at = [], 0
    while at < len(ids) - 1:
        end = min(at + T, len(ids) - 1)
        windows.append((ids[at:end], ids[at + 1 : end + 1]))
        at = end
    return windows


def lm_loss(logits, targets, ignore_index=-100):
    losses = []
    for row, wanted in zip(logits, targets, strict=True):
        for z, y in zip(row, wanted, strict=True):
            if y != ignore_index:
                losses.append(-torch.log_softmax(z, 0)[y])
    return torch.stack(losses).mean()


def hf_style_loss(logits, labels):
    pairs = zip(logits, labels, strict=True)
    losses = [-z[:-1].log_softmax(-1)[range(len(y) - 1), y[1:].clamp(min=0)] for z, y in pairs]
    kept = labels[:, 1:] != -100
    return torch.cat(losses)[kept.flatten()].mean()
