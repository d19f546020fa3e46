"""Proves in seconds that an exercise grades what it claims, or says in which line it does not."""

from __future__ import annotations

import functools
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from llmex.grader.author import (
    habits,
    holes,
    languages,
    oracles,
    proof,
    sources,
    verdicts,
    words,
)
from llmex.grader.author.bench import Bench, Step
from llmex.grader.author.examples import Examples
from llmex.grader.author.finding import at, place_of
from llmex.grader.author.survey import Survey
from llmex.grader.catalog import Course, Exercise, mistakes
from llmex.grader.engine import open_engine
from llmex.grader.errors import LlmexError
from llmex.grader.mistakes import Mistake
from llmex.grader.problems import exercise_problems, problems

CORES = min(os.cpu_count() or 2, 8)
LINES = CORES + 1  # jobs at once: while a worker starts or ends, its judge leaves a core idle
MISTAKES = 5
_AHEAD = 3  # exercises whose sessions may wait while the first of them is judged


@dataclass(frozen=True)
class Checked:
    """One exercise's findings; none means that it grades what it claims.

    `seconds` is the time of judging, added up over what ran side by side; `slowest` holds those of
    the slowest right answer in each check. `trouble` is what kept llmex from judging it: then
    there is no proof either way.
    """

    exercise: str
    findings: tuple[LlmexError, ...]
    mistakes: int = 0
    seconds: float = 0.0
    slowest: Mapping[str, float] = field(default_factory=dict)
    trouble: LlmexError | None = None


def check(
    course: Course,
    ids: Sequence[str],
    on_checked: Callable[[Checked], None] = lambda _: None,
    on_step: Step = lambda *_: None,
    *,
    whole: bool = False,
    proofs: bool = False,
    quick: bool = False,
) -> list[Checked]:
    """Check the exercises with these ids, on all cores; each is told as it is done, in order.

    With `whole` the course itself is checked too: what belongs to no single exercise comes first,
    under the id "". With `proofs` a missing or old one is a finding where there is no other. With
    `quick` nobody sits for long checks.
    `on_step` hears, in another thread, how far an exercise is.
    """
    done: list[Checked] = []

    def tell(one: Checked) -> None:
        done.append(one)
        on_checked(one)

    if whole:
        tell(Checked("", tuple(_of_the_course(course))))
    waiting: deque[_Begun] = deque()
    with open_engine(LINES) as engine, tempfile.TemporaryDirectory(prefix="llmex-") as folder:
        bench = Bench(engine, LINES, on_step)
        for exercise_id in ids:
            waiting.append(_Begun(course, exercise_id, bench, Path(folder), proofs, quick))
            if len(waiting) >= _AHEAD:
                tell(waiting.popleft().checked())
        while waiting:
            tell(waiting.popleft().checked())
        bench.close()
    return done


class _Begun:
    """One exercise: its files have been read, its sessions are on their way."""

    def __init__(
        self,
        course: Course,
        exercise_id: str,
        bench: Bench,
        folder: Path,
        proofs: bool,
        quick: bool,
    ) -> None:
        self._id, self._bench, self._quick = exercise_id, bench, quick
        self._unproved: Callable[[], Iterable[LlmexError]] = tuple
        self._known: list[Mistake] = []
        self._runs: list[Survey | Examples] = []
        self._survey: Survey | None = None
        self._trouble: LlmexError | None = None
        exercise, self._findings = course.attempt(exercise_id)
        if exercise is not None:
            if proofs:
                self._unproved = functools.partial(proof.findings, course, exercise)
            try:
                self._findings = list(self._read(course, exercise))
                self._hand_in(course, exercise, bench, folder)
            except LlmexError as error:
                self._trouble = error

    def _read(self, course: Course, exercise: Exercise) -> Iterator[LlmexError]:
        yield from exercise_problems(course, exercise)
        yield from sources.findings(course, exercise)
        self._known = _usable(exercise)
        if len(self._known) < MISTAKES:
            yield _too_few(exercise, len(self._known))
        yield from words.findings(exercise, self._known)
        yield from languages.findings(course, exercise, self._known)
        yield from habits.findings(exercise)
        yield from holes.findings(exercise)
        yield from oracles.findings(exercise)

    def _hand_in(self, course: Course, exercise: Exercise, bench: Bench, folder: Path) -> None:
        if not sources.can_run(exercise):
            return
        self._survey = Survey(course, exercise, self._known, self._quick)
        self._runs = [self._survey, Examples(course, exercise, folder)]
        for run in self._runs:
            run.begin(bench)

    def checked(self) -> Checked:
        """Wait for the sessions, and read what they say."""
        found = [*self._findings]
        try:
            for run in self._runs:
                found += run.findings()
            if not found:  # what is not right yet cannot be proved
                found += self._unproved()
        except LlmexError as error:
            self._trouble = error
        return Checked(
            self._id,
            tuple(_once(found)),
            len(self._known),
            self._bench.seconds.get(self._id, 0.0),
            dict(self._survey.seconds) if self._survey else {},
            self._trouble,
        )


def _usable(exercise: Exercise) -> list[Mistake]:
    """The mistakes whose edits can be made; the others are findings of the metadata."""
    good = []
    try:
        known = mistakes(exercise)
    except LlmexError:
        return []
    for mistake in known:
        try:
            mistake.source()
        except LlmexError:
            continue
        good.append(mistake)
    return good


def _too_few(exercise: Exercise, count: int) -> LlmexError:
    return at(
        exercise.mistakes_path,
        1,
        "{file}:{line}: {n} mistakes that can be made.",
        "Write at least {wanted}: the likeliest wrong answers, each with its cause.",
        n=count,
        wanted=MISTAKES,
    )


def _once(found: Sequence[LlmexError]) -> Iterator[LlmexError]:
    """Each finding once, by file; a suite that breaks where a line of it is told already is not."""
    told = {place_of(error) for error in found if not _breaks(error)}
    texts = dict.fromkeys(str(e) for e in found if not (_breaks(e) and place_of(e) in told))
    by_text = {str(error): error for error in reversed(found)}
    yield from sorted((by_text[text] for text in texts), key=lambda error: place_of(error)[0])


def _breaks(error: LlmexError) -> bool:
    return error.problem.text.startswith(verdicts.BREAKS)


def _of_the_course(course: Course) -> list[LlmexError]:
    """The course's own errors, without those that an exercise will tell itself."""
    own = {
        str(error)
        for exercise_id in course.ids
        for exercise, errors in [course.attempt(exercise_id)]
        for error in [*errors, *(exercise_problems(course, exercise) if exercise else [])]
    }
    found = [error for error in problems(course) if str(error) not in own]
    return [*found, *languages.of_the_course(course)]
