"""Make the logits that the checks of `gpt2-model` hold, with transformers 5.23.0.

Run `python tests/oracles/freeze_gpt2.py` and put what it prints into the suite. The model is built
from a config, nothing is downloaded.
"""

from __future__ import annotations

import ast
import importlib
import math
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

SUITE = Path(__file__).resolve().parents[2] / "solutions" / "gpt" / "gpt2-model" / "suite.py"
SIZES = {"vocab_size": 5, "n_positions": 4, "n_layer": 2, "n_head": 2, "n_embd": 6}
IDS = [[3, 0, 4]]
NAMES = {  # where transformers keeps what we call so; its four matrices are transposed
    "ln1": "ln_1", "attn.qkv": "attn.c_attn", "attn.proj": "attn.c_proj",
    "ln2": "ln_2", "mlp.fc": "mlp.c_fc", "mlp.proj": "mlp.c_proj",
}  # fmt: skip


def library_gpt2(**sizes: float) -> nn.Module:
    """A randomly initialised GPT2LMHeadModel in float64, without dropout."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    transformers = importlib.import_module("transformers")
    options: dict[str, Any] = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    options |= {"bos_token_id": None, "eos_token_id": None, **sizes}
    model: nn.Module = transformers.GPT2LMHeadModel(transformers.GPT2Config(**options))
    return model.double().eval()


def our_names(model: nn.Module, n_layer: int) -> dict[str, Tensor]:
    """Its parameters under our names and in our shapes: views, so that writing changes them."""
    theirs = dict(model.named_parameters())
    pairs = [("wte", "wte"), ("wpe", "wpe"), ("ln_f", "ln_f")]
    pairs += [(f"blocks.{i}.{a}", f"h.{i}.{b}") for i in range(n_layer) for a, b in NAMES.items()]
    found = {}
    for ours, name in pairs:
        weight = theirs[f"transformer.{name}.weight"]
        conv = ".attn." in ours or ".mlp." in ours
        found[f"{ours}.weight"] = weight.detach().T if conv else weight.detach()
        if f"transformer.{name}.bias" in theirs:
            found[f"{ours}.bias"] = theirs[f"transformer.{name}.bias"].detach()
    return found


def in_order(n_layer: int) -> list[str]:
    """Our names in the order in which the suite fills them."""
    layers = [f"blocks.{i}.{part}" for i in range(n_layer) for part in NAMES]
    both = [f"{name}.{kind}" for name in [*layers, "ln_f"] for kind in ("weight", "bias")]
    return ["wte.weight", "wpe.weight", *both]


def frozen() -> list[list[float]]:
    """The logits (T, V) for IDS, if parameter i holds sin((i + 1) k + i), k = 0, 1, ..."""
    model = library_gpt2(**SIZES)
    parts = our_names(model, SIZES["n_layer"])
    for i, name in enumerate(in_order(SIZES["n_layer"])):
        waves = torch.sin(torch.arange(math.prod(parts[name].shape)).double() * (i + 1) + i)
        parts[name].copy_(waves.view(parts[name].shape))
    with torch.no_grad():
        logits: Tensor = model(torch.tensor(IDS)).logits
    return [[round(value, 9) for value in row] for row in logits[0].tolist()]


def constant(name: str) -> Any:
    """A constant of the suite, read without running it."""
    for node in ast.parse(SUITE.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"the suite has no constant {name}")


if __name__ == "__main__":
    for line in frozen():
        print(f"    {line},")  # noqa: T201
