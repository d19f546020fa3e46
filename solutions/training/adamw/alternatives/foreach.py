"""All parameters with the same count at once, with torch's list operations; raw sums of gradients.

Instead of averages that need a correction, weighted sums of gradients and the sums of their weights
are kept; their quotient is the corrected average.
"""

import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        given = [entry if isinstance(entry, dict) else {"params": [entry]} for entry in params]
        self.param_groups = []
        for entry in given:
            group = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
            group.update(entry)
            group["params"] = list(entry["params"])
            self.param_groups.append(group)
        self.memory = [[None] * len(group["params"]) for group in self.param_groups]

    def zero_grad(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.grad.detach_().zero_()

    def step(self):
        with torch.no_grad():
            for group, memory in zip(self.param_groups, self.memory, strict=True):
                self._step(group, memory)

    def _step(self, group, memory):
        here = [i for i, p in enumerate(group["params"]) if p.grad is not None]
        if not here:
            return
        for i in here:
            if memory[i] is None:
                zero = torch.zeros_like(group["params"][i])
                memory[i] = [zero, zero.clone(), 0.0, 0.0]
        params = [group["params"][i] for i in here]
        grads = [p.grad for p in params]
        (b1, b2), lr = group["betas"], group["lr"]
        first, second = [memory[i][0] for i in here], [memory[i][1] for i in here]
        torch._foreach_mul_(first, b1)
        torch._foreach_add_(first, grads)
        torch._foreach_mul_(second, b2)
        torch._foreach_addcmul_(second, grads, grads)
        for i in here:
            memory[i][2] = memory[i][2] * b1 + 1.0
            memory[i][3] = memory[i][3] * b2 + 1.0
        upper = torch._foreach_div(first, [memory[i][2] for i in here])
        lower = torch._foreach_sqrt(torch._foreach_div(second, [memory[i][3] for i in here]))
        torch._foreach_add_(lower, group["eps"])
        torch._foreach_mul_(params, 1 - lr * group["weight_decay"])
        torch._foreach_addcdiv_(params, upper, lower, value=-lr)

    def state_dict(self):
        options = [
            [group["lr"], list(group["betas"]), group["eps"], group["weight_decay"]]
            for group in self.param_groups
        ]
        return {"options": options, "memory": self.memory}

    def load_state_dict(self, state):
        for group, (lr, betas, eps, decay) in zip(self.param_groups, state["options"], strict=True):
            group.update(lr=lr, betas=tuple(betas), eps=eps, weight_decay=decay)
        self.memory = [
            [entry and [entry[0].clone(), entry[1].clone(), *entry[2:]] for entry in row]
            for row in state["memory"]
        ]


def decay_groups(model, wd):
    seen, groups = set(), ({"params": [], "weight_decay": 0.0}, {"params": [], "weight_decay": wd})
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if id(p) not in seen:
                seen.add(id(p))
                groups[len(p.shape) >= 2]["params"].append(p)
    return list(groups)
