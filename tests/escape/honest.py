"""An honest answer to the plain exercise."""

from __future__ import annotations

from typing import Any

import numpy as np


def array() -> Any:
    return np.ones(3)


def number() -> int:
    return 3


def real() -> float:
    return 1.5


def flag() -> bool:
    return True


def text() -> str:
    return "yes"


def items() -> list[int]:
    return [1, 2, 3]


def pair() -> tuple[int, int]:
    return (1, 2)


def mapping() -> dict[str, float]:
    return {"a": 1.0}


def members() -> set[int]:
    return {1, 2}


def nothing() -> None:
    return None
