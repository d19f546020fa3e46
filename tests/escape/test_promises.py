"""What an answer may do inside the walls, and what the walls do not hide."""

from __future__ import annotations

import contextlib
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from llmex.grader.learner import Learner
from llmex.grader.worker import landlock, seccomp
from tests.escape.attacks import HERE, judged_text
from tests.escape.ground import LAYERS, hatch, users, world

pytestmark = pytest.mark.skipif(
    not landlock.version() or not seccomp.available(), reason="this kernel has no such layers"
)

PARTS = """
nn.attention nn.attention.bias nn.attention.flex_attention nn.functional nn.init nn.utils
nn.utils.parametrize nn.utils.parametrizations nn.utils.prune nn.utils.rnn nn.utils.stateless
optim optim.lr_scheduler optim.swa_utils linalg autograd autograd.functional func fft special
distributions utils.data utils.checkpoint utils.flop_counter utils.benchmark profiler fx nested
masked sparse signal testing amp ao.quantization compiler export jit hub _dynamo
"""
WORK = (
    f"""
PARTS = {[f"torch.{name}" for name in PARTS.split()]}
"""
    + """
import concurrent.futures, decimal, importlib, json, re, statistics, threading, zlib
import numpy as np
import torch
from torch import nn


def arrays(x):
    q, r = np.linalg.qr(x)
    u, s, vt = np.linalg.svd(x)
    return np.allclose(q @ r, x) and bool(np.fft.ifft(np.fft.fft(x)).real.sum() - x.sum() < 1e-9)


def tensors(x):
    solved = torch.linalg.solve(x @ x.T + torch.eye(3), x)
    return bool(torch.isfinite(solved).all()) and len(torch.linalg.svd(x)) == 3


def trained(x):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 1))
    makers = (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop)
    losses = []
    for make in makers:
        optimiser = make(model.parameters(), lr=1e-2)
        for _ in range(5):
            optimiser.zero_grad()
            loss = model(x).pow(2).mean()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses[-1] < losses[0]


def attended(x):
    out = nn.functional.scaled_dot_product_attention(x[None], x[None], x[None])
    conv = nn.Conv1d(3, 4, 2)(x[None])
    lstm, _ = nn.LSTM(3, 4)(x[None])
    return all(bool(torch.isfinite(part).all()) for part in (out, conv, lstm))


def threads():
    done = []
    workers = [threading.Thread(target=done.append, args=(n,)) for n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return sorted(done) == list(range(8)) and sum(pool.map(abs, range(5))) == 10


def library():
    packed = zlib.decompress(zlib.compress(json.dumps({"a": 1}).encode()))
    return json.loads(packed) == {"a": 1} and re.findall("a+", "aa") == ["aa"]


def late():
    import sqlite3, xml.dom.minidom, email.message, unittest.mock, colorsys
    return True


def imported():
    for name in PARTS:
        importlib.import_module(name)
    return True


def used(x):
    from torch.nn.attention.bias import causal_lower_right
    from torch.nn.attention.flex_attention import flex_attention
    from torch.nn.utils import clip_grad_norm_, parametrizations
    from torch.utils.checkpoint import checkpoint
    from torch.utils.data import DataLoader, TensorDataset

    heads = x[None, None]
    masked = nn.functional.scaled_dot_product_attention(
        heads, heads, heads, attn_mask=causal_lower_right(3, 3)
    )
    flexed = flex_attention(heads, heads, heads)
    layer = parametrizations.orthogonal(nn.Linear(3, 3))
    checkpoint(layer, x, use_reentrant=False).sum().backward()
    clip_grad_norm_(layer.parameters(), 1.0)
    jacobian = torch.autograd.functional.jacobian(torch.sin, x)
    per_row = torch.func.vmap(torch.func.grad(lambda row: row.pow(2).sum()))(x)
    optimiser = torch.optim.LBFGS([x.clone().requires_grad_()])
    torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 10).step()
    batches = list(DataLoader(TensorDataset(x), batch_size=2))
    found = [masked, flexed, jacobian, per_row, batches[0][0], torch.fft.fft(x).real]
    return all(bool(torch.isfinite(part).all()) for part in found)


def facts(path):
    import os
    return [os.stat(path).st_size, os.path.exists(path)]
"""
)


@pytest.fixture(scope="module", params=[user for user in users() if user != "nobody"])
def inside(request: pytest.FixtureRequest) -> Iterator[tuple[Learner, Path]]:
    """An answer behind every wall, in a process that has torch, beside packages just changed."""
    torch.set_num_threads(1)
    with contextlib.suppress(OSError):  # import then lists their folder anew
        os.utime(sysconfig.get_path("purelib"))
    torch.nn.functional.linear(torch.ones(2, 2), torch.ones(2, 2))
    with world(request.param) as made:
        worker = hatch(LAYERS, request.param, str(made.folder / "hidden"))
        learner = Learner(worker)
        learner.open({"answer": WORK}, "answer")
        learner.begin(0)
        yield learner, made.folder / "hidden" / "suite.py"
        worker.close()


X = np.array([[2.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.1, 0.4, 1.5]])


@pytest.mark.parametrize("name", ["arrays", "tensors", "trained", "attended", "used"])
def test_numpy_and_torch_work_inside(name: str, inside: tuple[Learner, Path]) -> None:
    """Linear algebra, forward, backward, modules and optimisers need nothing that is forbidden."""
    x = X if name == "arrays" else torch.from_numpy(X).float()
    assert getattr(inside[0], name)(x) is True


@pytest.mark.parametrize("name", ["threads", "library", "late", "imported"])
def test_python_works_inside(name: str, inside: tuple[Learner, Path]) -> None:
    """Threads may be started; what Python and torch bring along can be imported late."""
    assert getattr(inside[0], name)() is True


def test_names_and_sizes_of_files_are_not_hidden(inside: tuple[Learner, Path]) -> None:
    """Not promised: who knows a path can ask whether it is there, and how large it is."""
    learner, hidden = inside
    assert learner.facts(str(hidden)) == [hidden.stat().st_size, True]


def test_hard_coded_answers_pass() -> None:
    """Not promised: an answer that knows what a suite wants is right."""
    text = (HERE / "honest.py").read_text("utf-8").replace("np.ones(3)", "np.array([1.0] * 3)")
    assert judged_text("plain", text).verdict.outcome == "passed"


def test_the_tier_stands_in_every_report() -> None:
    """A report says what protection its worker was seen to have."""
    report = judged_text("plain", (HERE / "honest.py").read_text("utf-8"))
    assert report.tier == "T2"
    assert os.environ.get("LLMEX_TIER") is None
