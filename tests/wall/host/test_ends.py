"""Exits, crashes, endless loops and floods end one worker, and say how."""

from __future__ import annotations

import time
from typing import Any

import pytest

from llmex.grader.sandbox import SubjectStopped
from tests.wall.host.ground import WORKER_ONLY, stopped


def test_exits_are_named_with_their_code(seat: Any) -> None:
    """sys.exit and os._exit end the subject, and say with which code."""
    sentence = "It ended the Python interpreter with exit code {}."
    assert stopped(seat(WORKER_ONLY).leave, 3) == sentence.format(3)
    assert stopped(seat(WORKER_ONLY).leave, None) == sentence.format(0)
    assert stopped(seat(WORKER_ONLY).leave, "text") == sentence.format(1)
    assert stopped(seat(WORKER_ONLY).leave_hard, 7) == sentence.format(7)


def test_a_crash_is_named_by_its_signal(seat: Any) -> None:
    """A segmentation fault ends the worker and not the judge."""
    assert stopped(seat(WORKER_ONLY).crash) == "The interpreter crashed (SIGSEGV)."
    assert stopped(seat(WORKER_ONLY).kill) == "The system ended it (SIGKILL)."


@pytest.mark.parametrize("name", ["spin", "sleep", "stubborn"])
def test_what_does_not_end_is_stopped(seat: Any, name: str) -> None:
    """The wall clock stops a loop, a sleep, and what ignores signals."""
    learner = seat(WORKER_ONLY, wall_s=0.5)
    started = time.monotonic()
    assert stopped(getattr(learner, name)) == "It ran longer than 0.5 seconds and was stopped."
    assert time.monotonic() - started < 3


def test_processor_time_is_limited(seat: Any) -> None:
    """The limit of processor time ends a loop before the wall clock does."""
    learner = seat(WORKER_ONLY, cpu_s=1, wall_s=30)
    assert stopped(learner.spin) == "It used more than 1 seconds of processor time and was stopped."


@pytest.mark.parametrize("name", ["take", "take_array"])
def test_ten_gigabytes_are_too_much(seat: Any, name: str) -> None:
    """An allocation beyond the limit ends the subject and says what the limit is."""
    learner = seat(WORKER_ONLY, memory_mb=512)
    assert stopped(getattr(learner, name), 10) == "It asked for more than 512 MB of memory."


def test_torch_out_of_memory_is_named_too(seat: Any) -> None:
    """Torch's own error of its allocator is the same stop."""
    learner = seat("import torch\ndef f(): return torch.ones(10 << 28).sum()", memory_mb=512)
    assert stopped(learner.f) == "It asked for more than 512 MB of memory."


def test_a_hundred_megabytes_printed_end_it(seat: Any) -> None:
    """A flood of output is cut off at 16 MB."""
    assert stopped(seat(WORKER_ONLY).shout, 100) == "It printed more than 16 MB."


@pytest.mark.parametrize("name", ["forge", "hang_up"])
def test_a_broken_connection_is_a_stop(seat: Any, name: str) -> None:
    """Bytes of the answer's own on the connection, or its end, stop the subject."""
    text = stopped(getattr(seat(WORKER_ONLY), name))
    assert text.startswith(("It broke the connection", "It ended the Python interpreter"))


@pytest.mark.parametrize("guess", [-5, 2])
def test_a_forged_reply_puts_the_worker_out_of_step(seat: Any, guess: int) -> None:
    """An answer that writes replies itself is noticed at the latest with the next call."""
    learner = seat(WORKER_ONLY)
    step = learner._link.worker._channel._step + guess  # + 2 is the number that the reply will have

    def forge_and_go_on() -> None:
        learner.forge_reply(step)
        time.sleep(0.05)
        learner.whisper("on")

    assert "broke" in stopped(forge_and_go_on)


def test_after_the_first_stop_nothing_runs(seat: Any) -> None:
    """Every later request raises the same stop at once, with the call in which it happened."""
    learner = seat(WORKER_ONLY)
    first = stopped(learner.leave, 3)
    with pytest.raises(SubjectStopped) as again:
        learner.whisper("no")
    assert again.value.cause.english() == first
    assert again.value.where == "leave"
    with pytest.raises(SubjectStopped):
        learner.begin(1)


def test_one_subject_stops_alone(seat: Any) -> None:
    """Two workers at a time share nothing: one may crash and the other goes on."""
    first, second = seat(WORKER_ONLY), seat(WORKER_ONLY)
    stopped(first.crash)
    assert second.whisper("alive") == "alive"
