"""A GPT on tokens of its own making: only the tokenizer is another one."""

from collections.abc import Callable

import numpy as np
import torch
from gpt.gpt2_init_tying import init_gpt2, tie_weights
from gpt.gpt2_model import GPT, GPTConfig
from gpt.sample_temperature import generate as generate
from gpt.train_loop import TrainConfig, train
from tokens.bpe_encode import BPETokenizer
from tokens.bpe_train import train_bpe

VOCAB = 512
MODEL = {
    "n_layer": 2,
    "n_head": 4,
    "d_model": 128,
    "n_ctx": 64,
    "dropout": 0.0,
    "bias": True,
    "tie": True,
}
TRAINING = {
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
WARMUP = 100


def run(
    train_text: str, steps: int, on_step: Callable[[int, float], None] | None = None
) -> tuple[BPETokenizer, GPT]:
    """A short text has fewer pairs to merge than VOCAB asks for: the entries are counted."""
    vocab, merges = train_bpe(train_text, VOCAB)
    tokenizer = BPETokenizer(vocab, merges)
    ids = np.array(tokenizer.encode(train_text))  # (tokens,)

    torch.manual_seed(TRAINING["seed"])
    model = GPT(GPTConfig(vocab_size=len(vocab), **MODEL))
    init_gpt2(model, MODEL["n_layer"])
    tie_weights(model)

    def tell(event: str, step: int, value: float) -> None:
        if event == "forward" and on_step is not None:
            on_step(step, value)

    cfg = TrainConfig(steps=steps, warmup=min(WARMUP, steps // 10), **TRAINING)
    train(model, {"train": ids, "val": ids}, cfg, tell)
    return tokenizer, model
