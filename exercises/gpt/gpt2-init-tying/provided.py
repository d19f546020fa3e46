"""GPT-2's starting values by torch.nn.init, for those who have not written them yet."""

import math

from torch import nn


def init_gpt2(model: nn.Module, n_layer: int) -> None:
    """Draw all weights of a GPT anew, in place."""
    for name, p in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(p)
        elif p.ndim == 1:
            nn.init.ones_(p)
        elif name.endswith(("attn.proj.weight", "mlp.proj.weight")):
            nn.init.normal_(p, std=0.02 / math.sqrt(2 * n_layer))
        else:
            nn.init.normal_(p, std=0.02)


def tie_weights(model: nn.Module) -> None:
    """Make head and token embedding one Parameter, in place."""
    model.head.weight = model.wte.weight
