"""Gives a tensor of NaN.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.full((2, 3), torch.nan)
