"""The model's parts one by one, each by its name, with torch.nn.init."""

from torch import nn
from torch.nn import init


def constant_(*parts):
    for part in parts:
        if part.bias is not None:
            init.zeros_(part.bias)


def init_gpt2(model, n_layer):
    for table in (model.wte, model.wpe, model.head):
        init.normal_(table.weight, mean=0.0, std=0.02)
    norms = [model.ln_f]
    for block in model.blocks:
        norms += [block.ln1, block.ln2]
        for reads in (block.attn.qkv, block.mlp.fc):
            init.normal_(reads.weight, std=0.02)
            constant_(reads)
        for writes in (block.attn.proj, block.mlp.proj):
            init.normal_(writes.weight, std=0.02 * (2 * n_layer) ** -0.5)
            constant_(writes)
    for norm in norms:
        init.ones_(norm.weight)
        constant_(norm)


def tie_weights(model):
    setattr(model.head, "weight", model.wte.weight)  # noqa: B010
    assert isinstance(model.head.weight, nn.Parameter)
