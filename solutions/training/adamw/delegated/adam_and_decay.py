"""torch.optim.Adam without its own decay, and the decay before it by hand."""

import torch
from torch.optim import Adam


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        params = list(params)
        groups = params if isinstance(params[0], dict) else [{"params": params}]
        decays = [group.get("weight_decay", weight_decay) for group in groups]
        plain = [{**group, "weight_decay": 0.0} for group in groups]
        self.adam = Adam(plain, lr=lr, betas=betas, eps=eps)
        self.param_groups = self.adam.param_groups
        for group, decay in zip(self.param_groups, decays, strict=True):
            group["weight_decay"] = decay

    def zero_grad(self):
        self.adam.zero_grad()

    @torch.no_grad()
    def step(self):
        decays = [group["weight_decay"] for group in self.param_groups]
        for group, decay in zip(self.param_groups, decays, strict=True):
            for p in group["params"]:
                if p.grad is not None:
                    p.mul_(1 - group["lr"] * decay)
            group["weight_decay"] = 0.0
        self.adam.step()
        for group, decay in zip(self.param_groups, decays, strict=True):
            group["weight_decay"] = decay

    def state_dict(self):
        return self.adam.state_dict()

    def load_state_dict(self, state):
        self.adam.load_state_dict(state)
        self.param_groups = self.adam.param_groups


def decay_groups(model, wd):
    decays = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": decays, "weight_decay": wd}, {"params": rest, "weight_decay": 0.0}]
