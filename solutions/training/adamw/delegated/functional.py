"""The function behind torch.optim.AdamW, on state of one's own in an Optimizer."""

import torch
from torch.optim import Optimizer
from torch.optim._functional import adamw


class AdamW(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, options)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            for p in params:
                if not self.state[p]:
                    self.state[p]["t"] = torch.zeros(())
                    self.state[p]["m"], self.state[p]["v"] = (
                        torch.zeros_like(p),
                        torch.zeros_like(p),
                    )
            columns = [[self.state[p][key] for p in params] for key in ("m", "v", "t")]
            adamw(
                params,
                [p.grad for p in params],
                columns[0],
                columns[1],
                [],
                columns[2],
                foreach=False,
                amsgrad=False,
                beta1=group["betas"][0],
                beta2=group["betas"][1],
                lr=group["lr"],
                weight_decay=group["weight_decay"],
                eps=group["eps"],
                maximize=False,
            )


def decay_groups(model, wd):
    decays = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": decays, "weight_decay": wd}, {"params": rest, "weight_decay": 0.0}]
