"""A subclass of torch.optim.Optimizer, which keeps groups, state and state_dict; fused updates."""

import math

import torch
from torch.optim import Optimizer


class AdamW(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, options)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["step"] = torch.zeros(())
                    state["exp_avg"] = torch.zeros_like(p)
                    state["exp_avg_sq"] = torch.zeros_like(p)
                state["step"] += 1
                t, m, v = state["step"].item(), state["exp_avg"], state["exp_avg_sq"]
                m.lerp_(p.grad, 1 - b1)
                v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                root = v.sqrt().div_(math.sqrt(1 - b2**t)).add_(group["eps"])
                p.addcdiv_(m, root, value=-group["lr"] / (1 - b1**t))


def decay_groups(model, wd):
    decay, rest = {}, {}
    for name, p in model.named_parameters():
        (decay if p.dim() > 1 else rest)[name] = p
    groups = [{"params": list(rest.values()), "weight_decay": 0.0}]
    return [*groups, {"params": list(decay.values()), "weight_decay": wd}]
