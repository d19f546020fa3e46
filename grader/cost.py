"""What a check costs: processor time of the judge and of the answer, and the memory it takes."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, and megabytes of address space, which is what a limit counts.

    `memory_mb` is what the peak rose by: in a worker that has run other checks before, it is only
    what this one needed more. Zero where the system does not tell.
    """

    judge_s: float = 0.0
    answer_s: float = 0.0
    memory_mb: float = 0.0

    def since(self, before: Cost) -> Cost:
        """What was spent between two readings."""
        return Cost(
            round(self.judge_s - before.judge_s, 6),
            round(self.answer_s - before.answer_s, 6),
            round(self.memory_mb - before.memory_mb, 3),
        )


def reading(worker: int) -> Cost:
    """What this process and the worker with that process id have spent so far."""
    return Cost(time.process_time(), seconds_of(worker), _peak(worker))


def seconds_of(pid: int) -> float:
    """The processor time of a process in seconds; 0 where the system does not tell.

    Linux gives every process a clock of it, whose number is made of the id.
    """
    if sys.platform == "linux" and pid:
        with contextlib.suppress(OSError):
            return time.clock_gettime((~pid << 3) | 2)
    return 0.0


def _peak(pid: int) -> float:
    with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{pid}/status") as file:
        line = next((line for line in file if line.startswith("VmPeak:")), "VmPeak: 0 kB")
        return int(line.split()[1]) / 1024
    return 0.0
