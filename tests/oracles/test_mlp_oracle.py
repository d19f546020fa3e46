"""The solution of `mlp-manual-backprop` and its alternatives against torch's autograd."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch.nn import functional as F

FOLDER = Path(__file__).parents[2] / "solutions" / "neural_networks" / "mlp-manual-backprop"
ANSWERS = [FOLDER / "solution.py", *sorted((FOLDER / "alternatives").glob("*.py"))]


def load(path: Path) -> ModuleType:
    """An answer as a module."""
    spec = importlib.util.spec_from_file_location(f"mlp_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("scale", [1.0, 1000.0], ids=["usual", "large"])
@pytest.mark.parametrize("size", [(1, 2, 3, 4), (6, 5, 4, 3), (7, 4, 4, 4), (40, 9, 17, 23)])
def test_loss_and_gradients_are_torch_s(
    path: Path, scale: float, size: tuple[int, int, int, int]
) -> None:
    """Loss and gradients in float64 are those of torch, also for logits in the thousands."""
    answer, rng = load(path), np.random.default_rng(sum(size))
    N, D, H, V = size
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, V), "b2": (V,)}
    params = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    params["W2"] *= scale
    X, y = rng.standard_normal((N, D)), rng.integers(V, size=N)

    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    h = torch.tanh(torch.tensor(X) @ leaves["W1"] + leaves["b1"])
    want = F.cross_entropy(h @ leaves["W2"] + leaves["b2"], torch.tensor(y))
    want.backward()  # type: ignore[no-untyped-call]

    loss, cache = answer.forward(params, X, y)
    grads = answer.backward(params, cache)
    np.testing.assert_allclose(loss, want.item(), rtol=1e-12)
    for name, leaf in leaves.items():
        assert leaf.grad is not None
        np.testing.assert_allclose(grads[name], leaf.grad.numpy(), rtol=1e-9, atol=1e-10 * scale)
