"""One token, then the rest by recursion; a race of exponential clocks draws the token."""

import torch


def generate(model, idx, n, temperature=1.0, generator=None, eos=None):
    mode = model.training
    model.train(False)
    with torch.no_grad():
        open_rows = torch.ones(idx.shape[0], dtype=torch.bool)
        out = more(model, idx, n, temperature, generator, eos, open_rows)
    model.train(mode)
    return out


def more(model, idx, n, temperature, generator, eos, open_rows):
    if n == 0:
        return idx
    size = min(idx.shape[1], model.cfg.n_ctx)
    logits = model(idx.narrow(1, idx.shape[1] - size, size)).select(1, -1)
    if temperature == 0:
        token = torch.topk(logits, 1).indices.squeeze(1)
    else:
        rates = torch.softmax(logits.double() / temperature, dim=1)
        clocks = torch.empty_like(rates).exponential_(generator=generator)
        token = (clocks / rates).argmin(1)  # who has the highest rate rings first most often
    if eos is not None:
        token[~open_rows] = eos
        open_rows = open_rows & (token != eos)
    longer = torch.hstack([idx, token.unsqueeze(1)])
    return more(model, longer, n - 1, temperature, generator, eos, open_rows)
