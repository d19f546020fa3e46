"""First all at once from the standard normal law, then each scaled by what a table says."""

import re

import torch

SCALES = [  # the first pattern that fits
    (r"\.bias$", lambda n_layer: (0.0, 0.0)),
    (r"ln(1|2|_f)\.weight$", lambda n_layer: (0.0, 1.0)),
    (r"(attn|mlp)\.proj\.weight$", lambda n_layer: (0.02 / (2.0 * n_layer) ** 0.5, 0.0)),
    (r"", lambda n_layer: (0.02, 0.0)),
]


def init_gpt2(model, n_layer):
    named = {name: p for name, p in model.named_parameters() if p is not None}
    drawn = torch.randn(sum(p.numel() for p in named.values()))
    pieces = drawn.split([p.numel() for p in named.values()])
    state = {}
    for (name, p), piece in zip(named.items(), pieces, strict=True):
        scale, start = next(f(n_layer) for pattern, f in SCALES if re.search(pattern, name))
        state[name] = start + scale * piece.view_as(p)
    model.load_state_dict(state, strict=False)


def tie_weights(model):
    del model.head.weight
    model.head.register_parameter("weight", model.wte.weight)
    return model
