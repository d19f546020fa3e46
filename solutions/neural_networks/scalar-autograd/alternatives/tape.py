"""One tape for all Values: an operation is a line on it, and backward reads it from the end."""

import weakref

import numpy as np

TAPE = []  # (the inputs' places, the slopes along them)
VALUES = weakref.WeakValueDictionary()  # a place on the tape -> the Value that stands there


class Value:
    def __init__(self, data, places=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.place = len(TAPE)
        TAPE.append((places, slopes))
        VALUES[self.place] = self

    def apply(self, function, *others):
        """function gives the data and the slopes along self and the others."""
        inputs = [self, *(x if isinstance(x, Value) else Value(x) for x in others)]
        data, *slopes = function(*(x.data for x in inputs))
        return Value(data, [x.place for x in inputs], slopes)

    def __add__(self, other):
        return self.apply(lambda x, y: (x + y, 1.0, 1.0), other)

    def __sub__(self, other):
        return self.apply(lambda x, y: (x - y, 1.0, -1.0), other)

    def __mul__(self, other):
        return self.apply(lambda x, y: (x * y, y, x), other)

    def __truediv__(self, other):
        return self.apply(lambda x, y: (x / y, 1 / y, -x / y**2), other)

    def __rsub__(self, other):
        return self.apply(lambda x, y: (y - x, -1.0, 1.0), other)

    def __rtruediv__(self, other):
        return self.apply(lambda x, y: (y / x, -y / x**2, 1 / x), other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return 0.0 - self

    def __pow__(self, exponent):
        return self.apply(lambda x: (x**exponent, exponent * x ** (exponent - 1)))

    def exp(self):
        return self.apply(lambda x: (np.exp(x), np.exp(x)))

    def log(self):
        return self.apply(lambda x: (np.log(x), 1 / x))

    def tanh(self):
        return self.apply(lambda x: (np.tanh(x), 1 - np.tanh(x) ** 2))

    def relu(self):
        return self.apply(lambda x: (np.maximum(x, 0.0), np.heaviside(x, 0.0)))

    def backward(self):
        flow = np.zeros(self.place + 1)
        flow[-1] = 1.0
        for place in range(self.place, -1, -1):
            if flow[place]:
                for below, slope in zip(*TAPE[place], strict=True):
                    flow[below] += flow[place] * slope
                if place in VALUES:
                    VALUES[place].grad += flow[place]

    def zero_grad(self):
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data})"
