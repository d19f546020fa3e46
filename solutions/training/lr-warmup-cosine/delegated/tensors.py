"""The schedule in torch: a ramp, then a mean of both rates with a weight that is a squared sine."""

import torch


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update."""
    high, low = torch.tensor([max_lr, min_lr], dtype=torch.float64)
    if step < warmup:
        return (high * step / warmup).item()
    if step >= total:
        return low.item()
    way = torch.tensor(step - warmup, dtype=torch.float64) / (total - warmup)
    return torch.lerp(high, low, torch.sin(torch.pi / 2 * way) ** 2).item()
