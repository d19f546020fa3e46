"""A judge does not look for ever at what an answer gives."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from llmex.grader.draws import Seeds
from llmex.grader.guard import Overdue, bounded
from llmex.grader.job import Job, Subject
from llmex.grader.report import Sentence
from llmex.grader.sandbox import TOO_SLOW, SubjectStopped
from llmex.grader.seat import Seat
from llmex.grader.worker import encode, wire
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.nodes import INT, LIST, SET
from llmex.grader.worker.wire import Frame, WireError


def _for_ever() -> NoReturn:
    while True:
        pass


def test_computing_for_too_long_ends() -> None:
    """A block that never ends is left, and nothing rings after it."""
    with pytest.raises(Overdue), bounded(0.01):
        _for_ever()
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_it_is_told_again_where_nobody_listened() -> None:
    """What swallows it once, as a finaliser does, hears it a second time."""
    heard: list[Overdue] = []

    def deaf() -> None:
        try:
            _for_ever()
        except Overdue as error:
            heard.append(error)
        _for_ever()

    with pytest.raises(Overdue), bounded(0.01):
        deaf()
    assert len(heard) == 1


def test_what_is_quick_is_left_alone() -> None:
    """A block that ends in time hears nothing, nor does one in another thread."""
    with bounded(1000.0):
        pass
    done: list[bool] = []

    def look() -> None:
        with bounded(0.001):
            done.append(sum(range(300_000)) > 0)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert done == [True]


class _Worker:
    """What a seat needs of a worker whose answer is quick to load."""

    pid = 0
    delegated: frozenset[str] = frozenset()

    def allowed_s(self, _: bool) -> float:
        return 0.01

    def too_slow(self) -> NoReturn:
        raise SubjectStopped(Sentence(TOO_SLOW, {"seconds": 0.01}))


def _seat(monkeypatch: pytest.MonkeyPatch) -> Seat:
    subject = Subject("answer", "m", {"m": ""})
    job = Job("x", "suite.py", (), ("test_a", "test_b"), (subject,), {})
    seat = Seat(subject, job, lambda _: _Worker())  # type: ignore[return-value]

    class Quick:
        trace: tuple[Any, ...] = ()

        def begin(self, *_: Any) -> None:
            """Nothing to do."""

    def start() -> None:
        seat._worker, seat._learner = _Worker(), Quick()  # type: ignore[assignment]

    monkeypatch.setattr(seat, "_start", start)
    return seat


@pytest.mark.parametrize("end", ["for ever", "in a broad except"])
def test_a_check_that_compares_for_ever_stops_the_answer(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stopped with its reason, and what is left does not run."""

    def caught() -> None:
        try:
            _for_ever()
        except Exception:
            pytest.fail("it came as an ordinary error")

    check: Callable[[], None] = _for_ever if end == "for ever" else caught
    seat = _seat(monkeypatch)
    assert seat.sit(Seeds("x", "test_a", 0), check)[0] == "stopped"
    assert seat.stop is not None
    assert seat.stop.text == TOO_SLOW
    assert seat.sit(Seeds("x", "test_b", 0), lambda: None)[0] == "not-run"


def test_members_that_collide_count_over_a_whole_message() -> None:
    """Many sets that are slow to make are refused, though each by itself is not."""
    members = [[INT, (n * (2**61 - 1)).to_bytes(10, "little")] for n in range(1, 1500)]
    one, many = [SET, members], [LIST, [[SET, members]] * 400]
    assert len(_decoded(one)) == 1499
    with pytest.raises(WireError, match="too long"):
        _decoded(many)


def _decoded(node: Any) -> Any:
    return Decoder(Frame(wire.pack(node), ()), encode._refuse).value(node)
