"""Gives a gradient of another shape by the wire.

group: confuse the comparison
expect: failed, stopped, grader-error
exercise: impossible-tensors
"""

import sys

import torch

Graphs = sys.modules["llmex.grader.worker.graphs"].Graphs
Graphs.pull_back = lambda self, *_: [torch.ones(7)]


def answer(x):
    return x * 1.5
