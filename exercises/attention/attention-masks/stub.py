"""Attention masks: which keys a query may see.

A mask is a bool tensor. Rows are queries, columns are keys; True keeps a key, False hides it.
"""

import torch
from torch import Tensor


def causal_mask(Tq: int, Tk: int) -> Tensor:
    """No query looks ahead: a mask (Tq, Tk), aligned at its lower right corner.

    The last query stands at the last key, the one before it at the last key but one, and so on;
    each sees its own key and those before. With Tq > Tk the first queries see nothing.

    >>> causal_mask(2, 3)
    tensor([[ True,  True, False],
            [ True,  True,  True]])
    """
    # TODO: at which key does query i stand?
    raise NotImplementedError


def padding_mask(lengths: Tensor, T: int) -> Tensor:
    """Row b of a batch has lengths[b] real tokens, then padding, which no query looks at.

    lengths: (B,) int64, from 0 to T. Returns (B, 1, T), with one row of keys for all queries.

    >>> padding_mask(torch.tensor([3, 1]), 3)
    tensor([[[ True,  True,  True]],
    <BLANKLINE>
            [[ True, False, False]]])
    """
    # TODO
    raise NotImplementedError


def sliding_window(T: int, w: int) -> Tensor:
    """Every query sees the last w keys, itself included, and none ahead: a mask (T, T); w >= 1.

    Near the start there are fewer than w keys; then it sees all that there are.

    >>> sliding_window(3, 2)
    tensor([[ True, False, False],
            [ True,  True, False],
            [False,  True,  True]])
    """
    # TODO: how many keys back does each key lie?
    raise NotImplementedError


def prefix_lm(T: int, p: int) -> Tensor:
    """All queries see the first p keys (the prefix); beyond it none looks ahead: a mask (T, T).

    p is from 0 to T.

    >>> prefix_lm(3, 2)
    tensor([[ True,  True, False],
            [ True,  True, False],
            [ True,  True,  True]])
    """
    # TODO
    raise NotImplementedError


def document_mask(doc_ids: Tensor) -> Tensor:
    """Tokens see the tokens of their own document only, those before and those after.

    doc_ids: (T,) int64 gives a mask (T, T); (B, T) gives (B, T, T). Equal ids are one document,
    wherever they stand.

    >>> document_mask(torch.tensor([8, 8, 5]))
    tensor([[ True,  True, False],
            [ True,  True, False],
            [False, False,  True]])
    """
    # TODO: compare every id with every id
    raise NotImplementedError


def combine(*masks: Tensor) -> Tensor:
    """A key is kept if all masks keep it. One mask or more; their shapes broadcast.

    Changes none of the masks.

    >>> combine(torch.tensor([[True, False], [True, True]]), torch.tensor([[[False, True]]]))
    tensor([[[False, False],
             [False,  True]]])
    """
    # TODO
    raise NotImplementedError
