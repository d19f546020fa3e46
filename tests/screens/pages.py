"""The screens of break, picture, list, reset, restore, tracks, data, doctor and check --all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from llmex.cli.page import Page
from llmex.cli.screens import breaking, course, health, keeping, panels, results, settings
from llmex.cli.words import Words
from llmex.grader.panel import Picture
from llmex.grader.panel import panels as read
from llmex.grader.report import Check, Report, Sentence, Verdict
from tests.screens.ground import CASE

TITLE = {"en": "What the first head looks at", "zh": "第一个头在看什么"}
PANELS: dict[str, dict[str, Any]] = {
    "heat": {"rows": ["the", "cat"], "columns": ["the", "cat"], "values": [[1.0, 0.0], [0.3, 0.7]]},
    "curves": {"rows": ["rate"], "xs": [0, 1, 2, 3], "values": [[0.0, 2.0, 1.0, 0.5]]},
    "bars": {"rows": ["T = 1"], "columns": ["a", "b"], "values": [[0.25, 0.75]]},
    "graph": {"nodes": ["loss", "w · x", "w"], "edges": [[1, 0], [2, 1]]},
    "tokens": {"pieces": ["lo", "wer", " 学"]},
}
SAYS = {
    "no-scale": {"en": "The scores are not divided by √d.", "zh": "分数没有除以 √d。"},
    "late-mask": {"en": "The mask comes after the softmax.", "zh": "掩码加在了 softmax 之后。"},
}
BROKEN = Verdict(
    "failed",
    (
        Check("test_sum", "Every query's weights sum to one", "passed"),
        Check("test_equal", "Equals the definition", "failed", CASE),
    ),
)
LINES = ("-    return q @ k.T / math.sqrt(d)", "+    return q @ k.T")
ROWS = (
    course.Row("stable-softmax", "Stable softmax", "Networks", "passed", 20, 1, note="changed"),
    course.Row("layer-norm", "Layer normalisation", "Networks", "passed", 25, 2),
)
TRACKS = (
    course.Path("spine", "The way to a GPT", 3, 25, True),
    course.Path("full", "the whole course", 3, 60, False),
)
COPIES = (
    ("attention/weights.py", "20260131T093000Z-2"), ("attention/weights.py", "20260131T093000Z"),
)  # fmt: skip
WELL = (health.Finding("llmex 0.1.0"), health.Finding("without Landlock", None))
ILL = (*WELL, health.Finding("torch is missing", False, "pip install torch"))
FOUND = (
    results.Result("stable-softmax", "Stable softmax", Verdict("passed", BROKEN.checks[:1])),
    results.Result("layer-norm", "Layer normalisation", BROKEN),
    results.Result("char-gpt", "A GPT", Verdict("unfinished", BROKEN.checks[:1]), True),
)
Screen = Callable[[str, bool], Page]


def _changes(lang: str) -> Mapping[str, str]:
    return {name: says[lang] for name, says in SAYS.items()}


def _break(lang: str, plain: bool) -> Page:
    found = breaking.Break(SAYS["no-scale"][lang], LINES)
    report = Report("weights", 1, BROKEN)
    return breaking.broken(Words(lang), "Attention", report, found, plain=plain)


def _picture(kind: str) -> Screen:
    drawn = Picture(read([{"kind": kind, "title": TITLE, **PANELS[kind]}]))

    def page(lang: str, plain: bool) -> Page:
        words = Words(lang)
        said = words.say("picture.saved", path="attention/weights.picture.svg")
        return panels.picture(words, "weights", "Attention", drawn, said, "w.py", plain=plain)

    return page


def _no_picture(lang: str, plain: bool) -> Page:
    problem = Sentence("It ran longer than {seconds} seconds and was stopped.", {"seconds": 10})
    drawn = Picture(problem=problem, lines=("weights.py:2: while True:",))
    return panels.picture(Words(lang), "weights", "Attention", drawn, "", "w.py", plain=plain)


def _files(lang: str, plain: bool) -> Page:
    found = {"analects.txt": PurePosixPath("/course/exercises/data/analects.txt")}
    return course.files(Words(lang), found, alone=False, plain=plain)


MORE: dict[str, Screen] = {
    "break": lambda lang, plain: breaking.choices(
        Words(lang), "weights", "Attention", _changes(lang), plain=plain
    ),
    "break-one": _break,
    **{f"picture-{kind}": _picture(kind) for kind in PANELS},
    "picture-none": _no_picture,
    "picture-list": lambda lang, plain: panels.choices(
        Words(lang), {"weights": "Attention weights"}, plain=plain
    ),
    "list-stale": lambda lang, plain: course.exercises(Words(lang), "Course", ROWS, plain=plain),
    "tracks": lambda lang, plain: course.paths(Words(lang), TRACKS, changed=False, plain=plain),
    "data": _files,
    "reset": lambda lang, plain: keeping.was_reset(
        Words(lang), "weights", "attention/weights.py", COPIES[0][1], plain=plain
    ),
    "reset-stub": lambda lang, plain: keeping.was_reset(
        Words(lang), "weights", "attention/weights.py", None, plain=plain
    ),
    "restore": lambda lang, plain: keeping.kept_copies(Words(lang), COPIES, "weights", plain=plain),
    "restore-none": lambda lang, plain: keeping.kept_copies(Words(lang), (), "", plain=plain),
    "restored": lambda lang, plain: keeping.was_restored(
        Words(lang), "weights", "attention/weights.py", COPIES[1][1], COPIES[0][1], plain=plain
    ),
    "settings-changed": lambda lang, plain: settings.settings(
        Words(lang), {"open": "always"}, changed=True, plain=plain
    ),
    "doctor": lambda lang, plain: health.health(Words(lang), WELL, plain=plain),
    "doctor-ill": lambda lang, plain: health.health(Words(lang), ILL, plain=plain),
    "check-all": lambda lang, plain: results.results(Words(lang), FOUND, plain=plain),
}
