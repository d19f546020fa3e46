"""Your activations and their derivatives from -4 to 4."""

import torch
from neural_networks import activations

NAMES = ("relu", "tanh", "silu", "gelu")


def picture():
    """Two panels: the functions, and the slopes that your `_grad` functions give."""
    x = torch.linspace(-4, 4, 161, dtype=torch.float64)
    values = [getattr(activations, name)(x).tolist() for name in NAMES]
    slopes = [getattr(activations, name + "_grad")(x).tolist() for name in NAMES]
    return [
        {
            "kind": "curves",
            "title": {"en": "Activations", "zh": "激活函数"},
            "xs": x.tolist(),
            "rows": list(NAMES),
            "values": values,
        },
        {
            "kind": "curves",
            "title": {"en": "Their derivatives", "zh": "它们的导数"},
            "xs": x.tolist(),
            "rows": [f"{name}′" for name in NAMES],
            "values": slopes,
        },
    ]
