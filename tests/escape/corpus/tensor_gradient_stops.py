"""Gives a result whose backward runs the answer's code.

group: confuse the comparison
expect: failed, stopped, grader-error
exercise: impossible-tensors
"""

import os

import torch


class Bomb(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1.5

    @staticmethod
    def backward(ctx, grad):
        os._exit(0)


def answer(x):
    return Bomb.apply(x)
