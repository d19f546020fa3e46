"""One pytest session in which many subjects sit for one suite: verdicts, evidence, traces.

Fail closed: a check has passed only if it is on the exercise's list, ran to its end, and compared
something. Whatever else happens in a suite is llmex's own trouble, never a pass and never the
learner's fault.
"""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from llmex.grader import compare
from llmex.grader.draws import Seeds, Sizes
from llmex.grader.job import Job
from llmex.grader.report import Check, Sentence
from llmex.grader.seat import SUITE_TROUBLE, Seat
from llmex.grader.shelf import Shelf
from llmex.grader.training import Training

# Nothing that a suite of ours needs; without them a session takes a third of the time.
_UNUSED = (
    "cacheprovider terminal faulthandler junitxml pastebin doctest unittest logging legacypath "
    "setuponly setupplan stepwise debugging tmpdir monkeypatch recwarn capture warnings skipping "
    "threadexception unraisableexception subtests"
).split()

NOT_THE_LIST = "The suite's checks are not the ones that exercise.yaml lists."
NO_EVIDENCE = "This check compared nothing."


@dataclass
class Ran:
    """What one subject did in one check, with the evidence that its outcome rests on."""

    check: Check
    evidence: list[compare.Evidence] = field(default_factory=list)
    trouble: Sentence | None = None


@dataclass
class Session:
    """All that a session found: for each subject (by label) its checks in order."""

    ran: dict[str, list[Ran]]
    trouble: Sentence | None = None
    printed: str = ""


def run(
    job: Job,
    seats: Sequence[Seat],
    tell: Callable[[str, Check], None],
    hear: Callable[[str, dict[str, Any]], None] = lambda *_: None,
) -> Session:
    """Let the subjects in `seats` sit for the suite of `job`.

    `tell` is told each outcome, `hear` how far a training is. Long checks come last, so that
    nobody waits for one to hear of a fault that a quick check finds.
    """
    plugin = _Plugin(job, seats, tell, hear)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        plugin.close(_pytest(job.suite, plugin))
    return Session(plugin.ran, plugin.trouble, printed.getvalue()[:10_000])


def _pytest(suite: str, plugin: _Plugin) -> int:
    options = ["-c", os.devnull, "--rootdir", os.path.dirname(suite), "--noconftest"]
    options += ["--import-mode=importlib", "--assert=plain"]
    options += [word for name in _UNUSED for word in ("-p", f"no:{name}")]
    return int(pytest.main([*options, suite], plugins=[plugin]))


class _Plugin:
    """Puts each subject in the learner's seat, and notes what became of every check."""

    def __init__(
        self,
        job: Job,
        seats: Sequence[Seat],
        tell: Callable[[str, Check], None],
        hear: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self._job, self._seats, self._tell, self._hear = job, seats, tell, hear
        self.ran: dict[str, list[Ran]] = {seat.label: [] for seat in seats}
        self.trouble: Sentence | None = None

    # -- fixtures: what a suite may ask for ---------------------------------------------------

    @pytest.fixture
    def learner(self, request: pytest.FixtureRequest) -> Any:
        """The subject in whose seat the check runs."""
        return request.param.learner

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> Any:
        """A NumPy generator seeded by exercise, check and seed."""
        return self._seeds(request).numpy()

    @pytest.fixture
    def trng(self, request: pytest.FixtureRequest) -> Any:
        """A torch generator seeded by exercise, check and seed."""
        return self._seeds(request).torch()

    @pytest.fixture
    def sizes(self, request: pytest.FixtureRequest) -> Any:
        """Sizes that differ from each other, small ones first."""
        return Sizes(self._seeds(request).numpy("sizes"))

    @pytest.fixture
    def seed(self, request: pytest.FixtureRequest) -> int:
        """The subject's seed."""
        return _seat(request.node).seed

    @pytest.fixture
    def data(self) -> Shelf:
        """The paths of the exercise's data sets, by name."""
        return Shelf(self._job.data)

    @pytest.fixture
    def training(self, request: pytest.FixtureRequest) -> Training:
        """Begins runs whose losses are heard while they come in."""
        seat = _seat(request.node)
        return Training(
            request.function.__name__,
            seat.runs,
            seat.halt,
            lambda event: self._hear(seat.label, event),
        )

    def _seeds(self, request: pytest.FixtureRequest) -> Seeds:
        return self._seeds_of(_seat(request.node), request.function.__name__)

    def _seeds_of(self, seat: Seat, check: str) -> Seeds:
        return Seeds(self._job.exercise, check, seat.seed)

    # -- collection: the list of exercise.yaml and nothing else -------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Every check runs once for each subject."""
        metafunc.parametrize("learner", self._seats, indirect=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A suite that cannot be read is llmex's own trouble."""
        if report.failed:
            self.trouble = Sentence(SUITE_TROUBLE, {"error": _last_line(report.longreprtext)})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse a suite whose checks are not the listed ones; keep those that are asked for.

        One subject after the other sits for them, so that few workers live at a time.
        """
        names = list(dict.fromkeys(_name(item) for item in items))
        if names != list(self._job.checks):
            self.trouble = self.trouble or Sentence(NOT_THE_LIST)
            items[:] = []
        items[:] = [item for item in items if _name(item) in _seat(item).checks]
        place = {seat.label: at for at, seat in enumerate(self._seats)}
        items.sort(key=lambda item: (_name(item) in self._job.long, place[_seat(item).label]))

    # -- running ---------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run one check for one subject, and keep its outcome here rather than in a report."""
        names = pyfuncitem._fixtureinfo.argnames
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        seat = _seat(pyfuncitem)
        title = (pyfuncitem.obj.__doc__ or "").strip().split("\n")[0]
        with _evidence() as evidence:
            ran = self._judge(seat, _name(pyfuncitem), title, evidence, pyfuncitem.obj, arguments)
        self.ran[seat.label].append(ran)
        self._tell(seat.label, ran.check)
        if len(self.ran[seat.label]) == len(seat.checks):
            seat.close()
        return True

    def _judge(
        self,
        seat: Seat,
        name: str,
        title: str,
        evidence: list[compare.Evidence],
        function: Callable[..., None],
        arguments: dict[str, Any],
    ) -> Ran:
        started = time.perf_counter()
        seeds = self._seeds_of(seat, name)
        long = name in self._job.long
        outcome, counterexample, trouble = seat.sit(seeds, lambda: function(**arguments), long)
        seconds = time.perf_counter() - started
        if outcome == "passed" and not evidence:
            outcome = "error"
            trouble = Sentence(NO_EVIDENCE, {"line": function.__code__.co_firstlineno})
        return Ran(Check(name, title, outcome, counterexample, seconds), evidence, trouble)

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """What fails outside a check's own body (a fixture) is llmex's own trouble."""
        if call.excinfo is not None:
            error = f"{_name(item)}: {call.excinfo.exconly()}"
            self.trouble = self.trouble or Sentence(SUITE_TROUBLE, {"error": error[:300]})

    def close(self, code: int) -> None:
        """Refuse a session that did not end as it should, or in which a check is missing."""
        if code != pytest.ExitCode.OK:
            self.trouble = self.trouble or Sentence(SUITE_TROUBLE, {"error": f"exit {code}"})
        place = {name: at for at, name in enumerate(self._job.checks)}
        for seat in self._seats:
            self.ran[seat.label].sort(key=lambda one: place[one.check.name])
            if [one.check.name for one in self.ran[seat.label]] != seat.checks:
                self.trouble = self.trouble or Sentence(NOT_THE_LIST)


@contextlib.contextmanager
def _evidence() -> Iterator[list[compare.Evidence]]:
    with compare.recording() as evidence:
        yield evidence


def _seat(item: Any) -> Seat:
    """The subject that sits for one check."""
    seat: Seat = item.callspec.params["learner"]
    return seat


def _name(item: pytest.Item) -> str:
    return getattr(item, "originalname", None) or item.name


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].removeprefix("E").strip()[:300] if lines else "it could not be collected"
