"""All that is wrong with a course's metadata at once, for authors."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llmex.grader.catalog import Course
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise, snake, suite_titles
from llmex.grader.metadata import HiddenOverlay, Overlay
from llmex.grader.mistakes import read_mistakes
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, read_yaml, shown

# A workspace folder of such a name would hide the library from the learner's own code.
LIBRARIES = frozenset({"llmex", "numpy", "torch", "pytest", "typer", "rich", "yaml", "msgpack"})


def problems(course: Course) -> list[LlmexError]:
    """Every error of course.yaml, exercise.yaml, overlays, mistakes and suites, in course order."""
    found = [*_module_names(course), *_folders(course), *_tracks(course), *_aliases(course)]
    for exercise_id in course.ids:
        if (course.root / "exercises" / course.module_of[exercise_id] / exercise_id).is_dir():
            exercise, errors = course.attempt(exercise_id)
            found += errors if exercise is None else exercise_problems(course, exercise)
    return found


def exercise_problems(course: Course, exercise: Exercise) -> list[LlmexError]:
    """Every error of one exercise whose own metadata could be read."""
    document = read_yaml(exercise.folder / "exercise.yaml")
    found = [
        *_prerequisites(course, exercise, document),
        *_files(exercise, document),
        *_overlay_problems(Overlay, exercise.folder, exercise),
    ]
    if course.solutions is not None:
        found += [
            *_overlay_problems(HiddenOverlay, exercise.solution_folder, exercise),
            *_suite(exercise, document),
            *_mistakes(exercise),
        ]
    return found


def _module_names(course: Course) -> Iterator[LlmexError]:
    for index, module in enumerate(course.modules):
        if module.id in LIBRARIES | sys.stdlib_module_names or keyword.iskeyword(module.id):
            yield LlmexError(
                "{file}:{line}:{column}: the module '{name}' would hide Python's own of that name.",
                "Choose another id for it.",
                name=module.id,
                **course.document.place(("modules", index, "id")).fields,
            )


def _folders(course: Course) -> Iterator[LlmexError]:
    """Exercises without a folder, folders without an entry."""
    top = course.root / "exercises"
    for m, module in enumerate(course.modules):
        for i, exercise in enumerate(module.exercises):
            place = course.document.place(("modules", m, "exercises", i))
            if keyword.iskeyword(snake(exercise)):
                yield LlmexError(
                    "{file}:{line}:{column}: '{id}' is a word of Python's own.",
                    "Choose another id: answers import the exercise by it.",
                    id=exercise,
                    **place.fields,
                )
            if not (top / module.id / exercise).is_dir():
                yield LlmexError(
                    "{file}:{line}:{column}: the exercise '{id}' has no folder {folder}.",
                    "Write its exercise.yaml there, or remove the id here.",
                    id=exercise,
                    folder=shown(top / module.id / exercise),
                    **place.fields,
                )
    for path in sorted(top.glob("*/*/exercise.yaml")):
        if course.module_of.get(path.parent.name) != path.parent.parent.name:
            yield LlmexError(
                "{file}:{line}:{column}: {folder} is not in this list.",
                "Add '{id}' to the exercises of the module '{module}' here.",
                folder=shown(path.parent),
                id=path.parent.name,
                module=path.parent.parent.name,
                **course.document.place(("modules",)).fields,
            )


def _tracks(course: Course) -> Iterator[LlmexError]:
    for name, track in course.tracks.items():
        for index, exercise in enumerate(track.exercises):
            if exercise not in course.module_of:
                yield LlmexError(
                    "{file}:{line}:{column}: the track '{track}' names '{id}', "
                    "which is no exercise of this course.",
                    "Correct the id, or add the exercise to a module.",
                    track=name,
                    id=exercise,
                    **course.document.place(("tracks", name, "exercises", index)).fields,
                )


def _aliases(course: Course) -> Iterator[LlmexError]:
    """Old ids that are an id of today, or another exercise's old id."""
    taken = {e: shown(course.document.path) for e in course.ids}
    for exercise in course.read_all()[0]:
        path = exercise.folder / "exercise.yaml"
        for index, alias in enumerate(exercise.aliases):
            if alias in taken:
                yield LlmexError(
                    "{file}:{line}:{column}: '{alias}' is used in {other} too.",
                    "An id, old or new, belongs to one exercise: remove one of the two.",
                    alias=alias,
                    other=taken[alias],
                    **read_yaml(path).place(("aliases", index)).fields,
                )
            taken.setdefault(alias, shown(path))


def _prerequisites(course: Course, exercise: Exercise, document: Document) -> Iterator[LlmexError]:
    order = {e: index for index, e in enumerate(course.ids)}
    for field in ("needs", "recommends"):
        for index, other in enumerate(getattr(exercise, field)):
            place = document.place((field, index))
            if other not in order:
                yield LlmexError(
                    "{file}:{line}:{column}: '{other}' in '{field}' is no exercise of this course.",
                    "Correct the id, or remove it.",
                    other=other,
                    field=field,
                    **place.fields,
                )
            elif field == "needs" and order[other] >= order[exercise.id]:
                yield LlmexError(
                    "{file}:{line}:{column}: '{id}' needs '{other}', which comes later.",
                    "Move '{other}' before '{id}' in course.yaml, or remove the need.",
                    id=exercise.id,
                    other=other,
                    **place.fields,
                )


def _files(exercise: Exercise, document: Document) -> Iterator[LlmexError]:
    for path in (exercise.stub_path, exercise.notes_path("en")):
        if not path.is_file():
            yield LlmexError(
                "{file}:{line}:{column}: the exercise '{id}' has no {name}.",
                "Write it beside exercise.yaml.",
                id=exercise.id,
                name=path.name,
                **document.place(("id",)).fields,
            )


def _overlay_problems(kind: Any, folder: Path, exercise: Exercise) -> Iterator[LlmexError]:
    for path in sorted(folder.glob("overlay.*.yaml")):
        try:
            document = read_yaml(path)
        except LlmexError as error:
            yield error
            continue
        overlay, errors = read(kind, document)
        yield from errors
        if isinstance(overlay, Overlay) and not errors:
            yield from _strangers(overlay, document, exercise)


def _strangers(overlay: Overlay, document: Document, exercise: Exercise) -> Iterator[LlmexError]:
    for check in overlay.checks:
        if check not in exercise.checks:
            yield LlmexError(
                "{file}:{line}:{column}: '{check}' is no check of this exercise.",
                "Use a name that stands in 'checks' of exercise.yaml.",
                check=check,
                **document.place(("checks", check), of_key=True).fields,
            )
    if overlay.hints and len(overlay.hints) != len(exercise.hints):
        yield LlmexError(
            "{file}:{line}:{column}: {given} hints here, {wanted} in exercise.yaml.",
            "Translate each hint, in the same order.",
            given=len(overlay.hints),
            wanted=len(exercise.hints),
            **document.place(("hints",)).fields,
        )


def _suite(exercise: Exercise, document: Document) -> Iterator[LlmexError]:
    """The suite's tests are the listed checks, in order, each with a title."""
    suite = exercise.suite_path
    try:
        text = suite.read_text("utf-8")
        titles = suite_titles(text)
    except (OSError, ValueError, SyntaxError) as error:
        yield LlmexError(
            "{file}:{line}: this cannot be read as Python: {reason}.",
            "Write the suite there, or mend it.",
            file=shown(suite),
            line=getattr(error, "lineno", None) or 1,
            reason=getattr(error, "msg", None) or getattr(error, "strerror", None) or str(error),
        )
        return
    if tuple(titles) != exercise.checks:
        missing = [c for c in exercise.checks if c not in titles]
        extra = [t for t in titles if t not in exercise.checks]
        yield LlmexError(
            "{file}:{line}:{column}: 'checks' is not what {suite} holds ({difference}).",
            "List the suite's tests in its order.",
            suite=shown(suite),
            difference=", ".join([*(f"-{c}" for c in missing), *(f"+{t}" for t in extra)])
            or "another order",
            **document.place(("checks",)).fields,
        )
    for name, title in titles.items():
        if not title:
            yield LlmexError(
                "{file}:{line}: '{test}' has no docstring.",
                "Write one sentence there: it is the title that the learner reads.",
                file=shown(suite),
                line=text[: text.find(f"def {name}(")].count("\n") + 1,
                test=name,
            )


def _mistakes(exercise: Exercise) -> Iterator[LlmexError]:
    found, errors = read_mistakes(exercise)
    yield from errors
    for mistake in found:
        try:
            mistake.source()
        except LlmexError as error:
            yield error
