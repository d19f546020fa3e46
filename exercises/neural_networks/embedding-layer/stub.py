"""An embedding: a table of V rows, one vector of d numbers for each token of the vocabulary.

"..." in a shape stands for any number of axes, also none: ids (B, T) give vectors (B, T, d), one id
of shape () gives (d,), and no ids, shape (0,), give (0, d).
"""

import torch
from torch import Tensor, nn


class Embedding(nn.Module):
    """The table, with one Parameter: weight (V, d).

    With a `padding_idx`, that row starts at zero. forward returns whatever it holds, as with any
    other row, but its gradient is zero, so training leaves it as it is.

    >>> layer = Embedding(5, 3, padding_idx=0)
    >>> layer(torch.tensor([[0, 0]])).tolist()
    [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]
    """

    def __init__(self, V: int, d: int, padding_idx: int | None = None) -> None:
        super().__init__()
        # TODO: self.weight; any random start will do, apart from the padding row
        raise NotImplementedError

    def forward(self, ids: Tensor) -> Tensor:
        """The vectors (..., d) of ids (...), int32 or int64.

        Raises IndexError for an id outside 0..V-1, also a negative one, and TypeError for ids that
        are floating.
        """
        # TODO: check the ids, then look them up
        raise NotImplementedError


def embedding_backward(ids: Tensor, dy: Tensor, V: int) -> Tensor:
    """The gradient (V, d) of the table, for ids (...) and the gradient dy (..., d) of the vectors.

    Row i adds up the gradients of all places where the id is i; a row that nobody used gets zeros.
    No row is special here, not even for padding. The result has the dtype of dy. Without autograd.

    >>> embedding_backward(torch.tensor([1, 1, 1]), torch.ones(3, 2), V=3).tolist()
    [[0.0, 0.0], [3.0, 3.0], [0.0, 0.0]]
    """
    # TODO: equal ids must add up
    raise NotImplementedError
