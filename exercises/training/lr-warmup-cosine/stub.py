"""Learning rate: up in a straight line, then down along half a wave of the cosine."""

import math


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update; steps are counted from 0.

    step < warmup            warm-up: in equal steps from 0 at step 0, towards max_lr at `warmup`
    warmup <= step < total   cosine: from max_lr at `warmup` down to min_lr at `total`
    step >= total            min_lr, however far beyond

    With warmup = 0 the rate starts at max_lr. With total = warmup the cosine has no step at all:
    min_lr comes right after the warm-up. `total` is at least 1 and never below `warmup`. max_lr
    and min_lr may be whole numbers; the rates between them are real numbers all the same.

    >>> [lr_at(step, 1.0, 0.0, warmup=4, total=10) for step in range(5)]
    [0.0, 0.25, 0.5, 0.75, 1.0]
    >>> [round(lr_at(step, 8.0, 0.0, warmup=4, total=10), 3) for step in (6, 7, 8, 10, 99)]
    [6.0, 4.0, 2.0, 0.0, 0.0]
    """
    # TODO: how far between `warmup` and `total` is this step, as a number from 0 to 1?
    raise NotImplementedError
