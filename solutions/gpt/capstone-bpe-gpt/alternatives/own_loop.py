"""The earlier parts without the earlier loop: batches, loss, clipping and updates one by one."""

import math

import numpy as np
import torch
from gpt.gpt2_init_tying import init_gpt2, tie_weights
from gpt.gpt2_model import GPT, GPTConfig
from tokens.bpe_encode import BPETokenizer
from tokens.bpe_train import train_bpe
from training.adamw import AdamW, decay_groups
from training.lm_batches import get_batch, lm_loss

VOCAB = 512
MODEL = {"n_layer": 2, "n_head": 4, "d_model": 128, "n_ctx": 64}
MODEL.update(dropout=0.0, bias=True, tie=True)
TRAINING = {"batch": 12, "T": 64, "max_lr": 3e-3, "min_lr": 3e-4, "weight_decay": 0.1}
TRAINING.update(betas=(0.9, 0.99), eps=1e-8, clip=1.0, seed=1)
WARMUP = 100


def rates(steps):
    """All rates of a training, from the first to the last."""
    low, high = TRAINING["min_lr"], TRAINING["max_lr"]
    warmup = min(WARMUP, steps // 10)
    rising = [high * i / warmup for i in range(warmup)]
    way = [math.pi * i / (steps - warmup) for i in range(steps - warmup)]
    return rising + [low + (high - low) * math.cos(angle / 2) ** 2 for angle in way]


def shrink(parameters):
    """Scale all gradients together, so that their length is at most the clip."""
    grads = [p.grad for p in parameters if p.grad is not None]
    length = math.sqrt(sum(float(g.square().sum()) for g in grads))
    if length > TRAINING["clip"]:
        for g in grads:
            g.mul_(TRAINING["clip"] / (length + 1e-6))


def run(train_text, steps, on_step=None):
    """One generator draws the model, forked from the global one, and another the batches."""
    vocab, merges = train_bpe(train_text, VOCAB)
    tokenizer = BPETokenizer(vocab, merges)
    data = np.asarray(
        list(tokenizer.encode_iterable(train_text.splitlines(keepends=True))), dtype=np.uint16
    )
    with torch.random.fork_rng():
        torch.manual_seed(TRAINING["seed"])
        model = GPT(GPTConfig(vocab_size=256 + len(merges), **MODEL))
        tie_weights(model)
        init_gpt2(model, MODEL["n_layer"])
    draws = torch.Generator().manual_seed(1000 + TRAINING["seed"])
    groups = decay_groups(model, TRAINING["weight_decay"])
    optimizer = AdamW(groups, betas=TRAINING["betas"], eps=TRAINING["eps"])
    for step, rate in enumerate(rates(steps)):
        x, y = get_batch(data, TRAINING["batch"], TRAINING["T"], draws)
        loss = lm_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        shrink(list(model.parameters()))
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        if on_step is not None:
            on_step(step, loss.detach())
    return tokenizer, model
