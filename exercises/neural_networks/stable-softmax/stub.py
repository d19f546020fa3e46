"""Stable softmax: logits in, probabilities out, and no number on the way that overflows.

A "row" is what lies along `dim`: its entries compete with each other and with no others. x may have
any rank from 1 up and be float32 or float64; a batch of no rows gives an empty result.
"""

import torch
from torch import Tensor


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of the exponentials of each row.

    The result has the dtype of x and its shape without `dim`, or with size 1 there if `keepdim`.
    A row that is all -inf gives -inf.

    >>> logsumexp(torch.tensor([[100.0, 0.0], [0.0, 0.0]]))
    tensor([100.0000,   0.6931])
    """
    # TODO: which number can you take out of the sum, so that no exponential overflows?
    raise NotImplementedError


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """The weights exp(x / temperature), divided by their sum: each row adds up to 1.

    The result has the shape and dtype of x. An entry of -inf weighs exactly 0; a row that is all
    -inf gives NaN, as torch does. Raises ValueError if temperature <= 0.

    >>> softmax(torch.tensor([1.0, 2.0, 5.0]).log())
    tensor([0.1250, 0.2500, 0.6250])
    >>> softmax(torch.tensor([1000.0, 1001.0]), temperature=0.5)
    tensor([0.1192, 0.8808])
    """
    # TODO: the same number does no harm to a ratio
    raise NotImplementedError


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithms of the weights, also of a weight that is too small to store.

    The result has the shape and dtype of x. An entry of -inf stays -inf; a row that is all -inf
    gives NaN, as torch does.

    >>> log_softmax(torch.tensor([0.0, -1000.0]))
    tensor([    0., -1000.])
    """
    # TODO: not the logarithm of softmax: that one is -inf here
    raise NotImplementedError
