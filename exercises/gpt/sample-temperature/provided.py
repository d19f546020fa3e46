"""Sampling by torch.multinomial, for those who have not written it yet."""

import torch
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
    """The prompts idx (B, T0) and n new tokens: (B, T0 + n) int64."""
    mode = model.training
    model.eval()
    try:
        out = idx.clone()
        ended = torch.zeros(len(idx), 1, dtype=torch.bool)
        for _ in range(n):
            logits = model(out[:, -model.cfg.n_ctx :])[:, -1]
            if temperature == 0:
                new = logits.argmax(-1, keepdim=True)
            else:
                p = torch.softmax(logits / temperature, -1)
                new = torch.multinomial(p, 1, generator=generator)
            if eos is not None:
                new = new.masked_fill(ended, eos)
                ended = ended | (new == eos)
            out = torch.cat([out, new], 1)
    finally:
        model.train(mode)
    return out
