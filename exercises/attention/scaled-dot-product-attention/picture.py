"""An attention map from your attention: words that look alike find each other."""

import torch
from attention.scaled_dot_product_attention import attention

WORDS = "the cat sat on the mat with the other cat".split()


def letters(word):
    """A word as the counts of its letters, of length 4: words with the same letters are close."""
    counts = torch.tensor([word.count(c) for c in "abcdefghijklmnopqrstuvwxyz"]).double()
    return 4 * counts / counts.norm()


def picture():
    """Rows are queries, columns are keys: the weights without a mask, then with a causal one."""
    x = torch.stack([letters(word) for word in WORDS])
    causal = torch.ones(len(WORDS), len(WORDS)).tril().bool()
    maps = (attention(x, x, x)[1], attention(x, x, x, mask=causal)[1])
    titles = (
        {
            "en": "Each word looks at the words that share its letters",
            "zh": "每个词都看向与它字母相同的词",
        },
        {
            "en": "The same with a causal mask: only at what came before",
            "zh": "加上因果掩码：只看前面的词",
        },
    )
    return [
        {"kind": "heat", "title": title, "rows": WORDS, "columns": WORDS, "values": w.tolist()}
        for title, w in zip(titles, maps, strict=True)
    ]
