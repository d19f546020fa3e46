"""Returns a set whose members all have the same hash.

group: attack the host
expect: failed, stopped
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder


class Node:
    pass


write = Encoder.node
NODE = [5, [[1, (n * (2**61 - 1)).to_bytes(12, "little")] for n in range(200_000)]]
Encoder.node = lambda self, value: NODE if type(value) is Node else write(self, value)


def answer(*_):
    return Node()
