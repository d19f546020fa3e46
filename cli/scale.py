"""The scale of a loss curve: from where to where it is drawn, and which round numbers stand by it.

The curve in a terminal and the picture beside an answer are drawn on the same one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from llmex.grader.report import Run

FARTHEST = 1e30  # a loss beyond it is drawn there
TICKS = 4


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, with round `ticks` between them."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Where a value lies: 0 at the bottom, 1 at the top; what is beyond lies at the edge."""
        part = (bounded(value) - self.low) / (self.high - self.low)
        return min(max(part, 0.0), 1.0)


def bounded(value: float) -> float:
    """A number with which one can still compute."""
    return min(max(value, -FARTHEST), FARTHEST)


def losses_scale(run: Run) -> Scale:
    """The losses of a run with its baselines and the loss measured at the end.

    A few losses far above all others run out of the picture, so that the rest can be seen.
    """
    losses = sorted(bounded(loss) for _, loss in run.losses)
    lines = [bounded(value) for value in (*run.baselines.values(), *measured_in(run))]
    low = min([losses[0], *lines])
    usual = max([losses[len(losses) * 49 // 50], *lines])
    high = max([losses[-1], *lines])
    if high - low > 2 * (usual - low):
        high = usual
    if high - low < 1e-9 * max(abs(high), 1.0):
        low, high = low - 0.5 * max(abs(low), 1.0), high + 0.5 * max(abs(high), 1.0)
    room = 0.03 * (high - low)
    return Scale(low - room, high + room, tuple(round_numbers(low - room, high + room)))


def measured_in(run: Run) -> tuple[float, ...]:
    """The loss measured at the end, if it came to that."""
    return () if run.value is None else (run.value,)


def steps_scale(run: Run) -> Scale:
    """The steps, from the first to the last that there should be."""
    first = run.losses[0][0]
    last = max(first + run.steps - 1, run.losses[-1][0])
    if last == first:
        first, last = first - 1, last + 1
    return Scale(first, last, tuple(n for n in round_numbers(first, last) if n == int(n)))


def round_numbers(low: float, high: float, most: int = TICKS) -> list[float]:
    """At most `most` + 1 round numbers, evenly spaced, from `low` to `high`."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]
