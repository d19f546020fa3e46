"""Returns a generator whose position lies far outside of its state: NumPy would read there.

group: read the answers
expect: stopped
says: broke the connection
"""

import numpy as np


def answer(*_):
    bits = np.random.MT19937(0)
    state = bits.state
    state["state"]["pos"] = 625
    bits.state = state
    return np.random.Generator(bits)
