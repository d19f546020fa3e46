"""Gives a tensor of rounded numbers.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.quantize_per_tensor(torch.ones(2, 3), 0.1, 0, torch.qint8)
