"""torch's own layers in a row, for those who have not written the feed-forward layer yet."""

from collections import OrderedDict
from typing import Literal

from torch import nn


class FeedForward(nn.Sequential):
    """proj(activation(fc(x))), with the parameters of fc and proj."""

    def __init__(
        self,
        d: int,
        d_ff: int | None = None,
        activation: Literal["gelu_tanh", "gelu"] = "gelu_tanh",
        bias: bool = True,
    ) -> None:
        forms = {"gelu_tanh": "tanh", "gelu": "none"}
        if activation not in forms:
            raise ValueError(f"unknown activation: {activation!r}")
        width = 4 * d if d_ff is None else d_ff
        layers = [
            ("fc", nn.Linear(d, width, bias)),
            ("activation", nn.GELU(approximate=forms[activation])),
            ("proj", nn.Linear(width, d, bias)),
        ]
        super().__init__(OrderedDict(layers))
