"""Every possible row as a view, from which places are drawn; torch's own loss."""

import numpy as np
import torch
import torch.nn.functional as F


def get_batch(data, batch, T, generator=None):
    windows = np.lib.stride_tricks.sliding_window_view(data, T + 1)  # refuses what is too short
    chances = torch.ones(len(windows), dtype=torch.float64)
    drawn = torch.multinomial(chances, batch, replacement=True, generator=generator)
    rows = np.stack([windows[i] for i in drawn.tolist()]).astype("int64")
    both = torch.as_tensor(rows).unfold(1, T, 1)  # (batch, 2, T)
    return both[:, 0], both[:, 1]


def iter_eval_windows(data, T):
    ids = torch.from_numpy(np.asarray(data, dtype=np.int64).copy())
    return zip(torch.split(ids[:-1], T), torch.split(ids[1:], T), strict=True)


def lm_loss(logits, targets, ignore_index=-100):
    return F.cross_entropy(logits.transpose(1, 2), targets, ignore_index=ignore_index)


def hf_style_loss(logits, labels):
    nothing = labels.new_full((len(labels), 1), -100)  # what the last logits should say is unknown
    return lm_loss(logits, torch.cat([labels[:, 1:], nothing], dim=1))
