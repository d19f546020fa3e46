"""Spoils modules that the next answer would use.

group: attack the host
expect: failed
"""

import math
import random
import sys

import numpy as np

np.zeros = np.ones = np.array = lambda *_, **__: None
math.sqrt = lambda _: 0.0
random.random = lambda: 0.5
sys.modules["llmex.grader.worker.wire"] = None


def answer(*_):
    return 1.5
