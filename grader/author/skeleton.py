"""Lays out a new exercise that runs: both halves, with the questions that an author answers."""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from llmex.grader.author import syllabus
from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import snake
from llmex.grader.metadata import Module
from llmex.grader.problems import LIBRARIES
from llmex.grader.schema import fields_of
from llmex.grader.store import write_new, write_whole
from llmex.grader.yaml_lines import shown

TEMPLATES = Path(__file__).with_name("templates")
_HALVES = {"public": "exercises", "hidden": "solutions"}
_RULES = (fields_of(Module)["id"].rule, fields_of(Module)["exercises"].rule)


@dataclass(frozen=True)
class Laid:
    """What was written: the files in the order in which an author fills them, and the course."""

    exercise: str
    files: tuple[Path, ...]
    course: Path
    new_course: bool


def new(root: Path, module: str, exercise: str) -> Laid:
    """Write the skeleton of an exercise in the course at `root`, which may be an empty folder.

    Nothing that is there is changed but course.yaml, where the exercise is added. Raises LlmexError
    where a name cannot be used or is taken.
    """
    _refuse_bad_names(module, exercise)
    path = root / "exercises" / "course.yaml"
    is_new = not path.is_file()
    languages: tuple[str, ...] = ("en", "zh")
    if is_new:
        title = root.resolve().name.replace("_", " ").replace("-", " ").capitalize() or "A course"
        text = syllabus.first(title, module, exercise)
    else:
        course = load_course(root)
        languages = course.languages
        if exercise in course.module_of:
            raise _taken(exercise, path)
        text = syllabus.with_exercise(path.read_text("utf-8"), path, module, exercise)
    files = _files(root, module, exercise, languages)
    for tree in _HALVES.values():
        folder = root / tree / module / exercise
        if folder.exists() and any(folder.iterdir()):
            raise _taken(exercise, folder)
    for target, content in files.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_new(target, content.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return Laid(exercise, tuple(files), path, is_new)


def _files(root: Path, module: str, exercise: str, languages: tuple[str, ...]) -> dict[Path, str]:
    """Every file of the skeleton with its text, the public half first."""
    words = {
        "$TITLE": exercise.replace("-", " ").capitalize(),
        "$NAME": snake(exercise),
        "$ID": exercise,
    }
    found = {}
    for half, tree in _HALVES.items():
        for template in sorted((TEMPLATES / half).rglob("*.txt")):
            name = template.relative_to(TEMPLATES / half).with_suffix("")
            if ".zh." in name.name and "zh" not in languages:
                continue
            text = template.read_text("utf-8")
            for word, value in words.items():
                text = text.replace(word, value)
            found[root / tree / module / exercise / name] = text
    return found


def _refuse_bad_names(module: str, exercise: str) -> None:
    for name, rule in ((module, _RULES[0]), (exercise, _RULES[1])):
        if not re.fullmatch(rule.pattern, name):
            raise LlmexError(
                "'{name}' cannot be a name here.",
                "Write {about}, for example:  llmex author new basics/running-mean",
                name=name,
                about=rule.about,
            )
    for name in (module, snake(exercise)):
        if keyword.iskeyword(name) or name in LIBRARIES | sys.stdlib_module_names:
            raise LlmexError(
                "'{name}' is a name of Python's own, or of a library's.",
                "Choose another one: answers are imported as {module}.{exercise}.",
                name=name,
                module=module,
                exercise=snake(exercise),
            )


def _taken(exercise: str, where: Path) -> LlmexError:
    return LlmexError(
        "There is already an exercise '{id}' in {place}.",
        "Choose another id: an id is used once in a course.",
        id=exercise,
        place=shown(where),
    )
