"""NumPy arrays and scalars and torch tensors as nodes: a dtype's name, a shape, and raw bytes.

Small ones lie in the body, large ones in a buffer of their own. Only plain number types cross;
shapes are checked against the bytes before an array is made.
"""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

NDARRAY: Any = np.ndarray
GENERIC: Any = np.generic
DTYPE: Any = np.dtype
INLINE = 1 << 14
_MOST_AXES = 32
_LARGEST_EMPTY = 1 << 16
_LOOSEST = 4  # storage at most so many times the numbers in it

_NUMPY = {
    np.dtype(kind).str: np.dtype(kind)
    for kind in (
        np.bool_, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
        np.float16, np.float32, np.float64, np.longdouble,
        np.complex64, np.complex128, np.clongdouble,
    )
}  # fmt: skip
# Torch's dtypes by name, with the NumPy type whose bytes are the same.
_TORCH = {
    "bool": "|b1", "uint8": "|u1", "int8": "|i1", "int16": "<i2", "int32": "<i4", "int64": "<i8",
    "uint16": "<u2", "uint32": "<u4", "uint64": "<u8",
    "float16": "<f2", "bfloat16": "<i2", "float32": "<f4", "float64": "<f8",
    "complex64": "<c8", "complex128": "<c16",
    "float8_e4m3fn": "|i1", "float8_e5m2": "|i1",
}  # fmt: skip
_VIEWED = {"bfloat16": "int16", "float8_e4m3fn": "int8", "float8_e5m2": "int8"}

Take = Callable[[Any], Any]


def dtype_name(dtype: Any) -> str | None:
    """The name of a plain number dtype in native byte order; None for any other."""
    name: str = dtype.str
    return name if name in _NUMPY and _NUMPY[name] == dtype else None


def dtype_of(name: str) -> np.dtype[Any]:
    """The dtype with that name."""
    return _NUMPY[name]


def torch_dtype_of(name: str) -> Any:
    """Torch's dtype with that name; any that torch has, but nothing else."""
    torch = sys.modules["torch"]
    dtype = vars(torch)[name]  # asked for a name of its own, torch may import half of itself
    if type(dtype) is not torch.dtype:
        raise ValueError("not a dtype")
    return dtype


def device_of(name: str) -> Any:
    """Torch's device with that name."""
    return sys.modules["torch"].device(name)


def array_node(value: Any, buffers: list[Any], layout: bool) -> list[Any] | None:
    """An array's fields; None if its dtype cannot cross. With `layout` its strides go along."""
    plain = value if type(value) is NDARRAY else np.ndarray.view(value, NDARRAY)
    name = dtype_name(plain.dtype)
    if name is None:
        native = plain.dtype.newbyteorder("=")
        name = dtype_name(native)
        if name is None or plain.ndim > _MOST_AXES:
            return None
        plain = plain.astype(native)
    strides = None
    if layout and not plain.flags.c_contiguous:
        strides = _strides([step // plain.itemsize for step in plain.strides], plain.shape)
    return [name, list(plain.shape), _bytes(plain, buffers), strides]


def _bytes(plain: Any, buffers: list[Any]) -> Any:
    if plain.nbytes <= INLINE:
        return plain.tobytes()
    buffers.append(np.ascontiguousarray(plain).reshape(-1).view(np.uint8).data)
    return len(buffers) - 1


def _strides(strides: list[int], shape: tuple[int, ...]) -> list[int] | None:
    """Strides worth keeping: not negative, and of a storage not much larger than the numbers."""
    if min(strides, default=0) < 0 or not math.prod(shape):
        return None
    extent = 1 + sum(step * (size - 1) for step, size in zip(strides, shape, strict=True))
    return strides if extent <= _LOOSEST * math.prod(shape) else None


def array_of(fields: list[Any], take: Take) -> Any:
    """The array with these fields: fresh, writable, exactly of type ndarray."""
    name, shape, where, strides = fields
    dtype = _NUMPY[name]
    if type(shape) is not list or len(shape) > _MOST_AXES:
        raise ValueError("a shape that is none")
    if not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError("a shape of wrong sizes")
    if max(shape, default=0) > _LARGEST_EMPTY and not math.prod(shape):
        raise ValueError("nothing at all in an enormous shape")
    raw = where if type(where) is bytes else take(where)
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise ValueError("a shape that its bytes do not fill")
    if dtype.kind == "b" and len(raw):
        bits = np.frombuffer(raw, np.uint8)
        raw = raw if bits.max() < 2 else (bits != 0).tobytes()  # true is 1, and nothing else
    if type(raw) is bytes:
        array = np.frombuffer(raw, dtype).reshape(shape).copy()
    else:
        array = np.frombuffer(raw, dtype).reshape(shape)
    return array if strides is None else _laid_out(array, strides)


def _laid_out(array: Any, strides: list[int]) -> Any:
    if len(strides) != array.ndim or _strides(strides, array.shape) is None:
        raise ValueError("strides that do not fit")
    extent = 1 + sum(step * (size - 1) for step, size in zip(strides, array.shape, strict=True))
    storage = np.zeros(extent, array.dtype)
    steps = [step * array.itemsize for step in strides]
    view = np.lib.stride_tricks.as_strided(storage, array.shape, steps)
    view[...] = array
    return view


def scalar_node(value: Any) -> list[Any] | None:
    """A NumPy scalar's fields; None if its dtype cannot cross."""
    name = dtype_name(value.dtype)
    return None if name is None else [name, np.ndarray.tobytes(np.asarray(value))]


def scalar_of(name: str, raw: bytes) -> Any:
    """The NumPy scalar with these fields."""
    (value,) = np.frombuffer(raw, _NUMPY[name])
    return value


def tensor_node(value: Any, buffers: list[Any], layout: bool) -> list[Any] | None:
    """A tensor's fields, read by torch's own methods; None if it is not a plain one on the CPU."""
    torch = sys.modules["torch"]
    kind = type(value)
    with contextlib.nullcontext() if kind in (torch.Tensor, torch.nn.Parameter) else _no_dispatch():
        requires_grad: bool = value.requires_grad
        plain = torch.Tensor.detach(value) if requires_grad else value
        if type(plain) is not torch.Tensor:
            plain = torch.Tensor.as_subclass(torch.Tensor.detach(plain), torch.Tensor)
        name = str(plain.dtype)[6:]
        if name not in _TORCH or plain.layout is not torch.strided or plain.device.type != "cpu":
            return None
        if name in _VIEWED or plain.is_conj() or plain.is_neg():
            plain = _readable(plain, name)
        array = plain.numpy()
        strides = None
        if layout and not value.is_contiguous():
            strides = _strides(list(value.stride()), tuple(value.shape))
    flags = (1 if requires_grad else 0) | (2 if issubclass(kind, torch.nn.Parameter) else 0)
    return [name, list(array.shape), _bytes(array, buffers), strides, flags]


def _no_dispatch() -> Any:
    """While it lasts, no subclass hears of what is done to it."""
    return sys.modules["torch"]._C.DisableTorchFunctionSubclass()


def _readable(plain: Any, name: str) -> Any:
    """The tensor in a form that NumPy has: no lazy signs, and a number type that it knows."""
    plain = plain.resolve_conj().resolve_neg()
    if name not in _VIEWED:
        return plain
    return plain.contiguous().view(getattr(sys.modules["torch"], _VIEWED[name]))


def tensor_of(fields: list[Any], take: Take) -> Any:
    """The tensor with these fields: fresh, exactly of type Tensor or Parameter."""
    torch = sys.modules["torch"]
    name, shape, where, strides, flags = fields
    array = array_of([_TORCH[name], shape, where, strides], take)
    tensor = torch.from_numpy(array)
    if name in _VIEWED:
        tensor = tensor.view(getattr(torch, name))
    if flags & 2:
        return torch.nn.Parameter(tensor, requires_grad=bool(flags & 1))
    return tensor.requires_grad_() if flags & 1 else tensor
