"""What a learner reads: hints that help before they tell, titles that fit, nothing given away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author import whys
from llmex.grader.author.finding import at, columns, line_in, line_of_check
from llmex.grader.author.secrets import Secrets
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise, suite_titles
from llmex.grader.metadata import HiddenOverlay, Overlay
from llmex.grader.mistakes import Mistake
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, read_yaml

HINTS = 3
WIDEST = 75  # columns of a title: it stands on one line of 80, behind a mark
TWO_LINES = 150  # columns of the sentence that names a mistake


def findings(exercise: Exercise, mistakes: list[Mistake]) -> Iterator[LlmexError]:
    """Too few or telling hints, titles too wide for a line, texts that give the answer away."""
    secrets = Secrets(exercise.solution_path, exercise.stub_path)
    path = exercise.folder / "exercise.yaml"
    yield from _hints(exercise, path)
    yield from _told(path, read_yaml(path), exercise.hints, secrets)
    chinese = _overlay(exercise.folder / "overlay.zh.yaml")
    if chinese is not None:
        overlay, document = chinese
        yield from _told(document.path, document, overlay.hints, secrets)
        for name, title in overlay.checks.items():
            line = document.place(("checks", name)).line
            yield from _width(document.path, line, title, WIDEST)
    yield from _suite(exercise, secrets)
    yield from _notes(exercise, secrets)
    yield from _sentences(exercise, mistakes)


def _hints(exercise: Exercise, path: Path) -> Iterator[LlmexError]:
    if len(exercise.hints) < HINTS:
        yield at(
            path,
            line_in(path, "\nhints:") + bool(exercise.hints),
            "{file}:{line}: {n} hints; a learner who is stuck needs at least {wanted}.",
            "Add some: first a question, then the idea, last the code.",
            n=len(exercise.hints),
            wanted=HINTS,
        )
    if exercise.hints and "?" not in exercise.hints[0]:
        yield at(
            path,
            read_yaml(path).place(("hints", 0)).line,
            "{file}:{line}: the first hint asks no question.",
            "Begin with a question that leads to the idea.",
        )


def _told(
    path: Path, document: Document, hints: tuple[str, ...], secrets: Secrets
) -> Iterator[LlmexError]:
    for index, hint in enumerate(hints[:-1]):
        told = secrets.told_by(hint)
        if told:
            yield at(
                path,
                document.place(("hints", index)).line,
                "{file}:{line}: hint {number} of {n} holds a line of the solution: {told}",
                "Say the idea in words, or move the code to the last hint.",
                number=index + 1,
                n=len(hints),
                told=told,
            )


def _overlay(path: Path) -> tuple[Overlay, Document] | None:
    if not path.is_file():
        return None
    try:
        document = read_yaml(path)
    except LlmexError:
        return None
    overlay, errors = read(Overlay, document)
    return None if errors or overlay is None else (overlay, document)


def _suite(exercise: Exercise, secrets: Secrets) -> Iterator[LlmexError]:
    path = exercise.suite_path
    try:
        titles = suite_titles(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return
    for name, title in titles.items():
        line = line_of_check(path, name) + 1
        yield from _width(path, line, title, WIDEST)
        yield from _given_away(path, line, title, secrets)
    found, made = whys.templates(path)
    for template, line in found:
        yield from _given_away(path, line, template, secrets)
    for line in made:
        yield at(
            path,
            line,
            "{file}:{line}: this 'why' is put together, so that it cannot be translated.",
            "Write a literal with {fields}, and give the fields as keywords.",
        )


def _width(path: Path, line: int, text: str, most: int) -> Iterator[LlmexError]:
    if columns(text) > most:
        yield at(
            path,
            line,
            "{file}:{line}: {columns} columns wide, at most {most} fit: {text}",
            "Say it in fewer words.",
            columns=columns(text),
            most=most,
            text=text,
        )


def _notes(exercise: Exercise, secrets: Secrets) -> Iterator[LlmexError]:
    for path in sorted(exercise.folder.glob("notes.*.md")):
        try:
            text = path.read_text("utf-8")
        except (OSError, ValueError):
            continue
        told = secrets.told_by(text)
        if told:
            yield from _given_away(path, line_in(path, told), text, secrets)


def _given_away(path: Path, line: int, text: str, secrets: Secrets) -> Iterator[LlmexError]:
    told = secrets.told_by(text)
    if told:
        yield at(
            path,
            line,
            "{file}:{line}: this shows a line of the solution: {told}",
            "Say it in words: only the last hint may show code.",
            told=told,
        )


def _sentences(exercise: Exercise, mistakes: list[Mistake]) -> Iterator[LlmexError]:
    """The sentence of a mistake fits two lines, in both languages."""
    for mistake in mistakes:
        yield from _width(exercise.mistakes_path, mistake.place.line, mistake.says, TWO_LINES)
    path = exercise.solution_folder / "overlay.zh.yaml"
    if path.is_file():
        document = read_yaml(path)
        overlay, errors = read(HiddenOverlay, document)
        for name, text in overlay.mistakes.items() if overlay and not errors else ():
            yield from _width(path, document.place(("mistakes", name)).line, text, TWO_LINES)
