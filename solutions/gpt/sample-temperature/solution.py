"""Sampling: a language model writes on, one token at a time."""

import torch
from neural_networks.stable_softmax import softmax
from torch import Tensor, nn


@torch.no_grad()
def generate(
    model: nn.Module,
    idx: Tensor,
    n: int,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
    eos: int | None = None,
) -> Tensor:
    """(B, T0 + n). Rows that have ended go through the model with the others: that is simplest."""
    mode = model.training
    model.eval()
    ended = torch.zeros(len(idx), 1, dtype=torch.bool)
    for _ in range(n):
        logits = model(idx[:, -model.cfg.n_ctx :])[:, -1]  # (B, V): only the last place is news
        if temperature == 0:
            new = logits.argmax(-1, keepdim=True)  # (B, 1): the limit of ever lower temperatures
        else:
            p = softmax(logits / temperature, -1)
            new = torch.multinomial(p, 1, generator=generator)
        if eos is not None:
            new = torch.where(ended, eos, new)
            ended |= new == eos
        idx = torch.cat([idx, new], dim=1)  # (B, T0 + 1), (B, T0 + 2), ...
    model.train(mode)
    return idx
