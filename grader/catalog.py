"""Reads a course: its modules and exercises in order, its tracks, and any exercise by its name."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise, read_exercise, snake
from llmex.grader.metadata import SCHEMA, Limits, Module, Syllabus, Track, json_schema
from llmex.grader.mistakes import Mistake, mistakes
from llmex.grader.names import resolve, unknown
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, Keys, Place, read_yaml, shown

__all__ = [
    "Course", "Exercise", "Limits", "Mistake", "Module", "Track",
    "json_schema", "load_course", "mistakes",
]  # fmt: skip

BUILT_IN = Path(__file__).resolve().parent.parent
FULL = "full"
SPINE = "spine"


@dataclass(frozen=True, eq=False)
class Course:
    """Modules and exercises in order, and named paths through them.

    `root` holds exercises/ and, where answers can be checked, solutions/. An exercise is read when
    it is asked for, so that a broken one does no harm to the others. `languages` are those in
    which everything is promised to be written.
    """

    root: Path
    schema: int
    title: Mapping[str, str]
    modules: tuple[Module, ...]
    tracks: Mapping[str, Track]
    document: Document = field(repr=False)
    languages: tuple[str, ...]

    @property
    def solutions(self) -> Path | None:
        """The hidden tree, or None where the course comes without it."""
        folder = self.root / "solutions"
        return folder if folder.is_dir() else None

    @functools.cached_property
    def ids(self) -> tuple[str, ...]:
        """All exercise ids in the course's order."""
        return tuple(self.module_of)

    @functools.cached_property
    def module_of(self) -> Mapping[str, str]:
        """The module's id of each exercise, in the course's order."""
        return {e: module.id for module in self.modules for e in module.exercises}

    @functools.cached_property
    def imports(self) -> Mapping[str, str]:
        """The exercise id of each module name that an answer may import."""
        return {f"{module}.{snake(e)}": e for e, module in self.module_of.items()}

    @property
    def is_built_in(self) -> bool:
        """Whether this is the course that llmex brings along."""
        return self.root == BUILT_IN

    def title_in(self, lang: str) -> str:
        """The course's title in this language, or in English."""
        return self.title.get(lang) or self.title["en"]

    def module(self, module_id: str) -> Module:
        """The module with this id (KeyError if none)."""
        return {module.id: module for module in self.modules}[module_id]

    def exercise(self, exercise_id: str) -> Exercise:
        """The exercise with exactly this id; read once.

        Raises the first LlmexError of its metadata, or one that there is no such exercise.
        """
        found, errors = self.attempt(exercise_id)
        if found is None:
            raise errors[0]
        return found

    def attempt(self, exercise_id: str) -> tuple[Exercise | None, list[LlmexError]]:
        """The exercise, or None with all that is wrong with its metadata."""
        if exercise_id not in self.module_of:
            raise unknown(exercise_id, self.ids)
        if exercise_id not in self._read:
            module = self.module_of[exercise_id]
            self._read[exercise_id] = read_exercise(self.root, module, exercise_id)
        return self._read[exercise_id]

    def read_all(self) -> tuple[tuple[Exercise, ...], tuple[LlmexError, ...]]:
        """Every exercise that can be read, in order, and the errors of the others."""
        tried = [self.attempt(e) for e in self.ids]
        good = tuple(exercise for exercise, _ in tried if exercise is not None)
        return good, tuple(error for _, errors in tried for error in errors)

    def find(self, text: str) -> str:
        """The id that `text` means: an id, an old one, a workspace path or a part of one id.

        LlmexError with a near name where there is none, or with the candidates where it is not
        clear.
        """
        return resolve(text, self.ids, lambda: self.aliases)

    @functools.cached_property
    def aliases(self) -> Mapping[str, str]:
        """The id of today for each older id."""
        exercises, _ = self.read_all()
        return {alias: exercise.id for exercise in exercises for alias in exercise.aliases}

    @property
    def default_track(self) -> str:
        """The spine where the course has one, else everything."""
        return SPINE if SPINE in self.tracks else FULL

    def track(self, name: str | None = None) -> tuple[str, ...]:
        """The ids of a track in its order; None is the default, `full` is always everything."""
        name = name or self.default_track
        if name == FULL and FULL not in self.tracks:
            return self.ids
        if name not in self.tracks:
            raise LlmexError(
                "There is no track '{name}'.",
                "This course has {tracks}; `llmex tracks` shows them.",
                name=name,
                tracks=", ".join(dict.fromkeys([*self.tracks, FULL])),
            )
        return self.tracks[name].exercises

    @functools.cached_property
    def _read(self) -> dict[str, tuple[Exercise | None, list[LlmexError]]]:
        return {}


def load_course(root: Path | None = None) -> Course:
    """The course in the folder `root`, or without it the one that llmex brings along.

    Only course.yaml is read here. Raises the first LlmexError that is found in it.
    """
    root = BUILT_IN if root is None else Path(root).resolve()
    path = root / "exercises" / "course.yaml"
    if not path.is_file():
        raise LlmexError(
            "There is no course in {folder}.",
            "Name a folder that holds exercises/course.yaml.",
            folder=shown(root),
        )
    document = read_yaml(path)
    _refuse_newer(document)
    syllabus, errors = read(Syllabus, document)
    errors = errors or _repeated(syllabus, document)
    if errors:
        raise errors[0]
    given = {f.name: getattr(syllabus, f.name) for f in dataclasses.fields(syllabus)}
    return Course(root=root, document=document, **given)


def _refuse_newer(document: Document) -> None:
    schema = document.value.get("schema") if isinstance(document.value, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise LlmexError(
            "{file}:{line}:{column}: this course is made for a newer llmex (schema {schema}).",
            "Bring llmex up to date: `pip install --upgrade llmex`.",
            schema=schema,
            **document.place(("schema",)).fields,
        )


def _repeated(syllabus: Syllabus, document: Document) -> list[LlmexError]:
    """Ids that stand twice in course.yaml, both places named."""
    errors: list[LlmexError] = []
    seen: dict[str, Place] = {}
    for m, module in enumerate(syllabus.modules):
        entries: list[tuple[str, Keys]] = [(module.id, ("modules", m, "id"))]
        entries += [(e, ("modules", m, "exercises", i)) for i, e in enumerate(module.exercises)]
        for name, keys in entries:
            place = document.place(keys)
            if name in seen:
                errors.append(
                    LlmexError(
                        "{file}:{line}:{column}: '{name}' stands here and in line {first}.",
                        "Keep one of the two; an id is used once in a course.",
                        name=name,
                        first=seen[name].line,
                        **place.fields,
                    )
                )
            seen.setdefault(name, place)
    return errors
