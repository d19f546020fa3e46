"""Slopes in a generic operation; backward counts how many uses each Value still waits for."""

from collections import Counter, deque
from dataclasses import dataclass, field
from math import exp, log, tanh


@dataclass(eq=False, slots=True)
class Value:
    data: float
    grad: float = 0.0
    edges: list = field(default_factory=list, repr=False)

    def _op(data, *edges):
        return Value(data, 0.0, [(x, slope) for x, slope in edges if isinstance(x, Value)])

    def __add__(self, other):
        return Value._op(self.data + number(other), (self, 1), (other, 1))

    def __mul__(self, other):
        return Value._op(self.data * number(other), (self, number(other)), (other, self.data))

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return self * -1 + other

    def __neg__(self):
        return self * -1

    def __pow__(self, exponent):
        return Value._op(self.data**exponent, (self, exponent * self.data ** (exponent - 1)))

    def __truediv__(self, other):
        x, y = self.data, number(other)
        return Value._op(x / y, (self, 1 / y), (other, -x / y**2))

    def __rtruediv__(self, other):
        return Value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return Value._op(exp(self.data), (self, exp(self.data)))

    def log(self):
        return Value._op(log(self.data), (self, 1 / self.data))

    def tanh(self):
        return Value._op(tanh(self.data), (self, 1 - tanh(self.data) ** 2))

    def relu(self):
        return self * (1 if self.data > 0 else 0)

    def backward(self):
        uses, queue, seen = Counter(), deque([self]), {id(self)}
        while queue:
            for x, _ in queue.popleft().edges:
                uses[id(x)] += 1
                if id(x) not in seen:
                    seen.add(id(x))
                    queue.append(x)
        arrived, queue = Counter({id(self): 1.0}), deque([self])
        while queue:
            value = queue.popleft()
            value.grad += arrived[id(value)]
            for x, slope in value.edges:
                arrived[id(x)] += arrived[id(value)] * slope
                uses[id(x)] -= 1
                if not uses[id(x)]:
                    queue.append(x)

    def zero_grad(self):
        self.grad = 0.0


def number(x):
    return x.data if isinstance(x, Value) else x
