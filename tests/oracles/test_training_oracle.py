"""Batches, training loop and sampling: solutions and alternatives beside torch and transformers."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROOT = Path(__file__).parents[2]
EXERCISES = ROOT / "exercises"
EARLIER = {  # name of the module -> its public stand-in
    f"{path.parts[-3]}.{path.parts[-2].replace('-', '_')}": path
    for path in sorted(EXERCISES.glob("*/*/provided.py"))
}


def answers(exercise: str) -> list[Path]:
    """The solution of an exercise, its alternatives and its public stand-in."""
    folder = ROOT / "solutions" / exercise
    others = sorted((folder / "alternatives").glob("*.py"))
    return [folder / "solution.py", *others, EXERCISES / exercise / "provided.py"]


def load(path: Path) -> ModuleType:
    """An answer as a module; dataclasses look theirs up by name."""
    name = f"oracle_{path.parent.name}_{path.stem}".replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _earlier(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Solutions import earlier answers: these are the public stand-ins."""
    for package in {name.partition(".")[0] for name in EARLIER}:
        monkeypatch.setitem(sys.modules, package, ModuleType(package))
    for name, path in EARLIER.items():
        monkeypatch.setitem(sys.modules, name, load(path))
    yield
    for name in [name for name in sys.modules if name.startswith("oracle_")]:
        del sys.modules[name]


class Wide(nn.Module):
    """An embedding, a norm and a head; it remembers what it has read with a graph."""

    def __init__(self, V: int) -> None:
        super().__init__()
        self.wte, self.ln, self.head = nn.Embedding(V, 6), nn.LayerNorm(6), nn.Linear(6, V)
        self.read: list[Tensor] = []

    def forward(self, idx: Tensor) -> Tensor:
        """Logits (B, T, V)."""
        if torch.is_grad_enabled():
            self.read.append(idx)
        logits: Tensor = self.head(self.ln(self.wte(idx)))
        return logits


class Bare(nn.Module):
    """A model of transformers that gives bare logits, as the course's own models do."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner, self.cfg = inner, SimpleNamespace(n_ctx=32)

    def forward(self, idx: Tensor) -> Tensor:
        """Logits (B, T, V)."""
        logits: Tensor = self.inner(idx).logits
        return logits


def wide(V: int) -> Wide:
    """The same start each time, in float64."""
    torch.manual_seed(0)
    return Wide(V).double()


def trained_by_torch(model: Wide, batches: list[tuple[Tensor, Tensor]], cfg: Any) -> list[float]:
    """torch's AdamW, clipping and cosine on these batches; the losses."""
    groups: list[dict[str, Any]] = [
        {"params": [p for p in model.parameters() if p.ndim >= 2]},
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]
    options = {"betas": cfg.betas, "eps": cfg.eps, "weight_decay": cfg.weight_decay}
    optimizer = torch.optim.AdamW(groups, lr=cfg.max_lr, **options)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, cfg.steps, cfg.min_lr)
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), cfg.clip)
        optimizer.step()
        cosine.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("path", answers("gpt/train-loop"), ids=lambda path: path.stem)
@pytest.mark.parametrize("clip", [0.3, math.inf])
def test_training_is_torch_s(path: Path, clip: float) -> None:
    """On the batches that an answer has drawn, torch's own parts give its losses and weights."""
    answer, n = load(path), 60
    text = np.random.default_rng(0).permutation(n)  # each token tells what comes next
    follows = torch.empty(n, dtype=torch.int64)
    follows[torch.from_numpy(text[:-1])] = torch.from_numpy(text[1:])
    options = {"steps": 30, "batch": 5, "T": 7, "max_lr": 0.02, "min_lr": 0.004, "eps": 1e-3}
    cfg = answer.TrainConfig(**options, weight_decay=0.3, clip=clip, eval_every=7)

    model, beside = wide(n), wide(n)
    history = answer.train(model, {"train": text, "val": text[:20]}, cfg)
    losses = trained_by_torch(beside, [(x, follows[x]) for x in model.read], cfg)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-10)
    for p, q in zip(model.parameters(), beside.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=1e-9, atol=1e-11)
    assert history["eval_step"] == [7, 14, 21, 28, 30]
    whole = F.cross_entropy(model(torch.from_numpy(text[:19])), torch.from_numpy(text[1:20]))
    assert history["val_loss"][-1] == pytest.approx(whole.item(), rel=1e-12)


@pytest.mark.parametrize("path", answers("training/lm-batches"), ids=lambda path: path.stem)
def test_labels_shift_as_in_transformers(path: Path) -> None:
    """hf_style_loss is the loss that transformers' causal models give for the same labels."""
    utils = pytest.importorskip("transformers.loss.loss_utils")
    answer, draw = load(path), torch.Generator().manual_seed(0)
    for B, T, V in ((1, 2, 3), (3, 5, 7), (4, 11, 29)):
        logits = torch.randn(B, T, V, generator=draw)
        labels = torch.randint(V, (B, T), generator=draw)
        labels[:, 2::3] = -100
        want = utils.ForCausalLMLoss(logits, labels, V)
        torch.testing.assert_close(answer.hf_style_loss(logits, labels), want)
        torch.testing.assert_close(answer.lm_loss(logits[:, :-1], labels[:, 1:]), want)


@pytest.mark.parametrize("path", answers("gpt/sample-temperature"), ids=lambda path: path.stem)
def test_greedy_text_is_that_of_transformers(path: Path) -> None:
    """A small random GPT-2 writes the same at temperature 0 as transformers' own generate."""
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    size = {"vocab_size": 23, "n_positions": 32, "n_embd": 8, "n_layer": 2, "n_head": 2}
    theirs = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(**size, bos_token_id=0, eos_token_id=None, initializer_range=0.5)
    )

    answer, prompts = load(path), torch.randint(1, 23, (4, 3))
    free = answer.generate(Bare(theirs), prompts, 20, temperature=0)
    eos = int(free[0, 8])  # so one row ends early
    for end in (None, eos):
        options = {"do_sample": False, "max_new_tokens": 20, "eos_token_id": end}
        want = theirs.eval().generate(
            prompts, attention_mask=torch.ones_like(prompts), pad_token_id=eos, **options
        )
        got = answer.generate(Bare(theirs), prompts, 20, temperature=0, eos=end)
        assert got.shape == (4, 23)
        assert torch.equal(got[:, : want.shape[1]], want)
        assert (got[:, want.shape[1] :] == eos).all()
