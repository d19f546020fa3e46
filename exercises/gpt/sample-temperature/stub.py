"""Sampling: a language model writes on, one token at a time."""

import torch
from torch import Tensor, nn


def generate(
    model: nn.Module,
    idx: Tensor,
    n: int,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
    eos: int | None = None,
) -> Tensor:
    """The prompts idx (B, T0), each with n new tokens behind it: (B, T0 + n) int64.

    model: model(ids (B, T)) gives logits (B, T, V), those at [b, t] for the token after place t.
    It takes no more than model.cfg.n_ctx tokens: give it the last ones. It is in eval mode
    meanwhile, no graph is made, and at the end its mode is what it was.
    idx: int64, T0 >= 1, of any length; it comes back whole. n may be 0.
    temperature: tokens are drawn from softmax(logits / temperature), each row by itself; 0 means
    the most likely token, without a draw.
    generator: where random numbers come from; None is torch's global generator.
    eos: a row that has drawn it is full of eos from there on; the others go on. An eos in the
    prompt ends nothing.

    >>> from types import SimpleNamespace
    >>> model = nn.Embedding.from_pretrained(torch.eye(5).roll(1, 1))  # after 0 comes 1, and so on
    >>> model.cfg = SimpleNamespace(n_ctx=4)
    >>> generate(model, torch.tensor([[0], [2]]), 4, temperature=0)
    tensor([[0, 1, 2, 3, 4],
            [2, 3, 4, 0, 1]])
    >>> generate(model, torch.tensor([[0], [2]]), 4, temperature=0, eos=3)
    tensor([[0, 1, 2, 3, 3],
            [2, 3, 3, 3, 3]])
    """
    # TODO: which of the logits are for the next token? what do you do to a row that has ended?
    raise NotImplementedError
