"""Returns hundreds of sets, each of which takes a moment to make.

group: attack the host
expect: failed, stopped
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder


class Node:
    pass


write = Encoder.node
MEMBERS = [[1, (n * (2**61 - 1)).to_bytes(10, "little")] for n in range(1, 1500)]
NODE = [3, [[5, MEMBERS] for _ in range(45)]]
Encoder.node = lambda self, value: NODE if type(value) is Node else write(self, value)


def answer(*_):
    return Node()
