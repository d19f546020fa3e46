"""Stands below a solution's own text in the worker, and makes the gradients of one name wrong.

It is read as text, never imported, and adds one name to those of the solution.
"""

from typing import Any

MARK = "llmex: gradients reach the result of "


class LlmexSpoiling:
    """Multiplies the gradients of what the functions and classes in `names` return by `factor`.

    Values stay as they are. A call from one of them to another is left alone: a sign that is
    flipped twice would be right. With `factor` None nothing is changed: what is printed says
    whose results depend smoothly on their floating arguments or on parameters.
    """

    def __init__(self, home: dict[str, Any], names: list[str], factor: float | None) -> None:
        import torch

        self.torch, self.factor, self.inside = torch, factor, False
        for name in names:
            thing = home.get(name)
            if isinstance(thing, type):
                self.spoil_class(thing, name)
            elif callable(thing):
                home[name] = self.around(thing, name)

    def spoil_class(self, cls: Any, name: str) -> None:
        """Its public methods, or what an autograd.Function gives back."""
        if issubclass(cls, self.torch.autograd.Function):
            cls.backward = staticmethod(self.around_backward(cls.backward, name))
            return
        for method, function in list(vars(cls).items()):
            public = not method.startswith("_") or method == "__call__"
            if public and hasattr(function, "__code__"):
                setattr(cls, method, self.around(function, name))

    def around(self, function: Any, name: str) -> Any:
        """The function with gradients spoilt, wherever it is not called from within."""
        import functools

        @functools.wraps(function)
        def around(*args: Any, **kwargs: Any) -> Any:
            if self.inside:
                return function(*args, **kwargs)
            self.inside = True
            try:
                if self.factor is None:
                    self.probe(function, name, args, kwargs)
                value = function(*args, **kwargs)
            finally:
                self.inside = False
            return value if self.factor is None else self.each(self.spoilt, value)

        return around

    def around_backward(self, function: Any, name: str) -> Any:
        """The backward of an autograd.Function, its results multiplied."""

        def backward(ctx: Any, *gradients: Any) -> Any:
            if self.factor is None:
                self.tell(name)
                return function(ctx, *gradients)
            return self.each(lambda value: value * self.factor, function(ctx, *gradients))

        return backward

    def spoilt(self, value: Any) -> Any:
        """The same tensor with a hook on its way back; a leaf has no way."""
        if value.grad_fn is None:
            return value
        same = value.view_as(value)
        same.register_hook(lambda gradient: gradient * self.factor)
        return same

    def probe(self, function: Any, name: str, args: Any, kwargs: Any) -> None:
        """Call it with arguments that require gradients, and see whether the result does."""
        import contextlib

        found: list[Any] = []
        with contextlib.suppress(Exception), self.torch.enable_grad():
            value = function(*self.each(self.lifted, args), **self.each(self.lifted, kwargs))
            self.each(lambda part: found.append(part.grad_fn), value)
        if any(found):
            self.tell(name)

    def lifted(self, value: Any) -> Any:
        """A copy that requires a gradient, of a floating tensor that does not."""
        if value.is_floating_point() and not value.requires_grad:
            return value.detach().clone().requires_grad_()
        return value

    def each(self, change: Any, value: Any) -> Any:
        """The value with `change` made to each tensor in it."""
        if isinstance(value, self.torch.Tensor):
            return change(value)
        if type(value) in (tuple, list):
            return type(value)([self.each(change, item) for item in value])
        if isinstance(value, tuple):
            return type(value)(*[self.each(change, item) for item in value])
        if type(value) is dict:
            return {key: self.each(change, item) for key, item in value.items()}
        return value

    def tell(self, name: str) -> None:
        """Print the name, where the judge can read it."""
        import sys

        sys.stdout.write(f"\n{MARK}{name}\n")
