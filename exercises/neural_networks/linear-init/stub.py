"""A linear layer, y = x Wᵀ + b, and the ways in which its numbers may start.

A weight has the shape (d_out, d_in): one row for each output. So fan_in, the number of inputs that
an output adds up, is d_in, and fan_out is d_out. A `generator` of None is torch's global one; the
same state of a generator gives the same numbers.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn

Init = Literal[
    "torch_default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "trunc_normal", "gpt2",
]  # fmt: skip


def gain(nonlinearity: Literal["relu", "leaky_relu", "tanh"], a: float = 0.01) -> float:
    """By what to multiply a standard deviation, so that it survives the nonlinearity.

    relu: the root of 2; tanh: 5/3; leaky_relu with the slope a below 0: the root of 2 / (1 + a²).
    Raises ValueError for an unknown nonlinearity.

    >>> gain("leaky_relu", a=1.0)
    1.0
    """
    # TODO
    raise NotImplementedError


def xavier_uniform_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w, of shape (d_out, d_in), in place: uniform, variance 2 / (d_in + d_out), mean 0.

    Here and in the next four, w is a plain tensor or a Parameter; no graph remembers the filling.
    Return w.

    >>> w = torch.zeros(3, 5)
    >>> _ = xavier_uniform_(w)
    >>> bool((w.abs() <= (6 / (3 + 5)) ** 0.5).all())
    True
    """
    # TODO: how wide is a uniform distribution that has this variance?
    raise NotImplementedError


def xavier_normal_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal, variance 2 / (d_in + d_out), mean 0."""
    # TODO
    raise NotImplementedError


def kaiming_uniform_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: uniform, with the standard deviation gain("leaky_relu", a) / √fan."""
    # TODO
    raise NotImplementedError


def kaiming_normal_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: normal, with the standard deviation gain("leaky_relu", a) / √fan."""
    # TODO
    raise NotImplementedError


def trunc_normal_(w: Tensor, std: float, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal with mean 0 and this std; what falls beyond 3 std is drawn again."""
    # TODO: draw again, do not clamp
    raise NotImplementedError


class Linear(nn.Module):
    """The layer y = x Wᵀ + b, with Parameters weight (d_out, d_in) and bias (d_out,).

    Without a bias, the attribute `bias` is None.

    "torch_default": weight and bias are uniform between -1/√d_in and 1/√d_in. With every other
    option the bias starts at 0, and the weight as the function of that name fills it by default;
    "trunc_normal" with std √(2 / (d_in + d_out)); "gpt2" is normal with std 0.02. The generator
    draws weight and bias. Raises ValueError for an unknown `init`.

    >>> layer = Linear(3, 2, init="gpt2")
    >>> layer.bias
    Parameter containing:
    tensor([0., 0.], requires_grad=True)
    >>> layer(torch.ones(4, 5, 3)).shape
    torch.Size([4, 5, 2])
    """

    def __init__(
        self,
        d_in: int,
        d_out: int,
        bias: bool = True,
        init: Init = "torch_default",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        # TODO: self.weight, self.bias
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The output (..., d_out) for x (..., d_in), with any number of leading axes."""
        # TODO
        raise NotImplementedError
