"""What everyone came to in an author check, against what they must come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmex.grader.author.finding import at, line_in, line_of_check
from llmex.grader.author.subjects import REDRAWN, Sitter
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.report import Check, Sentence, Verdict

BREAKS = "{file}:{line}: the suite breaks "
Judged = Sequence[tuple[Sitter, Verdict]]


def findings(exercise: Exercise, judged: Judged) -> Iterator[LlmexError]:
    """Right answers that fail, wrong ones that pass, and suites that break on either."""
    troubles: set[int] = set()
    written = any(one.must == "be unwritten" and not _unwritten(v) for one, v in judged)
    for one, verdict in judged:
        if one.must == "be judged" and written:
            continue  # what a stub does itself cannot be made to return something else
        if verdict.outcome == "grader-error":
            line = int(verdict.problem.fields.get("line", 1)) if verdict.problem else 1
            if line not in troubles:
                yield _trouble(exercise, one, line, verdict.problem)
            troubles.add(line)
        elif one.must in ("pass", "delegate", "be accepted"):
            yield from _right(exercise, one, verdict)
        elif one.must == "fail":
            yield from _mistake(exercise, one, verdict)
        elif one.must == "be unwritten":
            yield from _stub(one, verdict)
        elif verdict.outcome in ("passed", "delegated"):
            yield _junk_passes(exercise, one)
    if not (troubles or written):
        yield from _idle(exercise, judged)


def _trouble(exercise: Exercise, one: Sitter, line: int, said: Sentence | None) -> LlmexError:
    text = said.english() if said else ""
    if one.must == "be judged":
        return at(
            exercise.suite_path,
            line,
            "{file}:{line}: the suite breaks when every function returns {value}: {text}",
            "Let compare look at a value before you use it: assert_shape, unpack, assert_number.",
            value=one.name,
            text=text,
        )
    return at(
        exercise.suite_path,
        line,
        "{file}:{line}: the suite breaks on {name}: {text}",
        "Mend the suite: its own errors are never the learner's fault.",
        name=one.name,
        text=text,
    )


def _right(exercise: Exercise, one: Sitter, verdict: Verdict) -> Iterator[LlmexError]:
    if one.must == "be accepted":
        yield from _form(exercise, one, verdict)
    elif verdict.outcome == "delegated" and one.must == "pass":
        yield at(
            one.path,
            1,
            "{file}:{line}: it calls {names}, which exercise.yaml forbids.",
            "Write it without, or take the name out of 'forbids'.",
            names=", ".join(verdict.delegated_to),
        )
    elif verdict.outcome == "passed" and one.must == "delegate":
        yield at(
            exercise.folder / "exercise.yaml",
            line_in(exercise.folder / "exercise.yaml", "forbids:"),
            "{file}:{line}: {name}.py passes, but should come out as delegated.",
            "Add what it calls to 'forbids'.",
            name=one.name,
        )
    elif verdict.outcome not in ("passed", "delegated"):
        yield at(
            one.path,
            1,
            "{file}:{line}: this right answer does not pass (seed {seed}): {why}",
            "Mend it, or the check that refuses it.",
            seed=one.seed,
            why=reason(verdict),
        )


def _form(exercise: Exercise, one: Sitter, verdict: Verdict) -> Iterator[LlmexError]:
    """The solution in another form, which is as right as the solution."""
    if verdict.outcome in ("passed", "delegated"):
        return
    check = next((c.name for c in verdict.checks if c.outcome != "passed"), "")
    line = line_of_check(exercise.suite_path, check) if check else 1
    if one.name == REDRAWN:
        yield at(
            exercise.suite_path,
            line,
            "{file}:{line}: it refuses the solution when that draws more numbers: {why}",
            "Judge draws by laws: how many there are, and in which order, is no promise.",
            why=reason(verdict),
        )
        return
    yield at(
        exercise.suite_path,
        line,
        "{file}:{line}: it refuses the solution whose parts are created in reverse: {why}",
        "Look up and set weights by name; the order of creation and of draws is no promise.",
        why=reason(verdict),
    )


def _mistake(exercise: Exercise, one: Sitter, verdict: Verdict) -> Iterator[LlmexError]:
    path = exercise.mistakes_path
    line = line_in(path, f"id: {one.name}\n")
    if verdict.outcome in ("passed", "delegated"):
        yield at(
            path,
            line,
            "{file}:{line}: the mistake '{id}' passes every check.",
            "Add a check that it fails, or a case in which it differs from the solution.",
            id=one.name,
        )
    elif verdict.problem:
        yield at(
            path,
            line,
            "{file}:{line}: the mistake '{id}' cannot be loaded: {why}",
            "Make it one that runs: only results can be compared with a learner's.",
            id=one.name,
            why=reason(verdict),
        )


def _stub(one: Sitter, verdict: Verdict) -> Iterator[LlmexError]:
    passed = [check.name for check in verdict.checks if check.outcome == "passed"]
    if passed:
        yield at(
            one.path,
            1,
            "{file}:{line}: the stub passes {checks}.",
            "Leave nothing done: a learner who has written nothing must fail every check.",
            checks=", ".join(passed),
        )
    elif not _unwritten(verdict):
        yield at(
            one.path,
            1,
            "{file}:{line}: the stub should leave every check 'not written yet', but: {why}",
            "End each function of the stub with: raise NotImplementedError",
            why=reason(verdict, but="not-written"),
        )


def _unwritten(verdict: Verdict) -> bool:
    return {check.outcome for check in verdict.checks} == {"not-written"}


def _junk_passes(exercise: Exercise, one: Sitter) -> LlmexError:
    return at(
        exercise.suite_path,
        1,
        "{file}:{line}: every check passes when every function returns {value}.",
        "Compare what comes back with what should.",
        value=one.name,
    )


def _idle(exercise: Exercise, judged: Judged) -> Iterator[LlmexError]:
    """Checks that pass whatever the functions return."""
    junk = [verdict for one, verdict in judged if one.must == "be judged"]
    failed = {c.name for verdict in junk for c in verdict.checks if c.outcome != "passed"}
    run = {check.name for verdict in junk for check in verdict.checks}
    for name in exercise.checks:
        if name in run - failed:
            yield at(
                exercise.suite_path,
                line_of_check(exercise.suite_path, name),
                "{file}:{line}: '{check}' passes whatever the functions return.",
                "Compare what comes back with what should.",
                check=name,
            )


def reason(verdict: Verdict, but: str = "passed") -> str:
    """Why a verdict is what it is, in one English line: the first check that is not `but`."""
    if verdict.problem:
        return verdict.problem.english()
    if verdict.stop:
        return verdict.stop.english()
    return next((_of(c) for c in verdict.checks if c.outcome != but), "every check passed")


def _of(check: Check) -> str:
    parts = [f"{check.name} {check.outcome}"]
    shown = check.counterexample
    if shown is not None:
        said = [s.english() for s in (shown.finding, shown.why) if s is not None]
        parts += [s.rstrip(".") for s in said]
        parts += [f"want {shown.want}, got {shown.got}"] if shown.want and shown.got else []
    return "; ".join(parts)
