"""A GPT on real text, character by character: everything that you have written, put together.

Nothing new has to be invented here. `run` makes a tokenizer, a model and a training out of your
earlier answers; llmex gives it nine tenths of Shakespeare, and judges the model on the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

# What you have written already does all the work here:
# from gpt.gpt2_init_tying import init_gpt2, tie_weights
# from gpt.gpt2_model import GPT, GPTConfig
# from gpt.train_loop import TrainConfig, train
# from tokens.char_tokenizer import CharTokenizer
# If your file also has this name, llmex samples with it:
# from gpt.sample_temperature import generate

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
) -> tuple[CharTokenizer, GPT]:  # noqa: F821
    """The tokenizer of train_text, and a GPT trained on it for so many updates.

    The tokenizer knows the characters of train_text and no others. The model is the one of MODEL
    with as many tokens, started as GPT-2, its head tied to the embedding. It is trained with
    TRAINING: batches of train_text, AdamW on the two groups of decay_groups, clipped gradients, and
    the rate lr_at(step, max_lr, min_lr, warmup, steps) with warmup = min(WARMUP, steps // 10).

    on_step(step, loss), where it is given, is called once in every update, in order and from step 0
    on, with the loss of that update's batch before the update. steps=0 returns the model as it
    starts, and a longer training of the same text starts from that very model. Equal arguments give
    equal losses. No file is opened, nothing is evaluated. train_text has 65 characters or more.

    >>> losses = []
    >>> text = "to be, or not to be: " * 9
    >>> tokenizer, model = run(text, 2, lambda step, loss: losses.append(loss))
    >>> tokenizer.decode(tokenizer.encode("to be"))
    'to be'
    >>> model(torch.tensor([tokenizer.encode("to be")])).shape  # 9 different characters
    torch.Size([1, 5, 9])
    >>> len(losses)
    2
    """
    # TODO: tokenizer, ids, model, values, training
    raise NotImplementedError
