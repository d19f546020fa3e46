"""Gives a tensor that holds nothing.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.empty(2, 3, device="meta")
