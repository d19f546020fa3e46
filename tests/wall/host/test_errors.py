"""Errors of an answer, what it prints and what it warns of come back as data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from llmex.grader.answers import (
    AnswerMissing,
    AnswerRaised,
    AnswerSignature,
    AnswerUnreadable,
    ArgumentChanged,
)
from tests.wall.host.ground import WORKER_ONLY


def test_an_exception_crosses_by_name_bases_and_message(seat: Any) -> None:
    """A class of the answer's own is known by its builtin bases; the lines are its own."""
    learner = seat("""
        class Odd(ValueError, KeyError):
            pass
        def g(x):
            raise Odd("is odd: " + "é" * 5000)
        def f(x):
            return g(x)
    """)
    with pytest.raises(AnswerRaised) as caught:
        learner.f(1)
    error = caught.value
    assert error.name == "Odd"
    assert {"ValueError", "KeyError", "LookupError", "Exception"} <= set(error.bases)
    assert len(error.message) <= 2000
    assert error.is_a(ValueError)
    assert not error.is_a(TypeError)
    assert error.lines == (
        "module/answer.py:7: return g(x)",
        'module/answer.py:5: raise Odd("is odd: " + "é" * 5000)',
    )


def test_hostile_exceptions_tell_nothing_but_their_name(seat: Any) -> None:
    """An exception whose `__str__` raises, exits or returns no text is reported all the same."""
    learner = seat("""
        class A(Exception):
            def __str__(self): raise SystemExit(3)
        class B(Exception):
            def __str__(self): return 5
        class Text(str):
            def __getitem__(self, _): raise RuntimeError
        class C(Exception):
            def __str__(self): return Text("c")
        def f(which): raise {"A": A, "B": B, "C": C}[which]
    """)
    for name in "ABC":
        with pytest.raises(AnswerRaised) as caught:
            learner.f(name)
        assert caught.value.name == name


def test_recursion_and_interrupts_are_ordinary_errors(seat: Any) -> None:
    """They fail the check, and the worker lives on; a long traceback is cut in the middle."""
    learner = seat(WORKER_ONLY)
    with pytest.raises(AnswerRaised, match="RecursionError") as caught:
        learner.recurse()
    assert len(caught.value.lines) == 6
    with pytest.raises(AnswerRaised, match="KeyboardInterrupt"):
        learner.interrupt()
    assert learner.whisper("alive") == "alive"


def test_a_missing_name_shows_what_is_there(seat: Any) -> None:
    """The names that the file defines come along, the nearest first, imports left out."""
    learner = seat("import math\nfrom os import path\ndef other(): ...\ndef sofmax(x): ...\nT = 1")
    with pytest.raises(AnswerMissing) as caught:
        learner.softmax(1)
    assert caught.value.finding.english() == (
        "There is no `softmax` in your file; it defines `sofmax`, `other`, `T`."
    )


def test_a_call_that_does_not_bind_shows_the_signature(seat: Any) -> None:
    """A wrong signature is told from a TypeError inside the function, also for modules."""
    learner = seat("""
        from torch import nn
        def f(x, *, keep): return len(5)
        class Plain:
            def __init__(self, d): ...
        class M(nn.Module):
            def forward(self, q): return q
        def g(x): return f()
    """)
    with pytest.raises(AnswerSignature) as caught:
        learner.f(1, dim=2)
    assert caught.value.finding.english() == (
        "`f` cannot be called like this: yours is `f(x, *, keep)`."
    )
    with pytest.raises(AnswerSignature, match=r"`Plain\(d\)`"):
        learner.Plain()
    with pytest.raises(AnswerSignature, match=r"`m\(q\)`"):
        learner.M()(1, 2)
    for call in (lambda: learner.f(1, keep=2), lambda: learner.g(1)):
        with pytest.raises(AnswerRaised) as raised:
            call()
        assert not isinstance(raised.value, AnswerSignature)
        assert raised.value.name == "TypeError"


def test_results_that_cannot_be_read_are_faults(seat: Any) -> None:
    """Too large or in a circle: the check fails, the worker lives on."""
    learner = seat(WORKER_ONLY)
    with pytest.raises(AnswerUnreadable, match="too large"):
        learner.big()
    with pytest.raises(AnswerUnreadable, match="holds itself"):
        learner.cycle()
    assert learner.whisper("alive") == "alive"


def test_output_is_kept_counted_and_never_mixed(seat: Any) -> None:
    """What a call printed is known after it; beyond 64 KiB it is only counted."""
    learner = seat(WORKER_ONLY)
    worker = learner._link.worker
    learner.whisper("one")
    assert learner.printed == "one"
    learner.whisper("two")
    assert learner.printed == "two"
    learner.shout(1)
    assert worker.output.startswith("onetwoxxx")
    assert len(worker.output) == 1 << 16
    assert worker.output_lost == (1 << 20) + 6 - (1 << 16)


def test_warnings_come_back_with_the_call(seat: Any) -> None:
    """Category and message of each warning of the last call, NumPy's too, every time."""
    learner = seat("""
        import warnings
        import numpy as np
        def f(): warnings.warn("careful", DeprecationWarning)
        def g(x): return x / 0
    """)
    for _ in range(2):
        learner.f()
        assert learner.warned == [("DeprecationWarning", "careful")]
    learner.g(__import__("numpy").float64(1))
    assert learner.warned[0][0] == "RuntimeWarning"


def test_what_cannot_be_handed_to_a_judges_function_is_the_answers_error(seat: Any) -> None:
    """The answer hears of it where it called, and the next call of it works."""
    learner = seat("""
        def f(g, n):
            deep = []
            for _ in range(n):
                deep = [deep]
            return g(deep)
    """)
    with pytest.raises(AnswerRaised, match="handed over") as caught:
        learner.f(lambda _: 1, 500)
    assert caught.value.lines == ("module/answer.py:6: return g(deep)",)
    assert learner.f(lambda _: 1, 5) == 1


def test_an_error_of_the_wire_that_an_answer_raises_is_its_own(seat: Any) -> None:
    """It does not pass for a request that made no sense."""
    learner = seat("""
        import sys
        def f(): raise sys.modules["llmex.grader.worker.wire"].WireError("yours")
    """)
    with pytest.raises(AnswerRaised, match="yours"):
        learner.f()


def test_what_cannot_be_looked_at_is_told_by_its_name(seat: Any) -> None:
    """Odd parts of a SyntaxError, a signature or a default that raises: the worker lives on."""
    learner = seat("""
        class Default:
            def __repr__(self): raise KeyError("default")
        class Signed:
            @property
            def __signature__(self): raise OSError("signature")
            def __call__(self): return 1
        signed = Signed()
        def odd():
            error = SyntaxError("no")
            error.filename, error.text = {}, 7
            raise error
        def six(a, b, c, d, e, f=Default()): return 1
    """)
    for call, name in ((learner.odd, "SyntaxError"), (learner.six, "TypeError")):
        with pytest.raises(AnswerRaised) as caught:
            call()
        assert caught.value.name == name
    with pytest.raises(AnswerRaised, match="TypeError"):
        learner.signed(1)


def test_an_argument_that_cannot_come_back_stays_as_it_was(seat: Any) -> None:
    """An array made into one of records is a changed input; one to be changed is left alone."""
    learner = seat("""
        import numpy as np
        def f(x): x.dtype = np.dtype("V8")
    """)
    x = np.arange(3.0)
    with pytest.raises(ArgumentChanged):
        learner.f(x)
    learner.inplace.f(x)
    np.testing.assert_array_equal(x, np.arange(3.0))
    assert learner.trace[-1].args[0].shape == (3,)
    assert learner.trace[-1].result is None
