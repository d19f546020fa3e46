"""Exercises without torch never wait for it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = '''
import sys
from llmex.grader.engine import children
from llmex.grader.learner import Learner
from llmex.grader.sandbox import Worker
from llmex.grader.worker.main import run_worker
import numpy as np

SOURCE = """
import sys, math
def f(x): return x * 2
def erf(x): return math.erf(x)
def torches(): return [name for name in sys.modules if name.startswith("torch")]
def tensor():
    import torch
    return torch.ones(2)
"""
pid, ours = children.fork(lambda sock: run_worker(sock, {"memory_mb": 8192}))
worker = Worker(ours, lambda: children.end(pid), {})
learner = Learner(worker)
learner.open({"m": SOURCE}, "m", None, ["torch.softmax", "math.erf"])
learner.begin(0)
assert learner.f(np.ones(2)).tolist() == [2, 2]
assert learner.erf(0.0) == 0
assert worker.delegated == {"math.erf"}
assert learner.torches() == []
assert not [name for name in sys.modules if name.startswith("torch")]
found = learner.tensor()
assert found.remote_type == "Tensor", found
assert learner.f(2) == 4
worker.close()
'''


def test_neither_judge_nor_worker_imports_torch() -> None:
    """NumPy answers are judged without torch; a tensor that an answer makes itself stays there."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
