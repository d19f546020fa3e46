"""One exercise of a course: its metadata, its files, and its words in the learner's language."""

from __future__ import annotations

import ast
import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast

from llmex.grader.errors import LlmexError
from llmex.grader.metadata import ExerciseData, ForbidIn, HiddenOverlay, Overlay
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, read_yaml, shown

Errors = list[LlmexError]
W = TypeVar("W", Overlay, HiddenOverlay)


@dataclass(frozen=True, kw_only=True, eq=False)
class Exercise(ExerciseData):
    """One thing to implement; where its files lie and what it is called in each language.

    `root` is the course's folder (with exercises/ and solutions/), `module` the module's id.
    Paths are not promised to exist, except where a property says None for an absent file.
    """

    module: str
    root: Path

    @property
    def folder(self) -> Path:
        """The public folder: metadata, stub, notes."""
        return self.root / "exercises" / self.module / self.id

    @property
    def stub_path(self) -> Path:
        """The file that the learner starts from."""
        return self.folder / "stub.py"

    @property
    def provided_path(self) -> Path | None:
        """The library-backed stand-in for this exercise's answer, where there is one."""
        return _if_there(self.folder / "provided.py")

    def limit(self, name: Literal["cpu_s", "wall_s"], check: str) -> float:
        """How many seconds one check may take; a long one may have more."""
        own = getattr(self.limits, f"long_{name}") if check in self.long else 0
        return float(own or getattr(self.limits, name))

    @property
    def trains(self) -> bool:
        """Whether it has a check of minutes: a long one with limits of its own."""
        return bool(self.long and (self.limits.long_cpu_s or self.limits.long_wall_s))

    @property
    def stage_path(self) -> Path | None:
        """The known models and classes that the worker loads before the answer, if any."""
        return _if_there(self.folder / "stage.py")

    @property
    def picture_path(self) -> Path | None:
        """What draws the learner's own working code, if anything does."""
        return _if_there(self.folder / "picture.py")

    def notes_path(self, lang: str) -> Path:
        """The lesson in this language, or in English where there is none."""
        return _if_there(self.folder / f"notes.{lang}.md") or self.folder / "notes.en.md"

    @property
    def solution_folder(self) -> Path:
        """The hidden folder: solution, suite, mistakes. LlmexError in a course without it."""
        solutions = self.root / "solutions"
        if not solutions.is_dir():
            raise LlmexError(
                "The course in {folder} has no solutions.",
                "Its exercises can be read but not checked: put solutions/ beside exercises/.",
                exit_code=3,
                folder=shown(self.root),
            )
        return solutions / self.module / self.id

    @property
    def solution_path(self) -> Path:
        """Our reference."""
        return self.solution_folder / "solution.py"

    @property
    def suite_path(self) -> Path:
        """The hidden tests."""
        return self.solution_folder / "suite.py"

    @property
    def mistakes_path(self) -> Path:
        """The known wrong implementations."""
        return self.solution_folder / "mistakes.yaml"

    @property
    def alternative_paths(self) -> tuple[Path, ...]:
        """Independent correct implementations in other styles, by name."""
        return tuple(sorted((self.solution_folder / "alternatives").glob("*.py")))

    @property
    def delegated_paths(self) -> tuple[Path, ...]:
        """The obvious library calls, by name."""
        return tuple(sorted((self.solution_folder / "delegated").glob("*.py")))

    @property
    def module_name(self) -> str:
        """How answers import it: `neural_networks.stable_softmax`."""
        return f"{self.module}.{snake(self.id)}"

    @property
    def file_name(self) -> str:
        """Where it lies in a workspace: `neural_networks/stable_softmax.py`."""
        return f"{self.module}/{snake(self.id)}.py"

    @property
    def forbidden(self) -> dict[str, tuple[str, ...]]:
        """Canonical names that an answer may not call, by function; "" is the whole answer."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self.forbids:
            where, names = (
                (item.within, item.names) if isinstance(item, ForbidIn) else ("", (item,))
            )
            found[where] = found.get(where, ()) + names
        return found

    def title_in(self, lang: str) -> str:
        """The title in this language, or in English."""
        return self._overlay(lang).title or self.title

    def summary_in(self, lang: str) -> str:
        """The summary in this language, or in English."""
        return self._overlay(lang).summary or self.summary

    def hints_in(self, lang: str) -> tuple[str, ...]:
        """The hints in this language; a hint without a translation is in English."""
        theirs = self._overlay(lang).hints
        return theirs[: len(self.hints)] + self.hints[len(theirs) :]

    def check_titles(self, lang: str) -> dict[str, str]:
        """The title of each check, in the suite's order: the test's docstring or its translation.

        A check without a docstring is called by its name in words.
        """
        theirs = self._overlay(lang).checks
        return {
            name: theirs.get(name) or self._titles.get(name) or _words(name) for name in self.checks
        }

    def mistake_says(self, mistake: str, lang: str, english: str = "") -> str:
        """The sentence that names a mistake's cause, in this language or as `english` has it."""
        return self._hidden_overlay(lang).mistakes.get(mistake) or english

    def why_in(self, template: str, lang: str) -> str:
        """A suite's `why` template in this language; its {fields} are not filled here."""
        return self._hidden_overlay(lang).whys.get(template, template)

    def alternative_says(self, stem: str, lang: str, english: str = "") -> str:
        """What is told of the right way in alternatives/`stem`.py, or `english`."""
        return self._hidden_overlay(lang).alternatives.get(stem) or english

    @functools.cached_property
    def _titles(self) -> dict[str, str]:
        try:
            return suite_titles(self.suite_path.read_text("utf-8"))
        except (OSError, ValueError, SyntaxError, LlmexError):
            return {}

    @functools.cached_property
    def _overlays(self) -> dict[str, Overlay]:
        return {}

    @functools.cached_property
    def _hidden_overlays(self) -> dict[str, HiddenOverlay]:
        return {}

    def _overlay(self, lang: str) -> Overlay:
        if lang not in self._overlays:
            path = self.folder / f"overlay.{lang}.yaml"
            self._overlays[lang] = _words_of(Overlay, path) or Overlay()
        return self._overlays[lang]

    def _hidden_overlay(self, lang: str) -> HiddenOverlay:
        if lang not in self._hidden_overlays:
            folder = self.root / "solutions" / self.module / self.id
            read_words = _words_of(HiddenOverlay, folder / f"overlay.{lang}.yaml")
            self._hidden_overlays[lang] = read_words or HiddenOverlay()
        return self._hidden_overlays[lang]


def snake(exercise_id: str) -> str:
    """The file name of an id: `stable-softmax` lies in `stable_softmax.py`."""
    return exercise_id.replace("-", "_")


def read_exercise(root: Path, module: str, exercise_id: str) -> tuple[Exercise | None, Errors]:
    """The exercise in its folder, and all that is wrong with its exercise.yaml.

    It is None where anything is wrong.
    """
    path = root / "exercises" / module / exercise_id / "exercise.yaml"
    try:
        document = read_yaml(path)
    except LlmexError as error:
        return None, [error]
    data, errors = read(ExerciseData, document)
    if data is not None and not errors:
        errors = list(_disagreements(data, exercise_id, document))
    if data is None or errors:
        return None, errors
    given = {f.name: getattr(data, f.name) for f in dataclasses.fields(ExerciseData)}
    return Exercise(module=module, root=root, **given), []


def suite_titles(source: str) -> dict[str, str]:
    """The tests of a suite in order with their docstrings' first sentence-line ("" if none)."""
    tests = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return {test.name: _first_paragraph(ast.get_docstring(test) or "") for test in tests}


def _disagreements(data: ExerciseData, folder: str, document: Document) -> Iterator[LlmexError]:
    if data.id != folder:
        yield LlmexError(
            "{file}:{line}:{column}: the id is '{id}' but the folder is '{folder}'.",
            "Give both the same name.",
            id=data.id,
            folder=folder,
            **document.place(("id",)).fields,
        )
    for index, check in enumerate(data.long):
        if check not in data.checks:
            yield LlmexError(
                "{file}:{line}:{column}: '{check}' in 'long' is no check of this exercise.",
                "Name one that stands in 'checks'.",
                check=check,
                **document.place(("long", index)).fields,
            )
    if data.own and not data.needs:
        yield LlmexError(
            "{file}:{line}:{column}: 'own' says that it rests on others, but 'needs' names none.",
            "Name in 'needs' what must be the learner's own, or remove 'own'.",
            **document.place(("own",)).fields,
        )


def _words_of(kind: type[W], path: Path) -> W | None:
    """The overlay in `path`; None where it is absent or broken: then English is shown."""
    if not path.is_file():
        return None
    try:
        words, errors = read(kind, read_yaml(path))
    except LlmexError:
        return None
    return None if errors else cast("W", words)


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def _words(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ").strip().capitalize()


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None
