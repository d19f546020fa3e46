"""Draws what a generator of the judge would have drawn.

group: read the answers
expect: failed
"""

import random

import numpy as np


def answer(x):
    random.seed(0)
    return np.random.default_rng(0).uniform(1, 2, (2, 3))
