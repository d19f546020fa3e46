"""model.apply on every module that holds a weight, then a second pass over the projections."""

import math

import torch


def _start(module):
    weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
    with torch.no_grad():
        if weight is not None:
            weight.copy_(torch.ones(()) if weight.dim() < 2 else torch.randn_like(weight) * 0.02)
        if bias is not None:
            bias *= 0.0


def init_gpt2(model, n_layer):
    model.apply(_start)
    for block in model.blocks:
        for part in (block.attn, block.mlp):
            part.proj.weight.data /= math.sqrt(2 * n_layer)


def tie_weights(model):
    if model.head.weight is model.wte.weight:
        return
    model.head.weight = model.wte.weight
