"""The gallery of your masks: who may see whom."""

import torch
from attention.attention_masks import causal_mask, padding_mask, prefix_lm, sliding_window

T = 8
TITLES = (
    ("Causal: no query looks ahead", "因果掩码：不看后面"),
    ("Sliding window of 3: only the last keys", "窗口为 3 的滑动窗口：只看最近的键"),
    ("Prefix of 4: all see it, none looks beyond itself", "前缀为 4：前缀人人可见，其余不看后面"),
    ("Padding: 5 real tokens of 8", "填充掩码：8 个词元里有 5 个是真的"),
)


def picture():
    """Four maps; rows are queries, columns are keys, and a dark cell is seen."""
    padding = padding_mask(torch.tensor([5]), T)[0].expand(T, T)
    masks = (causal_mask(T, T), sliding_window(T, 3), prefix_lm(T, 4), padding)
    return [
        {
            "kind": "heat",
            "title": {"en": en, "zh": zh},
            "rows": [str(i) for i in range(T)],
            "columns": [str(j) for j in range(T)],
            "values": mask.double().tolist(),
        }
        for (en, zh), mask in zip(TITLES, masks, strict=True)
    ]
