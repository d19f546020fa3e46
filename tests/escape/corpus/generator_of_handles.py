"""Sends a generator whose position is an object: one number when it is checked, another when read.

group: attack the host
expect: failed, stopped
exercise: plain
"""

import itertools
import sys

import numpy as np

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder
COUNT = itertools.count()


class Position:
    def __int__(self):
        return 0 if next(COUNT) == 0 else 1 << 30

    __index__ = __int__


def _write(self, value):
    state = np.random.Philox(0).state
    state["buffer_pos"] = Position()
    self.keep(value)
    return [16, *[Encoder.node(self, part) for part in ("numpy", "Philox", {**state})]]


Encoder._write_random = _write
sys.modules["llmex.grader.worker.encode"]._WRITERS[np.random.Generator] = _write


def array(*_):
    return np.random.default_rng()


number = real = flag = text = items = pair = mapping = members = nothing = array
