"""Activations: bend every number of a tensor, and say how steep the bend is there.

All of them work on each number by itself, on a tensor of any shape, float32 or float64; the result
has the shape and the dtype of x. They are finite and right up to |x| = 10,000. Gradients flow
through the first six, and are right for 0 < |x| <= 20; what autograd says at 0 and further out is
left open.
"""

from typing import Literal

import torch
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """x where it is above 0, else 0.

    >>> relu(torch.tensor([-2.0, 3.0]))
    tensor([0., 3.])
    """
    # TODO
    raise NotImplementedError


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where it is above 0, else negative_slope times x, whether the slope is below 1 or above.

    >>> leaky_relu(torch.tensor([-2.0, 3.0]), negative_slope=0.25)
    tensor([-0.5000,  3.0000])
    """
    # TODO
    raise NotImplementedError


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), between 0 and 1.

    >>> sigmoid(torch.tensor([-1000.0, 0.0, 1.0]))
    tensor([0.0000, 0.5000, 0.7311])
    """
    # TODO: what becomes of your formula at -10,000, and what at 10,000?
    raise NotImplementedError


def tanh(x: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), between -1 and 1.

    >>> tanh(torch.tensor([-1000.0, 0.0, 1.0]))
    tensor([-1.0000,  0.0000,  0.7616])
    """
    # TODO: not as it stands: at 1000 that is infinity over infinity
    raise NotImplementedError


def silu(x: Tensor) -> Tensor:
    """x times sigmoid(x).

    >>> silu(torch.tensor([-1.0, 1.0]))
    tensor([-0.2689,  0.7311])
    """
    # TODO
    raise NotImplementedError


def gelu(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x times the chance that a standard normal number is below x.

    "none": x (1 + erf(x / √2)) / 2.
    "tanh": x (1 + tanh(√(2 / π) (x + 0.044715 x³))) / 2, the form of GPT-2.

    >>> gelu(torch.tensor([-1.0, 2.5]))
    tensor([-0.1587,  2.4845])
    >>> gelu(torch.tensor([-1.0, 2.5]), approximate="tanh")
    tensor([-0.1588,  2.4849])
    """
    # TODO: two forms; x times sigmoid(1.702 x) is neither of them
    raise NotImplementedError


def relu_grad(x: Tensor) -> Tensor:
    """The slope of relu at x, as numbers of the dtype of x: 1 above 0, else 0 (also at 0).

    >>> relu_grad(torch.tensor([-2.0, 0.0, 3.0]))
    tensor([0., 0., 1.])
    """
    # TODO
    raise NotImplementedError


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """The slope of leaky_relu at x: 1 above 0, else negative_slope (also at 0).

    >>> leaky_relu_grad(torch.tensor([-2.0, 0.0, 3.0]), negative_slope=0.25)
    tensor([0.2500, 0.2500, 1.0000])
    """
    # TODO
    raise NotImplementedError


def sigmoid_grad(x: Tensor) -> Tensor:
    """The slope of sigmoid at x (x is what goes into sigmoid, not what comes out).

    >>> sigmoid_grad(torch.tensor([0.0]))
    tensor([0.2500])
    """
    # TODO: it can be said with sigmoid(x) alone
    raise NotImplementedError


def tanh_grad(x: Tensor) -> Tensor:
    """The slope of tanh at x (x is what goes into tanh, not what comes out).

    >>> tanh_grad(torch.tensor([0.0]))
    tensor([1.])
    """
    # TODO: it can be said with tanh(x) alone
    raise NotImplementedError


def silu_grad(x: Tensor) -> Tensor:
    """The slope of silu at x.

    >>> silu_grad(torch.tensor([0.0, 1.0]))
    tensor([0.5000, 0.9277])
    """
    # TODO: a product has two slopes
    raise NotImplementedError


def gelu_grad(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """The slope of gelu at x, of the form that `approximate` names.

    >>> gelu_grad(torch.tensor([0.0, 1.0]))
    tensor([0.5000, 1.0833])
    """
    # TODO: a product, and in the tanh form a chain
    raise NotImplementedError
