"""Gumbel noise makes a draw out of an argmax; the result is a buffer that fills up."""

import torch


@torch.inference_mode()
def generate(model, idx, n, temperature=1.0, generator=None, eos=None):
    was_training, (rows, start) = model.training, idx.shape
    out = idx.new_full((rows, start + n), 0 if eos is None else eos)
    out[:, :start] = idx
    alive = torch.arange(rows)
    model.eval()
    for end in range(start, start + n):
        if len(alive) == 0:
            break  # what is left of the buffer holds eos
        seen = out[alive, max(0, end - model.cfg.n_ctx) : end]
        scores = model(seen)[:, -1].double()
        if temperature > 0:
            noise = torch.rand(scores.shape, generator=generator, dtype=torch.float64)
            scores = scores / temperature - (-noise.clamp_min(1e-300).log()).log()
        drawn = scores.max(dim=-1).indices
        out[alive, end] = drawn
        if eos is not None:
            alive = alive[drawn != eos]
    model.train(was_training)
    return out.clone()
