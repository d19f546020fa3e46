"""The screen of one check: what passes, the first thing that is wrong and why, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from llmex.cli.page import Page
from llmex.cli.screens import evidence
from llmex.cli.screens.training import longest, training
from llmex.cli.words import Own, Words
from llmex.grader.report import Check, Report, Verdict
from llmex.grader.scrub import scrub

MANY = 7  # this many passed checks or more are one line
LOST = ("failed", "stopped", "error")
SHORT = ("not-started", "grader-error", "delegated", "unfinished", "borrowed")


@dataclass(frozen=True)
class Around:
    """What the screen says beside the report; every text is in the learner's language."""

    module: str = ""
    path: str = ""  # of the answer, as the learner would type it
    file: str = ""  # of the answer, as a traceback names it
    command: str = "llmex check"  # what checks it again
    titles: Mapping[str, str] = field(default_factory=dict)  # of checks, by name
    own: Own = None  # translates the exercise's own templates
    says: str = ""  # the diagnosis
    hints: int = 0
    hints_left: int = 0
    attempts: int = 0
    next: str = ""  # the id that comes after a pass; empty when nothing is left
    long: tuple[str, ...] = ()  # the names of the long checks
    minutes: int = 0  # that they take, if that is known
    saved: str = ""  # where the picture of a training is kept
    every: bool = False  # show every check, not only the first that failed
    recorded: bool = True  # in the learner's progress
    picture: bool = False  # is there one to draw?


def page(words: Words, report: Report, around: Around, *, plain: bool = False) -> Page:
    """The whole screen of a report."""
    screen = Page(words, plain=plain)
    tone = "good" if report.verdict.outcome == "passed" else "quiet"
    screen.head(report.exercise, around.module, state(words, report.verdict), tone)
    body = {
        "not-started": _not_started,
        "grader-error": _not_judged,
        "delegated": _delegated,
        "unfinished": _unfinished,
        "borrowed": _borrowed,
    }.get(report.verdict.outcome, _judged)
    body(screen, report, around)
    return screen


def state(words: Words, verdict: Verdict) -> str:
    """What a verdict comes to, in a few words for the edge of a line."""
    if verdict.outcome in SHORT:
        return words.say(f"report.{verdict.outcome}-short")
    if verdict.problem:
        return words.say("report.not-loaded")
    return words.say("report.counted", passed=verdict.passed, n=len(verdict.checks))


def _not_started(screen: Page, report: Report, around: Around) -> None:
    say = screen.words.say
    screen.add(say("report.untouched", path=around.path))
    screen.gap()
    screen.next(
        (say("next.write", path=around.path), around.command, ""),
        (say("next.task"), f"llmex show {report.exercise}", ""),
    )


def _not_judged(screen: Page, report: Report, around: Around) -> None:
    say = screen.words.say
    screen.mark("trouble", say("report.could-not-judge"))
    if report.verdict.problem:
        screen.add(evidence.sentence(screen, report.verdict.problem, around.own))
    evidence.quoted(screen, report.verdict.lines, around.file)
    screen.add(say("report.our-trouble"))
    screen.gap()
    screen.next((say("next.doctor"), "llmex doctor", ""))


def _delegated(screen: Page, report: Report, around: Around) -> None:
    say = screen.words.say
    _passed(screen, report.verdict, around)
    _used(screen, report)
    names = ", ".join(scrub(name, 80) for name in report.verdict.delegated_to)
    screen.gap()
    key = "report.delegated-somewhere" if report.yours else "report.delegated"
    screen.add(say(key, names=names), indent=1)  # an earlier answer may be what calls
    _try_again(screen, report, around)


def _unfinished(screen: Page, report: Report, around: Around) -> None:
    say = screen.words.say
    _passed(screen, report.verdict, around)
    screen.mark("dot", say("report.long-left-out", n=len(report.left_out)), "quiet")
    _used(screen, report)
    screen.gap()
    command = around.command
    if "--file" not in command:
        command = f"llmex check {report.exercise}"
    key = "report.unfinished-about" if around.minutes else "report.unfinished"
    quick = report.verdict.passed
    screen.add(say(key, quick=quick, command=command, n=around.minutes), indent=1)
    screen.gap()
    screen.next((say("next.go-on"), command, ""))


def _borrowed(screen: Page, report: Report, around: Around) -> None:
    """Right, but not a pass: which of the exercises that it builds on are not the learner's own."""
    say = screen.words.say
    _training(screen, report, around)
    _passed(screen, report.verdict, around)
    screen.gap()
    provided = [e for e in report.missing if e in report.provided]
    others = [e for e in report.missing if e not in provided]
    for key, ids in (("provided", provided), ("unpassed", others)):
        if ids:
            names = scrub(", ".join(ids), 600)
            screen.add(say(f"report.borrowed-{key}", names=names), indent=1)
    screen.add(say("report.borrowed"), indent=1)
    steps = [(say("next.begin"), f"llmex next {provided[0]}", "")] if provided else []
    if others:
        steps.append((say("next.look-at"), f"llmex check {others[0]}", ""))
    screen.gap()
    screen.next(*steps)


def _judged(screen: Page, report: Report, around: Around) -> None:
    verdict = report.verdict
    if verdict.problem:
        screen.mark("bad", evidence.sentence(screen, verdict.problem, around.own))
        evidence.quoted(screen, verdict.lines, around.file)
        evidence.printed(screen, verdict.output, verdict.output_lost)
        return _try_again(screen, report, around, hint=False)
    _training(screen, report, around)
    _passed(screen, verdict, around)
    if verdict.outcome == "passed":
        _used(screen, report)
        return _well_done(screen, report, around)
    _wrong(screen, verdict, around)
    _used(screen, report)
    _diagnosis(screen, report, around)
    return _try_again(screen, report, around)


def _training(screen: Page, report: Report, around: Around) -> None:
    run = longest(report.verdict)
    if run is not None:
        training(screen, run, around.own, around.saved)
        screen.gap()


def _passed(screen: Page, verdict: Verdict, around: Around) -> None:
    good = [check for check in verdict.checks if check.outcome == "passed"]
    if len(good) >= MANY and verdict.outcome != "passed" and not around.every:
        return screen.mark("good", screen.words.say("report.passes", n=len(good)))
    for check in good:
        screen.mark("good", title_of(check, around.titles))
    return None


def _wrong(screen: Page, verdict: Verdict, around: Around) -> None:
    """The first check that failed, whole, and the one that was stopped; the others are counted.

    With `every` all are whole.
    """
    lost = [check for check in verdict.checks if check.outcome in LOST]
    first = lost[:1]
    shown = [c for c in lost if around.every or c in first or c.outcome == "stopped"]
    for check in shown:
        screen.mark("bad", title_of(check, around.titles), "head")
        if check.counterexample and (around.every or check in first):
            evidence.counterexample(screen, check.counterexample, around.own, around.file)
        if check.outcome == "stopped" or (check.outcome == "error" and verdict.stop):
            _stop(screen, verdict, around)
    if verdict.stop and not any(check.outcome == "stopped" for check in shown):
        _stop(screen, verdict, around)
    if not any(c.counterexample and c.counterexample.printed for c in shown):
        evidence.printed(screen, verdict.output, verdict.output_lost)
    _rest(screen, verdict, len(lost) - len(shown), around)


def _stop(screen: Page, verdict: Verdict, around: Around) -> None:
    if verdict.stop:
        screen.add(evidence.sentence(screen, verdict.stop, around.own), indent=5)
        evidence.quoted(screen, verdict.lines, around.file)


def _rest(screen: Page, verdict: Verdict, hidden: int, around: Around) -> None:
    say = screen.words.say
    waiting = [check for check in verdict.checks if check.outcome == "not-written"]
    asleep = [check for check in verdict.checks if check.outcome == "not-run"]
    if hidden:
        screen.mark("dot", say("report.hidden", n=hidden), "quiet")
    if waiting and (around.every or len(waiting) == 1 or not hidden):
        for check in waiting if around.every else waiting[:1]:
            screen.mark(
                "dot", say("report.not-written", title=title_of(check, around.titles)), "quiet"
            )
        waiting = [] if around.every else waiting[1:]
    if waiting:
        screen.mark("dot", say("report.more-not-written", n=len(waiting)), "quiet")
    waits = [check for check in asleep if check.name in around.long and not verdict.stop]
    if waits:
        asleep = [check for check in asleep if check not in waits]
        screen.mark("dot", say("report.long-waits", n=len(waits)), "quiet")
    if asleep:
        screen.mark("dot", say("report.not-run", n=len(asleep)), "quiet")


def _diagnosis(screen: Page, report: Report, around: Around) -> None:
    if report.diagnosis is None:
        return
    screen.gap()
    screen.add(screen.words.say("report.same-as", n=report.diagnosis.calls), indent=1)
    screen.add(scrub(around.says or report.diagnosis.says, 600), "warn")


def title_of(check: Check, titles: Mapping[str, str]) -> str:
    """What a check is called, in the learner's language where `titles` has it."""
    return scrub(titles.get(check.name) or check.title or check.name, 300)


def _well_done(screen: Page, report: Report, around: Around) -> None:
    say = screen.words.say
    screen.gap()
    if around.recorded:
        screen.add(say("report.passed", n=max(around.attempts, 1), s=_seconds(report)), indent=1)
    else:
        screen.add(say("report.not-recorded", path=around.path, s=_seconds(report)), indent=1)
    go_on = (say("next.done"), "llmex status", "")
    if around.next:
        go_on = (say("next.go-to", id=around.next), "llmex next", "")
    steps = [go_on, (say("next.compare"), f"llmex solution {report.exercise}", "")]
    if around.picture:
        steps.append((say("next.see"), f"llmex picture {report.exercise}", ""))
    screen.next(*steps)


def _seconds(report: Report) -> str:
    return f"{report.seconds:.1f}" if report.seconds < 10 else f"{report.seconds:.0f}"


def _used(screen: Page, report: Report) -> None:
    """Which earlier answers took part: the learner's own and the provided ones."""
    say = screen.words.say
    for key, ids in (("report.yours", report.yours), ("report.provided", report.provided)):
        if ids:
            screen.mark("dot", say(key, names=scrub(", ".join(ids), 2000), n=len(ids)), "quiet")
    for key, ids in (("report.blamed", report.blamed), ("report.cleared", report.cleared)):
        if ids:
            names = scrub(", ".join(ids), 300)
            screen.mark("dot", say(key, names=names, command=f"llmex check {' '.join(ids)}"))


def _try_again(screen: Page, report: Report, around: Around, *, hint: bool = True) -> None:
    say = screen.words.say
    screen.gap()
    steps = [(say("next.edit", path=around.path), around.command, "")]
    if hint and around.hints:
        key = "next.hints-left" if around.hints_left else "next.hints-again"
        left = say(key, left=around.hints_left, n=around.hints)
        whose = "" if around.command == "llmex check" else f" {report.exercise}"
        command = "llmex hint" + whose
        steps.append((say("next.stuck"), command, left))
    screen.next(*steps)
