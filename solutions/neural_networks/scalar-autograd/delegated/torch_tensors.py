"""A thin coat over a torch tensor, which does everything itself."""

import torch


class Value:
    def __init__(self, data):
        if not isinstance(data, torch.Tensor):
            data = torch.tensor(float(data), dtype=torch.float64, requires_grad=True)
        self.tensor = data
        self.tensor.retain_grad()

    @property
    def data(self):
        return self.tensor.item()

    @data.setter
    def data(self, number):
        self.tensor.data.fill_(number)

    @property
    def grad(self):
        return 0.0 if self.tensor.grad is None else self.tensor.grad.item()

    @grad.setter
    def grad(self, number):
        self.tensor.grad = torch.full_like(self.tensor, number)

    def __add__(self, other):
        return Value(self.tensor + bare(other))

    def __sub__(self, other):
        return Value(self.tensor - bare(other))

    def __rsub__(self, other):
        return Value(other - self.tensor)

    def __mul__(self, other):
        return Value(self.tensor * bare(other))

    def __truediv__(self, other):
        return Value(self.tensor / bare(other))

    def __rtruediv__(self, other):
        return Value(other / self.tensor)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return Value(-self.tensor)

    def __pow__(self, exponent):
        return Value(self.tensor**exponent)

    def exp(self):
        return Value(self.tensor.exp())

    def log(self):
        return Value(self.tensor.log())

    def tanh(self):
        return Value(self.tensor.tanh())

    def relu(self):
        return Value(self.tensor.relu())

    def backward(self):
        self.tensor.backward(retain_graph=True)

    def zero_grad(self):
        self.tensor.grad = None

    def __repr__(self):
        return f"Value({self.data}, grad={self.grad})"


def bare(x):
    return x.tensor if isinstance(x, Value) else x
