"""A GPT on real text, in tokens of its own making: your tokenizer, your model, your training.

It is the character GPT with another tokenizer. `run` learns the tokens from the text that it is
given, and a model of them; llmex judges it on text that it has not seen, in nats per character.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

# What you have written already does all the work here:
# from gpt.gpt2_init_tying import init_gpt2, tie_weights
# from gpt.gpt2_model import GPT, GPTConfig
# from gpt.train_loop import TrainConfig, train
# from tokens.bpe_encode import BPETokenizer
# from tokens.bpe_train import train_bpe
# If your file also has this name, llmex samples with it:
# from gpt.sample_temperature import generate

VOCAB = 512  # given: entries of the tokenizer, the 256 single bytes among them
MODEL = {  # given
    "n_layer": 2,
    "n_head": 4,
    "d_model": 128,
    "n_ctx": 64,
    "dropout": 0.0,
    "bias": True,
    "tie": True,
}
TRAINING = {  # given: the settings of TrainConfig
    "batch": 12,
    "T": 64,
    "max_lr": 3e-3,
    "min_lr": 3e-4,
    "weight_decay": 0.1,
    "betas": (0.9, 0.99),
    "eps": 1e-8,
    "clip": 1.0,
    "seed": 1,
}
WARMUP = 100  # given: a training warms up for this many steps, or a tenth of it if it is short


def run(
    train_text: str, steps: int, on_step: Callable[[int, float], None] | None = None
) -> tuple[BPETokenizer, GPT]:  # noqa: F821
    """The tokenizer of train_text, and a GPT trained on its tokens for so many updates.

    The tokenizer is train_bpe's with VOCAB entries and no special tokens, learnt from train_text
    alone. A short text has too few pairs for so many entries: the model has as many tokens as the
    tokenizer really has. All else is as for the character GPT: the model of MODEL, started as
    GPT-2, its head tied to the embedding; TRAINING; the rate lr_at(step, max_lr, min_lr, warmup,
    steps) with warmup = min(WARMUP, steps // 10).

    on_step(step, loss), where it is given, is called once in every update, in order and from step 0
    on, with the loss of that update's batch before the update. steps=0 returns the model as it
    starts, and a longer training of the same text starts from that very model. Equal arguments give
    equal losses. No file is opened, nothing is evaluated. train_text has 65 tokens or more.

    >>> losses = []
    >>> text = "to be, or not to be: " * 30
    >>> tokenizer, model = run(text, 2, lambda step, loss: losses.append(loss))
    >>> tokenizer.decode(tokenizer.encode("to be"))
    'to be'
    >>> model(torch.tensor([[0, 1, 255]])).shape  # 256 bytes and 9 merges
    torch.Size([1, 3, 265])
    >>> len(losses)
    2
    """
    # TODO: vocab and merges, tokenizer, ids, model, values, training
    raise NotImplementedError
