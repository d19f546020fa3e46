"""How a GPT-2 starts: small random weights, smaller ones where blocks add, and a shared table."""

import math

import torch
from torch import nn


@torch.no_grad()
def init_gpt2(model: nn.Module, n_layer: int) -> None:
    """Radford et al. 2019, section 2.3: what writes into the stream is divided by √(2 n_layer).

    That many sublayers add to the stream, independent of each other at the start, so that their
    variances add up: together they bring as much as a single one without the division.
    """
    for name, p in model.named_parameters():  # names each Parameter once, a tied one too
        if name.endswith("bias"):
            p.zero_()
        elif p.ndim == 1:  # a norm
            p.fill_(1.0)
        else:
            writes = name.endswith(("attn.proj.weight", "mlp.proj.weight"))
            p.normal_(0.0, 0.02 / math.sqrt(2 * n_layer) if writes else 0.02)


def tie_weights(model: nn.Module) -> None:
    """One Parameter under two names: it gets both gradients, and one step of the optimiser."""
    model.head.weight = model.wte.weight
