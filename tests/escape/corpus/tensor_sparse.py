"""Gives a tensor of which most is left out.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.eye(3)[:2].to_sparse()
