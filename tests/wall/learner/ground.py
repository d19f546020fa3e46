"""The answer that the tests of a learner call."""

from __future__ import annotations

ANSWER = """
    import math
    import numpy as np
    import torch
    from torch import nn

    LIMITS = {"low": [1, 2], "high": (3,)}

    def identity(*args, **kwargs): return args[0] if args else kwargs
    def pair(x): return x, x
    def is_same(a, b): return a is b
    def kinds(*args): return [type(a).__name__ for a in args]
    def add_(x, y=1):
        x += y
        return x
    def fill_(w, generator=None):
        with torch.no_grad():
            return w.normal_(generator=generator)
    def draw(rng): return rng.random()
    def gauss(rng): return rng.gauss(0, 1)
    def torch_draw(generator): return torch.rand(3, generator=generator)
    def sort_(xs): xs.sort()
    def put(d, key, value): d[key] = value
    def deep(params): params["layers"][1]["W"][0] = 5.0
    def shuffle(xs): xs.reverse()
    def call(f, *args): return f(*args)
    def call_all(f, xs): return [f(x) for x in xs]
    def careful(f):
        try: return f()
        except RuntimeError as error: return "caught " + str(error)
    def take(items, n): return [next(items) for _ in range(n)]
    def chunks(items):
        for item in items: yield item.upper()
    def make_adder(n): return lambda x: x + n
    def contiguous(x): return x.is_contiguous(), x.stride()

    class Value:
        def __init__(self, data): self.data, self.grad = data, 0.0
        def _of(self, other): return other.data if isinstance(other, Value) else other
        def __add__(self, other): return Value(self.data + self._of(other))
        __radd__ = __add__
        def __sub__(self, other): return Value(self.data - self._of(other))
        def __rsub__(self, other): return Value(self._of(other) - self.data)
        def __mul__(self, other): return Value(self.data * self._of(other))
        __rmul__ = __mul__
        def __matmul__(self, other): return "matmul"
        def __rmatmul__(self, other): return "rmatmul"
        def __pow__(self, n): return Value(self.data ** n)
        def __neg__(self): return Value(-self.data)
        def __lt__(self, other): return self.data < self._of(other)
        def __eq__(self, other): return self.data == self._of(other)
        __hash__ = object.__hash__
        def __abs__(self): return abs(self.data)
        def __repr__(self): return f"Value({self.data})"
        def itself(self): return self
        @classmethod
        def zero(cls): return cls(0)

    class Box:
        def __init__(self, items): self.items = dict(items)
        def __len__(self): return len(self.items)
        def __getitem__(self, key): return self.items[key]
        def __setitem__(self, key, value): self.items[key] = value
        def __delitem__(self, key): del self.items[key]
        def __contains__(self, key): return key in self.items
        def __iter__(self): return iter(self.items)
        def __bool__(self): return bool(self.items)
        def __enter__(self): self.open = True; return self
        def __exit__(self, kind, error, tb):
            self.open, self.error = False, None if error is None else str(error)
            return False

    class LayerNorm(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.gamma = nn.Parameter(torch.ones(d))
            self.beta = nn.Parameter(torch.zeros(d))
            self.register_buffer("steps", torch.zeros(1))
        def forward(self, x): return x * self.gamma + self.beta

    def tie(m, other): m.gamma = other.gamma
"""
