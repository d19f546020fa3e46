"""The loss while your loop trains a table of next letters on one line of text."""

import numpy as np
import torch
from gpt.train_loop import TrainConfig, train
from torch import nn

TEXT = "to be, or not to be: that is the question. " * 8
STEPS = 120


def picture():
    """Two curves: the loss of each batch, and the loss on the held-out end of the text."""
    letters = sorted(set(TEXT))
    ids = np.array([letters.index(c) for c in TEXT])
    torch.manual_seed(0)
    model = nn.Embedding(len(letters), len(letters))  # logits of the next letter, one row each
    cut = len(ids) * 3 // 4
    cfg = TrainConfig(steps=STEPS, batch=8, T=16, max_lr=0.1, warmup=10, eval_every=10, seed=0)
    history = train(model, {"train": ids[:cut], "val": ids[cut:]}, cfg)
    steps = list(range(len(history["loss"])))
    held_out = np.interp(steps, history["eval_step"], history["val_loss"])
    return [
        {
            "kind": "curves",
            "title": {
                "en": "Nats per letter while a table of next letters learns",
                "zh": "一张“下一个字母”表在学习时的损失（每个字母的 nat 数）",
            },
            "xs": steps,
            "rows": ["train", "val"],
            "values": [[float(x) for x in history["loss"]], [float(x) for x in held_out]],
        }
    ]
