"""Every Value keeps a function that sends its gradient back; a counter tells their order."""

import itertools
import math

_ages = itertools.count()


class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad = data, 0.0
        self.parents = parents
        self.age = next(_ages)
        self.here = 0.0
        self.send = lambda: None

    def binary(self, other, data, to_self, to_other):
        out = Value(data, (self, other))

        def send():
            self.here += to_self * out.here
            other.here += to_other * out.here

        out.send = send
        return out

    def unary(self, data, slope):
        out = Value(data, (self,))

        def send():
            self.here += slope * out.here

        out.send = send
        return out

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return self.binary(other, self.data + other.data, 1.0, 1.0)

    def __sub__(self, other):
        other = Value.lift(other)
        return self.binary(other, self.data - other.data, 1.0, -1.0)

    def __mul__(self, other):
        other = Value.lift(other)
        return self.binary(other, self.data * other.data, other.data, self.data)

    def __truediv__(self, other):
        other = Value.lift(other)
        quotient = self.data / other.data
        return self.binary(other, quotient, 1 / other.data, -quotient / other.data)

    def __radd__(self, other):
        return Value.lift(other) + self

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rmul__(self, other):
        return Value.lift(other) * self

    def __rtruediv__(self, other):
        return Value.lift(other) / self

    def __neg__(self):
        return self.unary(-self.data, -1.0)

    def __pow__(self, exponent):
        return self.unary(self.data**exponent, exponent * self.data ** (exponent - 1))

    def exp(self):
        return self.unary(math.exp(self.data), math.exp(self.data))

    def log(self):
        return self.unary(math.log(self.data), 1 / self.data)

    def tanh(self):
        return self.unary(math.tanh(self.data), 1 / math.cosh(self.data) ** 2)

    def relu(self):
        return self.unary(max(0.0, self.data), float(self.data > 0))

    def backward(self):
        below, waiting = {self}, [self]
        while waiting:
            new = [p for p in waiting.pop().parents if p not in below]
            below.update(new)
            waiting.extend(new)
        for value in below:
            value.here = 0.0
        self.here = 1.0
        for value in sorted(below, key=lambda value: -value.age):
            value.send()
            value.grad += value.here

    def zero_grad(self):
        self.grad = 0.0

    def __repr__(self):
        return f"<{self.data:.4f} | {self.grad:.4f}>"
