"""The fixture `training`: a suite hands the run's `step` to an answer, and the losses come in.

Whatever an answer does with that function, the judge stays well: a report that makes no sense
fails the check, and an answer that goes on reporting after that is ended.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from llmex.grader.difference import plain_number
from llmex.grader.literal import short, type_word
from llmex.grader.report import Run, Sentence
from llmex.grader.trace import LearnerFault

MOST_POINTS = 400
"""So many points of a loss curve are kept."""
MOST_STEPS = 1_000_000
MOST_TEXT = 4000  # characters of a sample
_EVERY = 0.2  # seconds between two events
_PATIENCE = 1000  # reports after the first that makes no sense

NOT_A_STEP = "The training reported {got} as a step: it must be a whole number."
WRONG_START = "The first step that the training reported is {got}: steps begin at 0 or 1."
WRONG_ORDER = "The training reported step {got} after step {before}: each comes once, in order."
TOO_MANY = "The training reported more than its {steps} steps."
TOO_FEW = "The training reported {reached} of its {steps} steps."
OVER = "The training reported a step after its end."
NOT_A_LOSS = "The training reported {got} as the loss of step {step}: it must be a number."
DIVERGED = "The loss of step {step} is {got}: the training has diverged."
NO_VALUE = "The loss that was measured after the training is {got}: it must be a finite number."
NO_TEXT = "A sample of what the model writes must be text, not {got}."
FLOODED = "It went on to report steps that make no sense, more than {most} times."

Halt = Callable[[Sentence], NoReturn]
Hear = Callable[[dict[str, Any]], None]


class RunFault(LearnerFault):
    """A training reported what no training can."""


class Training:
    """What a check's `training` is: it begins runs."""

    def __init__(self, check: str, runs: list[LiveRun], halt: Halt, hear: Hear) -> None:
        self._check, self._runs, self._halt, self._hear = check, runs, halt, hear

    def begin(
        self, *, steps: int, unit: str = "nats", baselines: Mapping[str, float] | None = None
    ) -> LiveRun:
        """A run of `steps` updates whose losses are in `unit`; `baselines` are lines to compare.

        Raises ValueError where the suite asks for what cannot be.
        """
        if not 1 <= steps <= MOST_STEPS:
            raise ValueError(f"a training has 1 to {MOST_STEPS} steps, not {steps}")
        lines = {str(name): float(value) for name, value in (baselines or {}).items()}
        if not all(map(math.isfinite, lines.values())):
            raise ValueError("a baseline is a finite number")
        run = LiveRun(self._check, int(steps), str(unit), lines, self._halt, self._hear)
        self._runs.append(run)
        return run


class LiveRun:
    """One training while it runs. `losses` are all that came in: (step, loss) in order."""

    def __init__(
        self,
        check: str,
        steps: int,
        unit: str,
        baselines: Mapping[str, float],
        halt: Halt,
        hear: Hear,
    ) -> None:
        self._check, self._steps, self._unit, self._baselines = check, steps, unit, baselines
        self._halt, self._hear = halt, hear
        self.losses: list[tuple[int, float]] = []
        self._samples: list[tuple[int, str]] = []
        self._value: float | None = None
        self._gate: tuple[float, float] | None = None
        self._fault: RunFault | None = None
        self._nonsense = 0
        self._over = False
        self._began, self._told, self._seconds = time.monotonic(), -math.inf, 0.0

    # -- for the suite -----------------------------------------------------------------------

    def step(self, step: Any, loss: Any) -> None:
        """Hear of one update; may be handed to the answer as its callback.

        The first step is 0 or 1, each other one is the next. RunFault for anything else, for a
        loss that is no finite number, and for more steps than the run has.
        """
        if self._fault is not None:
            self._nonsense += 1
            if self._nonsense > _PATIENCE:
                self._halt(Sentence(FLOODED, {"most": _PATIENCE}))
            raise self._fault
        number = self._numbered(step)
        self.losses.append((number, self._measured(number, loss)))
        if len(self.losses) == self._steps:
            self._seconds = round(time.monotonic() - self._began, 3)
        self._tell()

    def sample(self, step: int, text: Any) -> None:
        """Keep what the model writes after so many steps; RunFault if that is no text."""
        if type(text) is not str:
            self._fail(NO_TEXT, got=type_word(text))
        self._samples.append((int(step), text[:MOST_TEXT]))

    def finish(self, value: Any, gate: tuple[float, float]) -> float:
        """End the run with the loss that the suite measured, to lie within `gate`; the loss.

        The gate is shown; it is for the suite to say what a loss below or above it means.
        RunFault where a step was not reported or the loss is no finite number.
        """
        self._over = True
        if len(self.losses) < self._steps:
            self._fail(TOO_FEW, reached=len(self.losses), steps=self._steps)
        number = _number(value)
        if number is None or not math.isfinite(number):
            self._fail(NO_VALUE, got=short(value))
        self._value, self._gate = number, (float(gate[0]), float(gate[1]))
        return number

    # -- for the session -----------------------------------------------------------------------

    def close(self) -> None:
        """The check is over: no step counts any more."""
        if not self._seconds:
            self._seconds = round(time.monotonic() - self._began, 3)
        self._over = True

    def record(self) -> Run:
        """What is kept of the run."""
        return Run(
            check=self._check,
            unit=self._unit,
            steps=self._steps,
            reached=len(self.losses),
            losses=thinned(self.losses),
            baselines=self._baselines,
            samples=tuple(self._samples),
            value=self._value,
            gate=self._gate,
            seconds=self._seconds,
        )

    # -- what came in --------------------------------------------------------------------------

    def _numbered(self, step: Any) -> int:
        number = plain_number(step)
        if type(number) is not int:
            self._fail(NOT_A_STEP, got=short(step))
        if self._over:
            self._fail(OVER)
        if len(self.losses) == self._steps:
            self._fail(TOO_MANY, steps=self._steps)
        if not self.losses and number not in (0, 1):
            self._fail(WRONG_START, got=short(number))
        if self.losses and number != self.losses[-1][0] + 1:
            self._fail(WRONG_ORDER, got=short(number), before=self.losses[-1][0])
        return number

    def _measured(self, step: int, loss: Any) -> float:
        number = _number(loss)
        if number is None:
            self._fail(NOT_A_LOSS, got=short(loss), step=step)
        if not math.isfinite(number):
            self._fail(DIVERGED, got=short(number), step=step)
        return number

    def _fail(self, text: str, **fields: Any) -> NoReturn:
        self._fault = RunFault(Sentence(text, fields))
        raise self._fault

    def _tell(self) -> None:
        """Say how far it is: the first step, the last, and a few each second between them."""
        now, reached = time.monotonic(), len(self.losses)
        if reached not in (1, self._steps) and now - self._told < _EVERY:
            return
        self._told = now
        self._hear(
            {
                "event": "step",
                "check": self._check,
                "step": reached,
                "steps": self._steps,
                "loss": self.losses[-1][1],
                "unit": self._unit,
                "seconds": round(now - self._began, 3),
            }
        )


def thinned(
    losses: list[tuple[int, float]], most: int = MOST_POINTS
) -> tuple[tuple[int, float], ...]:
    """At most `most` points of a curve: the first as it is, then means of stretches of one length.

    A mean stands at the last step of its stretch, so that the last step is always there.
    """
    if len(losses) <= most:
        return tuple(losses)
    first, rest = losses[0], losses[1:]
    count = most - 1
    cuts = [len(rest) * i // count for i in range(count + 1)]
    stretches = [rest[a:b] for a, b in itertools.pairwise(cuts)]
    means = [(part[-1][0], math.fsum(loss / len(part) for _, loss in part)) for part in stretches]
    return (first, *means)


def _number(value: Any) -> float | None:
    """A learner's number as a float, which may be infinite; None for what is none."""
    number = plain_number(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    try:
        return float(number)
    except OverflowError:
        return math.inf
