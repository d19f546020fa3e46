"""Algorithm 2 of Loshchilov and Hutter: both parts of the step are taken from the old weight."""

import torch


class _Memory:
    """What one parameter has gathered."""

    def __init__(self, like):
        self.count, self.mean, self.square = 0, like.new_zeros(like.shape), like.new_zeros(())

    def direction(self, grad, beta1, beta2, eps):
        self.count += 1
        self.mean = self.mean + (1 - beta1) * (grad - self.mean)
        self.square = self.square + (1 - beta2) * (grad * grad - self.square)
        corrected = self.square / (1 - beta2**self.count)
        return self.mean / (1 - beta1**self.count) / (corrected**0.5 + eps)


class AdamW:
    OPTIONS = ("lr", "betas", "eps", "weight_decay")

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        defaults = dict(zip(self.OPTIONS, (lr, betas, eps, weight_decay), strict=True))
        params = tuple(params)
        if not isinstance(params[0], dict):
            params = ({"params": params},)
        self.param_groups = [defaults | dict(g) for g in params]
        for g in self.param_groups:
            g["params"] = list(g["params"])
        self.memories = {}

    def pairs(self):
        for g in self.param_groups:
            for p in g["params"]:
                yield p, g

    def zero_grad(self):
        for p, _ in self.pairs():
            p.grad = None

    def step(self):
        for p, g in self.pairs():
            if p.grad is None:
                continue
            old = p.detach()
            memory = self.memories.setdefault(id(p), _Memory(old))
            move = memory.direction(p.grad.detach(), *g["betas"], g["eps"])
            p.data = old - g["lr"] * (move + g["weight_decay"] * old)

    def state_dict(self):
        state = {"options": [{key: g[key] for key in self.OPTIONS} for g in self.param_groups]}
        for number, (p, _) in enumerate(self.pairs()):
            if id(p) in self.memories:
                state[str(number)] = dict(vars(self.memories[id(p)]))
        return state

    def load_state_dict(self, state):
        for g, options in zip(self.param_groups, state["options"], strict=True):
            g |= options
        self.memories = {}
        for number, (p, _) in enumerate(self.pairs()):
            if str(number) in state:
                memory = self.memories[id(p)] = _Memory(p)
                vars(memory).update(state[str(number)])


def decay_groups(model, wd):
    params = torch.nn.ParameterList(model.parameters())
    decays = [p for p in params if p.ndim not in (0, 1)]
    rest = [p for p in params if all(p is not other for other in decays)]
    return [{"params": decays, "weight_decay": wd}, {"params": rest, "weight_decay": 0.0}]
