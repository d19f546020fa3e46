"""GPT-2: two tables of vectors, a stack of blocks, a last norm, and a score for every token.

B is the batch, T the number of tokens of a row, V the size of the vocabulary, d the width.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

# What you have written already may serve you here:
# from attention.attention_masks import causal_mask
# from attention.transformer_block import Block
# from neural_networks.embedding_layer import Embedding
# from neural_networks.layernorm import LayerNorm
# from neural_networks.linear_init import Linear


@dataclass
class GPTConfig:
    """The sizes of a GPT; without arguments those of the smallest GPT-2."""

    vocab_size: int = 50257
    n_ctx: int = 1024  # the longest row of tokens
    n_layer: int = 12
    n_head: int = 12
    d_model: int = 768
    dropout: float = 0.0
    bias: bool = True
    tie: bool = True


class GPT(nn.Module):
    """The model. Its attributes, with these names and shapes and no other Parameters:

    cfg      the config that it was made from
    wte      weight (vocab_size, d_model): a vector for each token
    wpe      weight (n_ctx, d_model): a vector for each position
    blocks   nn.ModuleList of n_layer pre-norm blocks, with d_ff = 4 * d_model. In each: ln1 and
             ln2; attn with qkv and proj; mlp with fc and proj; all with a weight and a bias
    ln_f     weight and bias (d_model,), with eps 1e-5
    head     weight (vocab_size, d_model), and no bias, ever

    With cfg.tie, head.weight is the Parameter wte.weight itself, not a copy. With bias=False all
    other biases are None too: in the blocks, and in ln_f. Dropout acts on the sum of the two
    embeddings and in the blocks. The starting values are free here.

    >>> cfg = GPTConfig(vocab_size=11, n_ctx=8, n_layer=2, n_head=2, d_model=6)
    >>> model = GPT(cfg)
    >>> model(torch.tensor([[1, 5, 5, 10]])).shape
    torch.Size([1, 4, 11])
    >>> model.head.weight is model.wte.weight
    True
    >>> model.blocks[1].mlp.fc.weight.shape
    torch.Size([24, 6])
    """

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        # TODO: self.cfg, self.wte, self.wpe, self.blocks, self.ln_f, self.head
        raise NotImplementedError

    def forward(self, idx: Tensor) -> Tensor:
        """The logits (B, T, vocab_size) for the token ids idx (B, T), int64.

        The logits at position t say which token may follow the first t + 1 tokens of the row; they
        do not depend on what comes after. Positions count from 0. Raises ValueError if T > n_ctx.
        """
        # TODO
        raise NotImplementedError
