"""Is a tensor that is equal to all tensors.

group: confuse the comparison
expect: failed
exercise: impossible-tensors
"""

import torch


class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.ones(2, 3, dtype=torch.bool)


def answer(x):
    return torch.zeros(2, 3).as_subclass(Equal)
