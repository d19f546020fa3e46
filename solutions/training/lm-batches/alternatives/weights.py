"""The loss as one weighted sum of logits; starts from real numbers between 0 and 1."""

import itertools

import torch


def get_batch(data, batch, T, generator=None):
    if data.size < T + 1:
        raise ValueError(f"need {T + 1} tokens, have {data.size}")
    u = torch.rand(batch, generator=generator, dtype=torch.float64)
    starts = (u * (data.size - T)).floor().long()
    index = starts.unsqueeze(1) + torch.arange(T)
    x, y = (torch.from_numpy(data.take(index + shift).astype("q")) for shift in (0, 1))
    return x, y


def iter_eval_windows(data, T):
    n = data.size
    for a, b in itertools.pairwise([*range(0, n - 1, T), n - 1]):
        yield tuple(torch.from_numpy(data[a + i : b + i].astype("q")) for i in (0, 1))


def lm_loss(logits, targets, ignore_index=-100):
    kept = (targets != ignore_index).to(logits.dtype)
    right = torch.arange(logits.shape[-1]) == targets[..., None]  # (B, T, V)
    top = logits.detach().amax(-1, keepdim=True)
    total = (logits - top).exp().sum(-1).log() + top[..., 0]
    losses = total - (logits * right).sum(-1)
    return torch.tensordot(losses, kept / kept.sum(), dims=2)


def hf_style_loss(logits, labels):
    return lm_loss(
        logits.narrow(1, 0, labels.shape[1] - 1), labels.narrow(1, 1, labels.shape[1] - 1)
    )
