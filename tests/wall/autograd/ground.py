"""What the tests of gradients share."""

from __future__ import annotations

import torch

ANSWER = """
    import torch
    from torch import nn, Tensor

    def softmax(x, dim=-1):
        e = (x - x.amax(dim, keepdim=True)).exp()
        return e / e.sum(dim, keepdim=True)
    def weighted(params, x): return params["w"] * x + params["more"][0].sum()
    def split(x): return x * 2, x.detach() * 3, (x > 0), {"square": x ** 2}
    def identity(x): return x
    def none(x): return None
    def constant(x): return torch.ones(2)
    def add_(x, w):
        x.add_(w)
        return x
    def attention(q, k, v):
        w = softmax(q @ k.mT / q.shape[-1] ** 0.5)
        return w @ v, w
    def views(x): return x[0], x.T, x

    class Clipped(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x.clamp(0)
        @staticmethod
        def backward(ctx, g): return torch.full_like(g, 7)
    def clipped(x): return Clipped.apply(x)
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 1
        @staticmethod
        def backward(ctx, g): raise ValueError("no gradient")
    def broken(x): return Broken.apply(x)

    class LayerNorm(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(d))
            self.bias = nn.Parameter(torch.zeros(d))
        def forward(self, x):
            c = x - x.mean(-1, keepdim=True)
            return c * (c.pow(2).mean(-1, keepdim=True) + 1e-5).rsqrt() * self.weight + self.bias
    class Outer(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.inner = LayerNorm(d)
        def forward(self, x): return self.inner(x) * 2

    class Cache:
        def __init__(self): self.items = []
        def push(self, x): self.items.append(x * 2); return self
        def total(self): return torch.stack(self.items).sum(0)
        @property
        def last(self): return self.items[-1]

    def grad_of(x):
        leaf = x.detach().clone().requires_grad_()
        softmax(leaf).pow(2).sum().backward()
        return leaf.grad
    def uses_grad_mode(x): return torch.is_grad_enabled(), (x * 2).requires_grad
    def free_count():
        import gc
        gc.collect()
        return sum(isinstance(o, Tensor) and o.numel() == 54321 for o in gc.get_objects())
    def big(x): return x * 2 + 1
"""


def leaf(*shape: int, seed: int = 0) -> torch.Tensor:
    """A random float64 tensor that requires grad."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
