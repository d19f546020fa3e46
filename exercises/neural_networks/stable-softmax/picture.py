"""Five temperatures: the same four logits, turned into weights by your softmax."""

import torch
from neural_networks.stable_softmax import softmax

LOGITS = {"cat": 2.0, "dog": 1.0, "fish": 0.0, "tree": -1.0}
TEMPERATURES = (0.25, 0.5, 1.0, 2.0, 4.0)


def picture():
    """A block of bars for each temperature: the lower it is, the more the largest logit wins."""
    logits = torch.tensor(list(LOGITS.values()), dtype=torch.float64)
    return [
        {
            "kind": "bars",
            "title": {
                "en": "Softmax at five temperatures",
                "zh": "五种温度下的 softmax",
            },
            "rows": [f"T = {t}" for t in TEMPERATURES],
            "columns": list(LOGITS),
            "values": [softmax(logits, temperature=t).tolist() for t in TEMPERATURES],
        }
    ]
