"""Right values with wrong gradients: zero, sign-flipped, doubled; a torch suite must tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from llmex.grader import delegation
from llmex.grader.author.spoiling import MARK

KINDS = {"zero": 0.0, "sign-flipped": -1.0, "doubled": 2.0}
_BELOW = Path(__file__).with_name("spoiling.py")


@dataclass(frozen=True)
class Injection:
    """A solution with one wrong gradient: the function or class, the kind, the whole source."""

    name: str
    kind: str
    source: str


def injections(solution: str, names: Sequence[str]) -> list[Injection]:
    """For each function or class in `names`: its gradients zero, sign-flipped and doubled."""
    return [
        Injection(name, kind, _spoilt(solution, [name], factor))
        for name in names
        for kind, factor in KINDS.items()
    ]


def probe(solution: str, stub: str) -> str:
    """The solution, which prints which of the stub's names have results with a gradient.

    A suite must call the name with floating tensors, or with parameters, for it to be found.
    """
    return _spoilt(solution, delegation.exported(stub), None)


def differentiable(printed: str) -> list[str]:
    """The names that a probe printed, each once."""
    lines = [line for line in printed.splitlines() if line.startswith(MARK)]
    return sorted({line.removeprefix(MARK) for line in lines})


def _spoilt(solution: str, names: Sequence[str], factor: float | None) -> str:
    below = _BELOW.read_text("utf-8")
    return f"{solution}\n\n{below}\n\nLlmexSpoiling(globals(), {list(names)!r}, {factor!r})\n"
