"""The part of a report that shows a training: its loss curve, what it wrote, what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from llmex.cli.curve import curve
from llmex.cli.drawing import Said, drawing
from llmex.cli.numbers import clock, counted, measured
from llmex.cli.page import Page
from llmex.cli.words import Own, Words
from llmex.grader.report import Run, Sentence, Verdict
from llmex.grader.scrub import scrub

TABLE = 10  # rows of a curve in numbers
EARLY, LAST = 2, 10  # lines shown of a sample, and of the last one


def longest(verdict: Verdict) -> Run | None:
    """The training to show: the one that got farthest, the later one of two; None without any."""
    runs = [run for run in verdict.runs if len(run.losses) > 1]
    return max(reversed(runs), key=lambda run: run.reached, default=None)


def training(screen: Page, run: Run, own: Own, saved: str = "") -> None:
    """The curve, in words as a table; samples; a line on how it ended and where it is kept."""
    words = screen.words
    unit = named(words, run.unit, own)
    screen.gap()
    screen.add(words.say("run.head", unit=unit), "quiet")
    (_table if screen.plain else _curve)(screen, run, own)
    _samples(screen, run)
    screen.gap()
    screen.mark("dot", ending(words, run, unit))
    if run.gate and run.value is not None:
        screen.mark("dot", gate(words, run))
    if saved:
        screen.mark("dot", saved, "quiet")


def ending(words: Words, run: Run, unit: str) -> str:
    """How a training ended: what was measured, or where it stopped."""
    fields = {"steps": counted(run.steps), "time": clock(run.seconds)}
    if run.value is None:
        return words.say("run.stopped", step=counted(run.reached), **fields)
    return words.say("run.measured", value=measured(run.value), unit=unit, **fields)


def gate(words: Words, run: Run) -> str:
    """Between which losses a training passes."""
    low, high = run.gate or (0.0, 0.0)
    return words.say("run.gate", low=measured(low), high=measured(high))


def picture(words: Words, run: Run, title: str, own: Own) -> str:
    """The curve as an SVG document in the learner's language."""
    said = Said(
        title=title,
        step=words.say("run.step"),
        unit=named(words, run.unit, own),
        measured=words.say("run.value"),
        gate=gate(words, run) if run.gate else "",
    )
    return drawing(run, said, _baselines(words, run, own))


def named(words: Words, name: str, own: Own) -> str:
    """A unit or a baseline's name, which a suite gave, in the learner's language."""
    return scrub(words.sentence(Sentence(name), own), 60)


def _baselines(words: Words, run: Run, own: Own) -> Mapping[str, float]:
    return {named(words, name, own): value for name, value in run.baselines.items()}


def _curve(screen: Page, run: Run, own: Own) -> None:
    marks = {} if run.value is None else {screen.words.say("run.value"): run.value}
    for row in curve(run, _baselines(screen.words, run, own), marks):
        screen.code(row, indent=3)


def _table(screen: Page, run: Run, own: Own) -> None:
    """Some steps with their losses, and the baselines, each in a line."""
    count = len(run.losses)
    places = sorted({round(i * (count - 1) / (TABLE - 1)) for i in range(TABLE)})
    say = screen.words.say
    for step, loss in (run.losses[place] for place in places):
        screen.add(say("run.row", step=counted(int(step)), loss=measured(loss)), indent=5)
    for name, value in _baselines(screen.words, run, own).items():
        screen.add(say("run.baseline", name=name, loss=measured(value)), indent=5)


def _samples(screen: Page, run: Run) -> None:
    """What the model wrote at each moment; the last with the most lines."""
    for number, (step, text) in enumerate(run.samples, 1):
        steps = int(step)
        screen.gap()
        head = screen.words.say("run.sample", n=steps, steps=counted(steps))
        screen.add(head, "quiet")
        most = LAST if number == len(run.samples) else EARLY
        lines = str(text).rstrip().split("\n")
        for line in lines[:most]:
            screen.code(scrub(line, 400), fold=number == len(run.samples))
        if len(lines) > most:
            screen.add(screen.words.say("run.more-lines", n=len(lines) - most), "quiet", indent=5)
