"""Names parts of torch as dtypes that it would import at once, for seconds.

group: attack the host
expect: failed, stopped
exercise: impossible-tensors
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder
Encoder.node = lambda self, value: [3, [[12, name] for name in ("_dynamo", "_inductor", "onnx")]]


def answer(*_):
    return 1.5
