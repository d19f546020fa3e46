"""The updates are torch's own: its AdamW and its cross-entropy."""

import numpy as np
import torch
from gpt.gpt2_init_tying import init_gpt2, tie_weights
from gpt.gpt2_model import GPT, GPTConfig
from tokens.char_tokenizer import CharTokenizer
from torch.nn import functional as F
from training.adamw import decay_groups
from training.lm_batches import get_batch
from training.lr_warmup_cosine import lr_at

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


def run(train_text, steps, on_step=None):
    """A loop of its own around torch.optim.AdamW."""
    tokenizer = CharTokenizer()
    tokenizer.train(train_text)
    ids = np.array(tokenizer.encode(train_text))
    generator = torch.Generator().manual_seed(TRAINING["seed"])
    torch.manual_seed(TRAINING["seed"])
    model = GPT(GPTConfig(vocab_size=tokenizer.vocab_size, **MODEL))
    tie_weights(model)
    init_gpt2(model, MODEL["n_layer"])
    groups = decay_groups(model, TRAINING["weight_decay"])
    optimizer = torch.optim.AdamW(groups, betas=TRAINING["betas"], eps=TRAINING["eps"])
    for step in range(steps):
        x, y = get_batch(ids, TRAINING["batch"], TRAINING["T"], generator)
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        if on_step:
            on_step(step, loss.item())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), TRAINING["clip"])
        for group in optimizer.param_groups:
            group["lr"] = lr_at(
                step, TRAINING["max_lr"], TRAINING["min_lr"], min(WARMUP, steps // 10), steps
            )
        optimizer.step()
    return tokenizer, model
