"""Gives one number that stands for six.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.ones(1, 1).expand(2, 3)
