"""Gives a leaf of its own that requires a gradient.

group: confuse the comparison
expect: failed, grader-error
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.ones(2, 3, requires_grad=True)
