"""Adds an exercise to the text of course.yaml, and leaves everything else in it as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from llmex.grader.errors import LlmexError
from llmex.grader.metadata import Syllabus
from llmex.grader.schema import read
from llmex.grader.yaml_lines import parse_yaml, shown

NEW = """\
# The syllabus: modules and exercises in order, and named paths (tracks) through them.
schema: 1
title: {{en: {title}}}
# In which languages everything is written: remove zh for a course in English only.
languages: [en, zh]
modules:
{entry}
"""


def first(title: str, module: str, exercise: str) -> str:
    """The text of a course.yaml with one exercise."""
    return NEW.format(title=title, entry=_entry(module, exercise, 4))


def with_exercise(text: str, path: Path, module: str, exercise: str) -> str:
    """The text with the exercise at the end of its module; the module is added if it is new.

    Raises LlmexError where course.yaml is written in a way that this cannot add to.
    """
    added = _added(text, path, module, exercise)
    if added is not None:
        document = parse_yaml(added.encode(), path)
        syllabus, errors = read(Syllabus, document)
        modules = {m.id: m.exercises for m in syllabus.modules} if syllabus and not errors else {}
        if exercise in modules.get(module, ()):
            return added
    raise LlmexError(
        "llmex does not know where in {file} the exercise belongs.",
        "Add '{exercise}' to the exercises of the module '{module}' there, then try again.",
        file=shown(path),
        exercise=exercise,
        module=module,
    )


def _added(text: str, path: Path, module: str, exercise: str) -> str | None:
    modules = _under(parse_yaml(text.encode(), path).node, "modules")
    if not isinstance(modules, yaml.SequenceNode) or modules.flow_style or not modules.value:
        return None
    found = [node for node in modules.value if _scalar(_under(node, "id")) == module]
    if found:
        return _into(text, _under(found[0], "exercises"), exercise)
    last = modules.value[-1]
    entry = _entry(module, exercise, last.start_mark.column)
    return _after_line(text, _last_line(last), entry)


def _into(text: str, exercises: Any, exercise: str) -> str | None:
    if not isinstance(exercises, yaml.SequenceNode):
        return None
    if exercises.flow_style:
        end = _offset(text, exercises.end_mark) - 1
        comma = ", " if exercises.value else ""
        return f"{text[:end].rstrip(', ')}{comma}{exercise}{text[end:]}"
    last = exercises.value[-1]
    item = " " * (last.start_mark.column - 2) + f"- {exercise}"
    return _after_line(text, _last_line(last), item)


def _entry(module: str, exercise: str, column: int) -> str:
    """The lines of a module whose fields stand in `column`, two behind its dash."""
    title = module.replace("_", " ").capitalize()
    lines = [f"- id: {module}", f"  title: {{en: {title}}}", f"  exercises: [{exercise}]"]
    return "\n".join(" " * (column - 2) + line for line in lines)


def _under(node: Any, key: str) -> Any:
    for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if name.value == key:
            return value
    return None


def _scalar(node: Any) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _last_line(node: Any) -> int:
    """The line, from zero, in which a node's own text ends; comments below are not its own."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False) or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _after_line(text: str, line: int, what: str) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[: line + 1], what, *lines[line + 1 :]]) + "\n"


def _offset(text: str, mark: Any) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: mark.line])) + int(mark.column)
