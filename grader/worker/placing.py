"""Values that live in the worker: placed ones, and the named parameters of a module."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def place(value: Any, parameter: bool) -> Any:
    """The value as it shall live here: a Parameter if asked for."""
    if not parameter:
        return value
    return sys.modules["torch"].nn.Parameter(value.detach())


def value_of(thing: Any) -> Any:
    """What crosses by value of a thing: a tensor without its graph."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(thing, torch.Tensor):
        return torch.Tensor.detach(thing)
    return thing


def grad_of(tensor: Any) -> Any:
    """A tensor's gradient, or None."""
    return None if tensor.grad is None else tensor.grad.detach()


def set_grad(tensor: Any, grad: Any) -> None:
    """Set a tensor's gradient; None removes it."""
    tensor.grad = None if grad is None else grad.detach()


def copy_into(thing: Any, value: Any) -> None:
    """Give a thing a new value in place: it stays the same object."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(thing, torch.Tensor):
        with torch.no_grad():
            thing.copy_(torch.as_tensor(value))
    elif isinstance(thing, np.ndarray):
        thing[...] = value
    elif isinstance(thing, dict):
        thing.clear()
        thing.update(value)
    else:
        thing[:] = value


def named(thing: Any) -> dict[str, Any]:
    """The tensors of a module by name; of a plain object, its arrays and tensors."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(thing, torch.nn.Module):
        found = dict(thing.named_buffers(remove_duplicate=False))
        return dict(thing.named_parameters(remove_duplicate=False)) | found
    kinds = (np.ndarray, torch.Tensor) if torch is not None else (np.ndarray,)
    own = getattr(thing, "__dict__", {})
    return {name: value for name, value in own.items() if isinstance(value, kinds)}


def own_names(thing: Any) -> list[str]:
    """The attributes that an object has of its own, a module's parameters and parts first."""
    own = getattr(thing, "__dict__", {})
    parts = [own.get(kind, {}) for kind in ("_parameters", "_modules", "_buffers")]
    named = [name for part in parts for name in part]
    return named or [name for name in own if not name.startswith("_")]


def shapes(thing: Any) -> dict[str, Any]:
    """The shape of each named parameter, buffers left out."""
    torch = sys.modules.get("torch")
    is_module = torch is not None and isinstance(thing, torch.nn.Module)
    found = thing.named_parameters(remove_duplicate=False) if is_module else named(thing).items()
    return {name: tuple(value.shape) for name, value in found}
