"""Gives a tensor of half the width.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.ones(2, 3, dtype=torch.float8_e4m3fn)
