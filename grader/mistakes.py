"""The known wrong implementations of an exercise, each made from the solution by its edits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.metadata import Edit, MistakeData
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, Keys, Place, read_yaml, shown


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation and the sentence that names its cause.

    `edits` change `solution`, or `file` is the whole of it; `places` tell where each edit stands
    in mistakes.yaml.
    """

    id: str
    says: str
    solution: Path
    edits: tuple[Edit, ...]
    file: Path | None
    place: Place
    places: tuple[Place, ...]

    def source(self) -> str:
        """The wrong source. LlmexError names the line of an edit that does not fit."""
        if self.file is not None:
            return _read(self.file, self.place)
        text = _read(self.solution, self.place)
        cuts = sorted(
            (
                (_only(text, edit, place), edit, place)
                for edit, place in zip(self.edits, self.places, strict=True)
            ),
            key=lambda cut: cut[0],
            reverse=True,
        )
        edited, later = text, len(text)
        for start, edit, place in cuts:
            end = start + len(edit.find)
            if end > later:
                raise LlmexError(
                    "{file}:{line}:{column}: this edit overlaps another one of the same mistake.",
                    "Make one edit of the two.",
                    **place.fields,
                )
            edited, later = edited[:start] + edit.replace + edited[end:], start
        return edited


def mistakes(exercise: Exercise) -> tuple[Mistake, ...]:
    """The mistakes of an exercise in the order of mistakes.yaml; none where there is no file.

    Raises the first LlmexError of the file.
    """
    found, errors = read_mistakes(exercise)
    if errors:
        raise errors[0]
    return found


def read_mistakes(exercise: Exercise) -> tuple[tuple[Mistake, ...], list[LlmexError]]:
    """The mistakes, and all that is wrong with mistakes.yaml."""
    if not exercise.mistakes_path.is_file():
        return (), []
    try:
        document = read_yaml(exercise.mistakes_path)
    except LlmexError as error:
        return (), [error]
    entries, errors = read(tuple[MistakeData, ...], document)
    if errors:
        return (), errors
    errors = _disagreements(entries, document)
    if errors:
        return (), errors
    return tuple(_mistake(e, i, document, exercise) for i, e in enumerate(entries)), []


def _mistake(entry: MistakeData, index: int, document: Document, exercise: Exercise) -> Mistake:
    edits = entry.edit or ()
    return Mistake(
        id=entry.id,
        says=entry.says,
        solution=exercise.solution_path,
        edits=edits,
        file=None if entry.file is None else exercise.solution_folder / entry.file,
        place=document.place((index,)),
        places=tuple(document.place((index, "edit", k)) for k in range(len(edits))),
    )


def _disagreements(entries: tuple[MistakeData, ...], document: Document) -> list[LlmexError]:
    errors = []
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        at: Keys = (index, "id")
        if entry.id in seen:
            errors.append(
                LlmexError(
                    "{file}:{line}:{column}: the mistake '{id}' stands in line {first} too.",
                    "Give one of them another id.",
                    id=entry.id,
                    first=seen[entry.id],
                    **document.place(at).fields,
                )
            )
        seen.setdefault(entry.id, document.place(at).line)
        if (entry.edit is None) == (entry.file is None):
            errors.append(
                LlmexError(
                    "{file}:{line}:{column}: the mistake '{id}' needs either 'edit' or 'file'.",
                    "Write 'edit: [{find: ..., replace: ...}]', or 'file:' with a whole file.",
                    id=entry.id,
                    **document.place(at).fields,
                )
            )
    return errors


def _only(text: str, edit: Edit, place: Place) -> int:
    """Where `edit.find` stands in the solution, if it does exactly once."""
    times = text.count(edit.find) if edit.find else 0
    if times == 1:
        return text.index(edit.find)
    raise LlmexError(
        "{file}:{line}:{column}: '{find}' occurs {times} times in solution.py, not once.",
        "Copy a longer piece of solution.py, so that it occurs exactly once.",
        find=edit.find,
        times=times,
        **place.fields,
    )


def _read(path: Path, place: Place) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        raise LlmexError(
            "{file}:{line}:{column}: {needed} cannot be read.",
            "Write it, or correct the name.",
            needed=shown(path),
            **place.fields,
        ) from None
