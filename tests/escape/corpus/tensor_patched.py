"""Patches torch itself.

group: confuse the comparison
expect: failed, stopped
exercise: impossible-tensors
"""

import torch

torch.allclose = torch.equal = lambda *_, **__: True
torch.Tensor.__sub__ = lambda self, _: self * 0
torch.Tensor.detach = lambda self: torch.ones(2, 3)


def answer(x):
    return torch.ones(2, 3)
