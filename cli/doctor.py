"""The command that looks at the machine: doctor judges a solution of ours to see that all works."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from llmex.cli.session import Session
from llmex.cli.waiting import Waiting
from llmex.grader.errors import LlmexError
from llmex.grader.version import __version__

if TYPE_CHECKING:
    from llmex.cli.screens.health import Finding

PACKAGES = ("torch", "numpy", "pytest", "rich", "typer")
NEEDED = ("torch", "numpy", "pytest")
SAFE = ("T2", "T3")


def doctor_(ctx: typer.Context) -> int:
    """Show what this machine gives to llmex; exit code 3 if llmex cannot judge here."""
    from llmex.cli.screens.health import health

    session: Session = ctx.obj
    found = [*_versions(session), _workspace(session)]
    judging, tier, lacks = _judging(session)
    found += [judging, *_protection(session, tier, lacks), _compiler(session)]
    ok = all(finding.good is not False for finding in found)
    findings = [vars(finding) for finding in found]
    session.emit(findings=findings, tier=tier, lacks=list(lacks), ok=ok)
    session.show(health(session.words, found, plain=session.plain))
    return 0 if ok else 3


def _versions(session: Session) -> list[Finding]:
    from llmex.cli.screens.health import Finding

    say = session.words.say
    system = f"{platform.system()} {platform.machine()}"
    found = [Finding(say("doctor.llmex", version=__version__, path=str(session.course.root)))]
    found.append(Finding(say("doctor.python", version=platform.python_version(), system=system)))
    versions = {name: _version(name) for name in PACKAGES}
    missing = [name for name in NEEDED if not versions[name]]
    there = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    found.append(Finding(there))
    if missing:
        found.append(
            Finding(
                say("doctor.missing", names=", ".join(missing)),
                False,
                f"pip install {' '.join(missing)}",
            )
        )
    return found


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _workspace(session: Session) -> Finding:
    from llmex.cli.screens.health import Finding

    say = session.words.say
    workspace = session.maybe_workspace
    if workspace is None:
        return Finding(say("doctor.no-workspace"), None)
    count = len(session.progress.exercises)
    return Finding(say("doctor.workspace", path=str(workspace.root), n=count))


def _judging(session: Session) -> tuple[Finding, str, tuple[str, ...]]:
    """Judge our own solution of the first exercise: what it takes to judge is then all there.

    With the finding come the tier that its process was seen to have, and what it was seen to lack.
    """
    from llmex.cli.screens.health import Finding
    from llmex.grader.grade import grade
    from llmex.grader.workspace import answer_from_file

    say = session.words.say
    try:
        exercise = session.course.exercise(session.course.track()[0])
        with Waiting(session, exercise.id, len(exercise.checks)):
            answer = answer_from_file(session.course, exercise, exercise.solution_path)
            report = grade(exercise, answer, diagnose=False)
    except LlmexError as error:
        return Finding(session.words.sentence(error.problem), False), "", ()
    verdict = report.verdict
    if verdict.outcome == "passed":
        seconds = f"{report.seconds:.1f}"
        found = Finding(say("doctor.judges", id=exercise.id, s=seconds))
        return found, report.tier, report.lacks
    why = session.words.sentence(verdict.problem) if verdict.problem else verdict.outcome
    found = Finding(say("doctor.judges-wrongly", id=exercise.id, why=why), False)
    return found, report.tier, report.lacks


def _protection(session: Session, tier: str, lacks: Sequence[str]) -> list[Finding]:
    """What the tier means, and what each thing that is missing means, in plain words."""
    from llmex.cli.screens.health import Finding

    key = f"doctor.tier-{tier.lower()}" if tier else "doctor.tier-unknown"
    if not session.words.has(key):
        key = "doctor.tier-unknown"
    say = session.words.say
    known = [name for name in lacks if session.words.has(f"lacks.{name}")]
    missing = [say("doctor.without", what=say(f"lacks.{name}")) for name in known]
    return [
        Finding(say(key), True if tier in SAFE else None),
        *(Finding(text, None) for text in missing),
    ]


def _compiler(session: Session) -> Finding:
    from llmex.cli.screens.health import Finding

    compiler = shutil.which("cc")
    say = session.words.say
    if compiler:
        return Finding(say("doctor.compiler", path=compiler))
    return Finding(say("doctor.no-compiler"), None)
