"""How a GPT-2 starts: small random weights, smaller ones where blocks add, and a shared table.

The model is a GPT with these Parameters, where {i} counts the blocks:

    wte.weight  wpe.weight  head.weight
    blocks.{i}.ln1   blocks.{i}.ln2   ln_f                        each .weight and .bias (vectors)
    blocks.{i}.attn.qkv   .attn.proj   .mlp.fc   .mlp.proj        each .weight and .bias

It may be tied already, or not; its biases may all be missing (None). Its layers may be torch's or
anybody's own: their classes tell you nothing, the names of the Parameters tell you all.
"""

import torch
from torch import nn

# What you have written already may serve you, to try this on:
# from gpt.gpt2_model import GPT, GPTConfig


def init_gpt2(model: nn.Module, n_layer: int) -> None:
    """Give all Parameters of the model, which has n_layer blocks, their first values, in place.

    - Weights of wte, wpe, head, qkv and fc: normal, mean 0, standard deviation 0.02.
    - Weights of attn.proj and mlp.proj: normal, mean 0, standard deviation
      0.02 / sqrt(2 * n_layer).
    - Norms: weights 1, biases 0. All other biases 0.

    Numbers come from torch's global generator; no graph is made. A model that is tied stays tied.

    >>> norm = nn.Module()
    >>> norm.ln_f = nn.LayerNorm(3)
    >>> _ = nn.init.zeros_(norm.ln_f.weight)
    >>> init_gpt2(norm, n_layer=2)
    >>> norm.ln_f.weight.tolist()
    [1.0, 1.0, 1.0]
    """
    # TODO: model.named_parameters() tells you names and Parameters
    raise NotImplementedError


def tie_weights(model: nn.Module) -> None:
    """Make model.head.weight the Parameter model.wte.weight itself, in place.

    The values of wte stay. A model that is tied already stays as it is.

    >>> model = nn.Module()
    >>> model.wte, model.head = nn.Embedding(7, 3), nn.Linear(3, 7, bias=False)
    >>> tie_weights(model)
    >>> model.head.weight is model.wte.weight
    True
    """
    # TODO
    raise NotImplementedError
