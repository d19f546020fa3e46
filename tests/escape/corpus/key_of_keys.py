"""Returns a dict whose key takes for ever to look up.

group: attack the host
expect: failed, stopped
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder


class Node:
    def __init__(self, node):
        self.node = node


write = Encoder.node
Encoder.node = lambda self, value: value.node if type(value) is Node else write(self, value)


def answer(*_):
    first = 1
    node = [4, [1.5, 1.5]]
    chain = [node]
    for n in range(60):
        chain.append([4, [[0, first + n], [0, first + n]]])
    return Node([7, [[3, chain], 1.5, [0, first + 60], 1.5]])
