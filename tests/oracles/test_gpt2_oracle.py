"""The solution of `gpt2-model`, its alternatives and its stand-in are transformers' GPT-2."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import torch

pytest.importorskip("transformers")

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "solutions" / "gpt" / "gpt2-model"
ANSWERS = [FOLDER / "solution.py", *sorted((FOLDER / "alternatives").glob("*.py"))]
ANSWERS += [ROOT / "exercises" / "gpt" / "gpt2-model" / "provided.py"]
TOPS = ("attention", "neural_networks")


def load(path: Path, name: str) -> ModuleType:
    """The module in `path`."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


freeze = load(Path(__file__).with_name("freeze_gpt2.py"), "freeze_gpt2")


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The solutions of earlier exercises, importable as in a workspace."""
    for top in TOPS:
        (tmp_path / top).mkdir()
        for path in (ROOT / "solutions" / top).glob("*/solution.py"):
            copy = tmp_path / top / f"{path.parent.name.replace('-', '_')}.py"
            copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in TOPS]:
        del sys.modules[name]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
@pytest.mark.usefixtures("earlier")
def test_logits_are_those_of_transformers(path: Path) -> None:
    """With the weights of a random GPT2LMHeadModel, the logits are its own within 1e-9."""
    answer = load(path, f"gpt2_{path.stem}")
    cfg = {"vocab_size": 53, "n_ctx": 17, "n_layer": 3, "n_head": 4, "d_model": 24}
    torch.manual_seed(1)
    library = freeze.library_gpt2(
        vocab_size=53, n_positions=17, n_layer=3, n_head=4, n_embd=24, initializer_range=0.5
    )
    model = answer.GPT(answer.GPTConfig(**cfg)).double().eval()
    parts = freeze.our_names(library, 3)
    model.load_state_dict(parts | {"head.weight": parts["wte.weight"]}, strict=False)
    assert {name for name, _ in model.named_parameters()} <= {*parts, "head.weight"}
    idx = torch.randint(53, (5, 17))
    with torch.no_grad():
        for t in (1, 6, 17):
            torch.testing.assert_close(
                model(idx[:, :t]), library(idx[:, :t]).logits, rtol=1e-9, atol=1e-9
            )


def test_frozen_logits_are_those_of_transformers() -> None:
    """The suite holds what the script prints today."""
    for row, want in zip(freeze.constant("LIBRARY"), freeze.frozen(), strict=True):
        assert row == pytest.approx(want, rel=0, abs=2e-9)
