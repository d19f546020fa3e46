"""A worker's life: how sources load, how errors tell, and how each end of it is named."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from llmex.grader.answers import AnswerMissing, AnswerRaised, AnswerSignature, AnswerUnreadable
from llmex.grader.sandbox import SubjectStopped

WORKER_ONLY = """
    import os, sys, time, ctypes, signal, threading
    import numpy as np

    def leave(code): sys.exit(code)
    def leave_hard(code): os._exit(code)
    def crash(): return ctypes.string_at(0)
    def spin():
        while True: pass
    def sleep(): time.sleep(60)
    def stubborn():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True: pass
    def take(gigabytes): return len(bytearray(gigabytes << 30))
    def take_array(gigabytes): return np.ones(gigabytes << 27).sum()
    def shout(megabytes):
        for _ in range(megabytes): print("x" * ((1 << 20) - 1))
    def whisper(text): print(text, end=""); return text
    def recurse(n=0): return recurse(n + 1)
    def interrupt(): raise KeyboardInterrupt
    def big(): return np.zeros(5 << 20)
    def cycle():
        x = []
        x.append(x)
        return x
    def forge():
        for fd in range(3, 64):
            try: os.write(fd, b"lmx1" + b"\\xff" * 100)
            except OSError: pass
    def forge_reply(step):
        import struct, msgpack
        body = msgpack.packb(["value", 42, []])
        for fd in range(3, 64):
            try: os.write(fd, struct.pack("<4sIII", b"lmx1", step, len(body), 0) + body)
            except OSError: pass
        return 1
    def hang_up():
        for fd in range(3, 64):
            try: os.close(fd)
            except OSError: pass
    def kill(): os.kill(os.getpid(), signal.SIGKILL)
"""


def stopped(call: Any, *args: Any) -> str:
    """The sentence with which a call ends its subject."""
    with pytest.raises(SubjectStopped) as caught:
        call(*args)
    return caught.value.cause.english()


# -- sources ------------------------------------------------------------------------------


def test_modules_import_each_other_from_memory(seat: Any) -> None:
    """Packages are made on the fly; relative and absolute imports find the given texts."""
    learner = seat(
        """
        from module.other import double
        from . import other
        import attention.scores as scores
        def f(x): return other.double(x) + scores.one()
        """,
        more={"module.other": "def double(x): return 2 * x", "attention.scores": "one = lambda: 1"},
    )
    assert learner.f(3) == 7


def test_main_blocks_do_not_run(seat: Any) -> None:
    """A file's `if __name__ == "__main__"` part is for the learner's own runs."""
    learner = seat("""
        ran = False
        name = __name__
        if __name__ == "__main__":
            ran = True
    """)
    assert learner.value("ran") is False
    assert learner.value("name") == "module.answer"


def test_neither_the_folder_nor_the_suite_can_be_imported(seat: Any) -> None:
    """The folder in which the engine was started is not on the path."""
    learner = seat("""
        import sys, os
        def path(): return [p for p in sys.path if p in ("", ".", os.getcwd())]
    """)
    assert learner.path() == []


def test_a_stage_is_loaded_before_the_answer(seat: Any) -> None:
    """The exercise's own helpers live in the worker, and the answer may import them."""
    learner = seat("from stage import K\ndef f(): return K", stage="K = 5\ndef g(x): return x + K")
    assert learner.f() == 5
    assert learner.stage.g(1) == 6


@pytest.mark.parametrize(
    ("source", "finding", "line"),
    [
        ("def f(:\n", "It raised SyntaxError: invalid syntax", "module/answer.py:1:7: def f(:"),
        ("x = 1\nimport nonsense_there_is_none", "It raised ModuleNotFoundError: No module named "
         "'nonsense_there_is_none'", "module/answer.py:2: import nonsense_there_is_none"),
        ("1/0", "It raised ZeroDivisionError: division by zero", "module/answer.py:1: 1/0"),
    ],
)  # fmt: skip
def test_sources_that_do_not_load_say_where(
    seat: Any, source: str, finding: str, line: str
) -> None:
    """A load failure has the learner's own line, for syntax errors with the column."""
    with pytest.raises(AnswerRaised) as caught:
        seat(source)
    assert caught.value.finding.english() == finding
    assert caught.value.lines == (line,)


def test_a_broken_earlier_answer_is_named(seat: Any) -> None:
    """An error in an imported module shows the import and the line in that module."""
    with pytest.raises(AnswerRaised) as caught:
        seat("from module.other import f", more={"module.other": "f = undefined"})
    assert caught.value.lines == (
        "module/answer.py:1: from module.other import f",
        "module/other.py:1: f = undefined",
    )


# -- errors -------------------------------------------------------------------------------


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


# -- output and warnings ----------------------------------------------------------------------


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


# -- ends -----------------------------------------------------------------------------------


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


def test_a_worker_holds_no_descriptor_but_its_own(seat: Any) -> None:
    """Sockets of other workers and files of the judge are closed before an answer loads."""
    seat()
    learner = seat("""
        import os, stat
        def sockets():
            found = []
            for fd in range(64):
                try: mode = os.fstat(fd).st_mode
                except OSError: continue
                found.append((fd, stat.S_ISSOCK(mode)))
            return found
    """)
    found = learner.sockets()
    assert sum(is_socket for _, is_socket in found) == 1
    assert all(is_socket or fd < 3 for fd, is_socket in found)


def test_the_worker_writes_no_files_and_makes_no_core(seat: Any) -> None:
    """Without a scratch folder not one byte can be written to a file."""
    learner = seat("""
        import os, resource, tempfile
        def write():
            with open(os.path.join(tempfile.gettempdir(), f"llmex-{os.getpid()}"), "w") as f:
                os.unlink(f.name)
                f.write("x")
        def core(): return resource.getrlimit(resource.RLIMIT_CORE)
    """)
    with pytest.raises((AnswerRaised, SubjectStopped)):
        learner.write()
    assert learner._link.worker.tier.startswith("T")


def test_a_scratch_folder_is_the_workers_and_goes_with_it(seat: Any) -> None:
    """Where the exercise asks for it there is a folder to write to, until the worker ends."""
    import os

    learner = seat(
        """
        def write(path, text): open(path, "w").write(text)
        def read(path): return open(path).read()
        """,
        scratch=True,
    )
    folder = learner.scratch
    learner.write(f"{folder}/a.json", "text")
    assert learner.read("a.json") == "text"
    learner._link.worker.close()
    assert not os.path.exists(folder)


def test_each_check_starts_afresh(seat: Any) -> None:
    """Generators are seeded alike; handles of the check before are refused by name."""
    learner = seat("""
        import random, numpy as np, torch
        def draw(): return random.random(), np.random.rand(), float(torch.rand(()))
        class A: pass
    """)
    first, handle = learner.draw(), learner.A()
    learner.begin(0)
    assert learner.draw() == first
    learner.begin(1)
    assert learner.draw() != first
    with pytest.raises(RuntimeError, match="earlier check"):
        handle.x = 1


def test_settings_of_the_process_end_with_the_check(seat: Any) -> None:
    """Default types, error states and switched-off gradients do not reach the next check."""
    learner = seat("""
        import torch, numpy as np, warnings
        def spoil():
            torch.set_default_dtype(torch.float64)
            torch.set_grad_enabled(False)
            np.seterr(all="raise")
            warnings.simplefilter("ignore")
        def look():
            warnings.warn("heard")
            return torch.zeros(1).dtype, torch.is_grad_enabled(), np.geterr()["divide"]
    """)
    learner.spoil()
    learner.begin(1)
    import torch

    assert learner.look() == (torch.float32, True, "warn")
    assert learner.warned == [("UserWarning", "heard")]


def test_a_suite_that_sends_too_much_is_at_fault_itself(seat: Any) -> None:
    """Arguments beyond a frame are the suite's error and no stop of the subject."""
    import numpy as np

    learner = seat("def f(x): return 1")
    with pytest.raises(ValueError, match="32 MB"):
        learner.f(np.zeros(5 << 20))
    assert learner.f(1) == 1


def test_stops_are_told_by_signal_numbers_of_this_system(seat: Any) -> None:
    """A signal that the answer sends itself is named."""
    learner = seat("import os, signal\ndef f(n): os.kill(os.getpid(), n)")
    assert stopped(learner.f, int(signal.SIGABRT)) == "The interpreter crashed (SIGABRT)."


# -- delegation --------------------------------------------------------------------------------

DELEGATES = """
    import torch
    import torch.nn.functional as F
    from torch import nn, softmax as sm
    class M(nn.Module):
        def __init__(self):
            super().__init__()
            self.s = nn.Softmax(-1)
        def forward(self, x): return self.s(x)
    def alias(x): return sm(x, -1)
    def method(x): return x.softmax(-1)
    def hidden(x): return getattr(torch, "soft" + "max")(x, dim=-1)
    def functional(x): return F.softmax(x, -1)
    def module(x): return M()(x)
    def linear(x): return nn.Linear(3, 3)(x).shape[0]
    def inner(x): return helper(x)
    def helper(x): return torch.logsumexp(x, -1)
    def aten(x): return torch.ops.aten.softmax(x, -1)
    def free(x): return x.exp() / x.exp().sum(-1, keepdim=True)
"""


@pytest.mark.parametrize(
    ("call", "forbids", "seen"),
    [
        ("alias", ["torch.softmax"], {"torch.softmax"}),
        ("method", ["torch.Tensor.softmax"], {"torch.Tensor.softmax"}),
        ("hidden", ["torch.softmax"], {"torch.softmax"}),
        ("functional", ["torch.nn.functional.softmax"], {"torch.nn.functional.softmax"}),
        ("module", ["torch.nn.functional.softmax"], {"torch.nn.functional.softmax"}),
        ("module", ["torch.Tensor.softmax"], {"torch.Tensor.softmax"}),
        ("module", ["torch.nn.Softmax"], {"torch.nn.Softmax"}),
        ("linear", ["torch.nn.Linear"], {"torch.nn.Linear"}),
        ("linear", ["torch.nn.functional.linear"], {"torch.nn.functional.linear"}),
        ("aten", ["torch.ops.aten.softmax"], {"torch.ops.aten.softmax"}),
        ("helper", [{"in": "inner", "names": ["torch.logsumexp"]}], set()),
        ("inner", [{"in": "inner", "names": ["torch.logsumexp"]}], {"torch.logsumexp"}),
        ("free", ["torch.softmax", "torch.nn.Linear", "torch.no.such", "tiktoken"], set()),
    ],
)
def test_forbidden_operators_are_seen_however_they_are_called(
    seat: Any, call: str, forbids: list[Any], seen: set[str]
) -> None:
    """Aliases, getattr, methods, modules and calls from inside torch are on the record."""
    import torch

    learner = seat(DELEGATES, forbids=tuple(forbids))
    getattr(learner, call)(torch.ones(2, 3))
    assert learner._link.worker.delegated == seen


def test_the_judges_own_gradient_is_no_delegation(seat: Any) -> None:
    """A suite that differentiates does not make the answer call autograd; a backward can."""
    import torch

    source = """
        import torch
        def f(x): return x * 2
        class F(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x): return x * 1
            @staticmethod
            def backward(ctx, g): return torch.softmax(g, -1)
        g = F.apply
    """
    learner = seat(source, forbids=("torch.autograd.grad", "torch.softmax"))
    x = torch.ones(2, requires_grad=True)
    learner.f(x).sum().backward()
    assert learner._link.worker.delegated == set()
    learner.g(x).sum().backward()
    assert learner._link.worker.delegated == {"torch.softmax"}


def test_an_imported_operator_is_delegation(seat: Any) -> None:
    """An answer that only imports the operator calls it all the same."""
    import torch

    learner = seat("from torch import softmax", forbids=("torch.softmax",))
    learner.softmax(torch.ones(2), -1)
    assert learner._link.worker.delegated == {"torch.softmax"}


def test_what_the_stage_calls_is_not_the_answers(seat: Any) -> None:
    """The exercise's own helpers may use what the answer may not."""
    import torch

    learner = seat("", stage="import torch\ndef f(x): return torch.softmax(x, -1)",
                   forbids=("torch.softmax",))  # fmt: skip
    learner.stage.f(torch.ones(2))
    assert learner._link.worker.delegated == set()
