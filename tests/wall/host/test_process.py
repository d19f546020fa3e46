"""The process of a worker: what it holds, what it may write, and how each check starts afresh."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from llmex.grader.answers import AnswerRaised
from llmex.grader.sandbox import SubjectStopped
from tests.wall.host.ground import stopped


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
