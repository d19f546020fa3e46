"""Gives a tensor of ragged rows.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


def answer(x):
    return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
