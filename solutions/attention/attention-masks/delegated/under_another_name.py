"""torch's causal mask, kept under another name, and the window cut out of it."""

import torch

ahead = torch.nn.Transformer.generate_square_subsequent_mask


def causal_mask(Tq, Tk):
    return ahead(Tq + Tk)[Tk:, Tq:] == 0


def padding_mask(lengths, T):
    return torch.stack([torch.arange(T) < n for n in lengths]).unsqueeze(1)


def sliding_window(T, w):
    return torch.logical_xor(causal_mask(T, T), torch.ones(T, T).tril(-w).bool())


def prefix_lm(T, p):
    return torch.maximum(causal_mask(T, T), torch.arange(T) < p)


def document_mask(doc_ids):
    return torch.eq(doc_ids.unsqueeze(-1), doc_ids.unsqueeze(-2))


def combine(*masks):
    return torch.stack(torch.broadcast_tensors(*masks)).all(0)
