"""What course.yaml, exercise.yaml, mistakes.yaml and the overlays may say: the one schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from llmex.grader.json_schema import json_schema_of
from llmex.grader.schema import Rule

SCHEMA = 1

Slug = Annotated[
    str,
    Rule("words in small letters and digits, joined by hyphens", pattern="[a-z0-9]+(-[a-z0-9]+)*"),
]
_slugs = Rule(
    "ids of exercises, words in small letters and digits joined by hyphens",
    pattern="[a-z0-9]+(-[a-z0-9]+)*",
    unique=True,
)
_tests = Rule(
    "names of the suite's functions in its order, such as test_rows_sum_to_one",
    pattern="test_[A-Za-z0-9_]+",
    unique=True,
)
Slugs = Annotated[tuple[str, ...], _slugs]
Words = Annotated[Mapping[str, str], Rule("the text in each language", languages=("en",))]
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Module:
    """One module of course.yaml; its id is the folder here and in the workspace."""

    id: Annotated[
        str, Rule("a Python module's name in small letters", pattern="[a-z][a-z0-9]*(_[a-z0-9]+)*")
    ]
    title: Words
    exercises: Slugs


@dataclass(frozen=True)
class Track:
    """A named path through a course."""

    title: Words
    exercises: Annotated[
        tuple[str, ...], Rule(_slugs.about, pattern=_slugs.pattern, unique=True, least=1)
    ]


@dataclass(frozen=True)
class Syllabus:
    """course.yaml."""

    schema: Annotated[int, Rule("the version of this format", low=SCHEMA, high=SCHEMA)]
    title: Words
    modules: Annotated[tuple[Module, ...], Rule("the modules in order", least=1)]
    tracks: Annotated[
        Mapping[str, Track], Rule("named paths: spine is the default, full is always there")
    ] = field(default_factory=dict)
    languages: Annotated[
        tuple[Literal["en", "zh"], ...],
        Rule("the languages in which everything is written; English always is", unique=True),
    ] = ("en", "zh")


@dataclass(frozen=True)
class Limits:
    """What one check of an answer may use, above what its imports take."""

    cpu_s: Annotated[float, Rule("CPU seconds", low=0.1, high=600)] = 10
    wall_s: Annotated[float, Rule("seconds on the clock", low=0.1, high=1200)] = 20
    long_cpu_s: Annotated[
        float, Rule("CPU seconds of a long check; 0 if no other than cpu_s", low=0, high=1200)
    ] = 0
    long_wall_s: Annotated[
        float, Rule("seconds on the clock of a long check; 0 if no other", low=0, high=3600)
    ] = 0
    memory_mb: Annotated[int, Rule("megabytes of memory", low=16, high=16384)] = 1024
    output_kb: Annotated[int, Rule("kilobytes of printed text kept", low=1, high=1024)] = 64
    reply_mb: Annotated[int, Rule("megabytes of one reply", low=1, high=32)] = 32


@dataclass(frozen=True)
class ForbidIn:
    """Operators that only one function of the answer may not call."""

    within: Annotated[str, Rule("a function or class of the stub", key="in")]
    names: Annotated[tuple[str, ...], Rule("canonical names", unique=True, least=1)]


@dataclass(frozen=True, kw_only=True)
class ExerciseData:
    """exercise.yaml: everything about an exercise that is not a file of its own."""

    id: Annotated[Slug, Rule("the folder's name", pattern=_slugs.pattern)]
    version: Annotated[
        int, Rule("1, more when a passed answer could now fail or a name changes", low=1)
    ]
    title: Annotated[str, Rule("the title in English")]
    summary: Annotated[str, Rule("one sentence that says what the learner writes")]
    difficulty: Annotated[int, Rule("1 (easy) to 4 (hard)", low=1, high=4)]
    minutes: Annotated[int, Rule("how long a learner takes, in minutes", low=1, high=1000)]
    uses: Annotated[
        Literal["python", "numpy", "torch"],
        Rule("python, numpy or torch: what answers need imported"),
    ]
    checks: Annotated[
        tuple[str, ...], Rule(_tests.about, pattern=_tests.pattern, unique=True, least=1)
    ]
    aliases: Annotated[
        Slugs,
        Rule("older ids of this exercise, which never change", pattern=_slugs.pattern, unique=True),
    ] = ()
    needs: Annotated[
        Slugs, Rule("ids of exercises that must come first", pattern=_slugs.pattern, unique=True)
    ] = ()
    recommends: Annotated[
        Slugs, Rule("ids of exercises that would help", pattern=_slugs.pattern, unique=True)
    ] = ()
    requires: Annotated[
        tuple[str, ...], Rule("outside things such as cc, a C compiler", unique=True)
    ] = ()
    forbids: Annotated[
        tuple[str | ForbidIn, ...],
        Rule("canonical names such as torch.softmax, or {in: function, names: [...]}"),
    ] = ()
    limits: Annotated[Limits, Rule("what one check of an answer may use")] = Limits()
    scratch: Annotated[bool, Rule("whether answers may write files in a scratch folder")] = False
    long: Annotated[
        tuple[str, ...],
        Rule(
            "checks that take long: only the solution and the learner sit for them",
            pattern=_tests.pattern,
            unique=True,
        ),
    ] = ()
    own: Annotated[
        bool, Rule("whether it counts only with every exercise of `needs` one's own and passed")
    ] = False
    data: Annotated[tuple[str, ...], Rule("names of data sets of the course", unique=True)] = ()
    hints: Annotated[tuple[str, ...], Rule("texts; first a question, the last may show code")] = ()


@dataclass(frozen=True)
class Overlay:
    """overlay.<language>.yaml beside exercise.yaml: its words in another language."""

    title: Annotated[str, Rule("the title")] = ""
    summary: Annotated[str, Rule("the summary")] = ""
    checks: Annotated[Texts, Rule("the title of each check")] = field(default_factory=dict)
    hints: Annotated[tuple[str, ...], Rule("the hints, in the same order")] = ()


@dataclass(frozen=True)
class HiddenOverlay:
    """overlay.<language>.yaml beside the solution: words that would give an answer away."""

    mistakes: Annotated[Texts, Rule("what each mistake says")] = field(default_factory=dict)
    whys: Annotated[Texts, Rule("each why of the suite")] = field(default_factory=dict)
    alternatives: Annotated[Texts, Rule("the first sentence of each file of alternatives/")] = (
        field(default_factory=dict)
    )


@dataclass(frozen=True)
class Edit:
    """One replacement in solution.py; `find` occurs in it exactly once."""

    find: Annotated[str, Rule("the text as it stands in solution.py", verbatim=True)]
    replace: Annotated[str, Rule("the text in its place", verbatim=True)]


@dataclass(frozen=True)
class MistakeData:
    """One entry of mistakes.yaml: edits of the solution, or a file of its own."""

    id: Slug
    says: Annotated[str, Rule("the sentence that names the cause")]
    edit: Annotated[tuple[Edit, ...], Rule("edits of solution.py", least=1)] | None = None
    file: Annotated[str, Rule("a file beside mistakes.yaml")] | None = None


@dataclass(frozen=True)
class EquivalentData:
    """One entry of equivalent.yaml: a mutant of the solution that no input can tell from it."""

    mutant: Annotated[str, Rule("a mutant, by the name that `llmex author check --deep` gives it")]
    why: Annotated[str, Rule("the sentence that says why no input can show it")]


_EXPORTED: Mapping[str, Any] = {
    "course": Syllabus,
    "exercise": ExerciseData,
    "overlay": Overlay,
    "hidden-overlay": HiddenOverlay,
    "mistakes": tuple[MistakeData, ...],
    "equivalent": tuple[EquivalentData, ...],
}


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of a course's files, by a name of `_EXPORTED`."""
    return json_schema_of(_EXPORTED[name], name)
