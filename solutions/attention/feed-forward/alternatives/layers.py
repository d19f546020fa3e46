"""nn's own layers; the activation is one of them."""

from torch import nn


class FeedForward(nn.Module):
    def __init__(self, d, d_ff=None, activation="gelu_tanh", bias=True):
        super().__init__()
        if d_ff is None:
            d_ff = d * 4
        match activation:
            case "gelu_tanh":
                self.act = nn.GELU(approximate="tanh")
            case "gelu":
                self.act = nn.GELU()
            case _:
                raise ValueError(activation)
        self.fc = nn.Linear(d, d_ff, bias)
        self.proj = nn.Linear(d_ff, d, bias)

    def forward(self, x):
        x = self.fc(x)
        x = self.act(x)
        return self.proj(x)
