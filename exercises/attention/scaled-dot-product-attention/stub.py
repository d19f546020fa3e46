"""Scaled dot-product attention: every query takes a weighted mean of the values.

In the shapes, "..." stands for any number of leading axes (batch, heads, or none at all), which q,
k and v have in common; Tq is the number of queries, Tk the number of keys, one for each value.
"""

import torch
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The output for each query, and the weights that it gives to the keys.

    q: (..., Tq, d); k: (..., Tk, d); v: (..., Tk, dv). mask: bool, broadcasts to (..., Tq, Tk);
    True keeps a key, False hides it from that query. Returns out (..., Tq, dv) and weights
    (..., Tq, Tk). A hidden key weighs exactly 0, whatever number v holds there. A query that sees
    no key at all gives zeros in both, and no NaN in any gradient.
    bfloat16 and float16: the softmax runs in float32; out has the dtype of q, the weights have it
    or float32. Nothing is changed in place.

    >>> q = torch.tensor([[2.0, 0.0, 0.0, 0.0]])
    >>> k = torch.eye(4)[:2]
    >>> v = torch.tensor([[10.0], [20.0]])
    >>> out, weights = attention(q, k, v)
    >>> weights
    tensor([[0.7311, 0.2689]])
    >>> out
    tensor([[12.6894]])
    >>> attention(q, k, v, mask=torch.tensor([[False, True]]))[1]
    tensor([[0., 1.]])
    """
    # TODO: scores, mask, softmax, weighted mean; then think of the query that sees nothing
    raise NotImplementedError


def score_std(d: int, n: int, scaled: bool, gen: torch.Generator) -> float:
    """Why the scores are scaled: the standard deviation of q.k for random vectors of size d.

    Draw n queries and n keys of standard normal numbers with `gen`, and take the standard deviation
    of the scores of n pairs, or of all n * n of them; divided by the root of d if `scaled`.
    Generators in the same state give the same number.

    >>> gen = torch.Generator().manual_seed(0)
    >>> 9 < score_std(100, 1000, scaled=False, gen=gen) < 11
    True
    """
    # TODO
    raise NotImplementedError
