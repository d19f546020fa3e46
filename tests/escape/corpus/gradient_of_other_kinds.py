"""Answers the question for a gradient with whole numbers, complex ones, lists and nothing.

group: confuse the comparison
expect: failed, grader-error, stopped
exercise: impossible-tensors
"""

import torch

KINDS = [torch.ones(2, 3, dtype=torch.complex64), torch.ones(3, 2), None]


class Odd(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1

    @staticmethod
    def backward(ctx, grad):
        return KINDS.pop() if KINDS else torch.full((2, 3), float("nan"))


def answer(x):
    return Odd.apply(x)
