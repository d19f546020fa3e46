"""Scalar autograd: each result keeps its inputs and its slopes; backward walks from the end."""

from __future__ import annotations

import math


class Value:
    """A number that knows which Values it was made from, and how steep it is along each."""

    data: float
    grad: float

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self._inputs: tuple[tuple[Value, float], ...] = ()  # pairs (input, d self / d input)

    def __add__(self, other: Value | float) -> Value:
        other = _value(other)
        return _result(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = _value(other)
        return _result(self.data * other.data, (self, other.data), (other, self.data))

    def __neg__(self) -> Value:
        return _result(-self.data, (self, -1.0))

    def __pow__(self, exponent: float) -> Value:
        slope = exponent * self.data ** (exponent - 1)
        return _result(self.data**exponent, (self, slope))

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rtruediv__(self, other: float) -> Value:
        return self**-1 * other

    def exp(self) -> Value:
        y = math.exp(self.data)
        return _result(y, (self, y))

    def log(self) -> Value:
        return _result(math.log(self.data), (self, 1.0 / self.data))

    def tanh(self) -> Value:
        y = math.tanh(self.data)
        return _result(y, (self, 1.0 - y * y))

    def relu(self) -> Value:
        slope = 1.0 if self.data > 0 else 0.0
        return _result(slope * self.data, (self, slope))

    def backward(self) -> None:
        """Add d self / d node to every node below; `flow` holds this call's share alone.

        Were it kept in .grad, a second call would send on what the first has left there.
        """
        flow = {self: 1.0}
        for node in reversed(self._inputs_first()):  # so all uses of a node come before it
            node.grad += flow[node]
            for below, slope in node._inputs:
                flow[below] = flow.get(below, 0.0) + flow[node] * slope

    def _inputs_first(self) -> list[Value]:
        """Every node below, each after its inputs; with a stack, since recursion ends at 1000."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, inputs_done = stack.pop()
            if inputs_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((below, False) for below, _ in node._inputs)
        return order

    def zero_grad(self) -> None:
        self.grad = 0.0

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"


def _value(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def _result(data: float, *inputs: tuple[Value, float]) -> Value:
    value = Value(data)
    value._inputs = inputs
    return value
