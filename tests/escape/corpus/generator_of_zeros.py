"""Gives the suite its generator back in a state from which only zeros come.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


def array(*given):
    bits = np.random.PCG64(0)
    state = bits.state
    state["state"] = {"state": 0, "inc": 0}
    bits.state = state
    return np.random.Generator(bits)


number = real = flag = text = items = pair = mapping = members = nothing = array
