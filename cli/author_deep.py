"""What `author check --deep` and `author stats` do: prove, prove again, and count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llmex.cli.proving import Proving
from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.author.deep import Proved
    from llmex.grader.catalog import Course

CLEAN, FINDINGS, NOT_JUDGED = 0, 1, 3


def prove(session: Session, course: Course, ids: Sequence[str]) -> int:
    """Check exercises, prove those in which nothing is found, and write what is proved."""
    from llmex.grader.author.check import check
    from llmex.grader.author.deep import Proved, deep

    with Proving(session, ids) as proving:
        checked = check(course, ids, on_step=proving.step, proofs=False)
    clean = [one.exercise for one in checked if not (one.findings or one.trouble)]
    first = [
        Proved(one.exercise, one.findings, seconds=one.seconds, trouble=one.trouble)
        for one in checked
        if one.exercise not in clean
    ]
    with Proving(session, clean) as proving:
        found = deep(course, clean, proving.hear, proving.step) if clean else []
    return _show(session, [*first, *found])


def prove_again(session: Session, course: Course, revision: str) -> int:
    """Prove again what a revision's hash draws; nothing is written."""
    from llmex.grader.author.deep import deep, drawn, quickly_proved

    ids = drawn(quickly_proved(course), revision)
    with Proving(session, ids) as proving:
        found = deep(course, ids, proving.hear, proving.step, again=True)
    return _show(session, found)


def count(session: Session, course: Course, ids: Sequence[str]) -> int:
    """Show what stands behind each exercise, in numbers."""
    from llmex.cli.screens.proofs import numbers
    from llmex.grader.author.stats import plain, stats, total

    lines = stats(course, ids)
    session.emit(exercises=[plain(line) for line in lines], total=total(lines))
    session.show(numbers(session.words, lines, total(lines), plain=session.plain))
    return CLEAN


def told(session: Session, error: LlmexError) -> dict[str, Any]:
    """A finding for --json: where it is, what it is, and what to do about it."""
    from llmex.grader.author.finding import place_of

    file, line = place_of(error)
    say = session.words.sentence
    return {"file": file, "line": line, "problem": say(error.problem), "remedy": say(error.remedy)}


def _show(session: Session, found: Sequence[Proved]) -> int:
    from llmex.cli.screens.proofs import proofs

    code = FINDINGS if any(one.findings for one in found) else CLEAN
    code = NOT_JUDGED if any(one.trouble for one in found) else code
    session.emit(exercises=[_plain(session, one) for one in found], exit_code=code)
    session.show(proofs(session.words, found, plain=session.plain))
    return code


def _plain(session: Session, one: Proved) -> dict[str, Any]:
    """One exercise for --json, with what was found whether it is a proof or not."""
    from llmex.grader.author.proof import plain

    return {
        "id": one.exercise,
        "proved": not (one.findings or one.trouble),
        "seconds": one.seconds,
        "proof": plain(one.proof) if one.proof else None,
        "survivors": [{"line": m.line, "mutant": m.name} for m in one.survivors],
        "findings": [told(session, error) for error in one.findings],
        "trouble": session.words.sentence(one.trouble.problem) if one.trouble else None,
    }
