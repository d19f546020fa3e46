"""Scalar autograd: numbers that remember how they were made, and so can find their slopes."""

from __future__ import annotations


class Value:
    """A number in a graph: leaves are made from numbers, all others by an operation on Values.

    data: the number. grad: the slope of a result with respect to this number. It is 0.0 at the
    start, and `result.backward()` adds to it. A Python number may take the place of `other`, on
    either side of an operator.

    >>> a = Value(2.0)
    >>> y = a * a + 6 / a
    >>> y.data
    7.0
    >>> y.backward()
    >>> a.grad
    2.5
    """

    data: float
    grad: float

    def __init__(self, data: float) -> None:
        # TODO: what must a Value remember, besides its data and grad, so that it can go back?
        raise NotImplementedError

    def __add__(self, other: Value | float) -> Value:
        """self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> Value:
        """other + self, where other is a number; also what `sum` of a list of Values uses."""
        raise NotImplementedError

    def __sub__(self, other: Value | float) -> Value:
        """self - other."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> Value:
        """other - self, where other is a number."""
        raise NotImplementedError

    def __mul__(self, other: Value | float) -> Value:
        """self * other."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> Value:
        """other * self, where other is a number."""
        raise NotImplementedError

    def __truediv__(self, other: Value | float) -> Value:
        """self / other."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> Value:
        """other / self, where other is a number."""
        raise NotImplementedError

    def __neg__(self) -> Value:
        """-self."""
        raise NotImplementedError

    def __pow__(self, exponent: float) -> Value:
        """self ** exponent; the exponent is an int or a float, never a Value."""
        raise NotImplementedError

    def exp(self) -> Value:
        """e to the power of self."""
        raise NotImplementedError

    def log(self) -> Value:
        """The natural logarithm of self, which is above 0."""
        raise NotImplementedError

    def tanh(self) -> Value:
        """The hyperbolic tangent of self."""
        raise NotImplementedError

    def relu(self) -> Value:
        """self where it is above 0, else 0; the slope at 0 is 0."""
        raise NotImplementedError

    def backward(self) -> None:
        """Add d self / d v to the grad of every Value v that self was made from.

        Two Values with equal data are two Values. A Value that is used more than once is walked
        through once, with what all its uses send back. A second call adds the same once more:
        leaves then have exactly twice the gradient. Chains are thousands of Values long.
        """
        # TODO: in which order must the Values be visited?
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the grad of this Value (a leaf) to 0.0."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Any text that shows the data."""
        raise NotImplementedError
