"""Hints that help before they tell, and two languages that say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author.finding import at, line_of
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.metadata import HiddenOverlay, Overlay
from llmex.grader.mistakes import Mistake
from llmex.grader.schema import read
from llmex.grader.yaml_lines import read_yaml

HINTS = 3
MISTAKES = 5
TELLING = 20  # a line of the solution of so many characters is an answer, not a hint
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def findings(exercise: Exercise, mistakes: list[Mistake]) -> Iterator[LlmexError]:
    """Too few or telling hints, notes out of step, words without a translation."""
    yield from _hints(exercise)
    yield from _notes(exercise)
    yield from _overlay(exercise)
    yield from _hidden_overlay(exercise, mistakes)


def _hints(exercise: Exercise) -> Iterator[LlmexError]:
    path = exercise.folder / "exercise.yaml"
    text = path.read_text("utf-8")
    if len(exercise.hints) < HINTS:
        yield at(
            path,
            line_of(text, "hints:"),
            "{n} hints; a learner who is stuck needs at least {wanted}.",
            "Add some: first a question, then the idea, last the code.",
            n=len(exercise.hints),
            wanted=HINTS,
        )
    if exercise.hints and "?" not in exercise.hints[0]:
        yield at(
            path,
            line_of(text, "hints:"),
            "the first hint asks no question.",
            "Begin with a question that leads to the idea.",
        )
    telling = _telling_lines(exercise.solution_path)
    for hint in exercise.hints[:-1]:
        line = next((line for line in telling if line in hint), None)
        if line is not None:
            yield at(
                path,
                line_of(text, line),
                "a hint before the last holds a line of the solution: {line_text}",
                "Say the idea in words, or move the code to the last hint.",
                line_text=line,
            )


def _telling_lines(solution: Path) -> list[str]:
    try:
        lines = (line.strip() for line in solution.read_text("utf-8").splitlines())
    except (OSError, ValueError):
        return []
    plain = ("import ", "from ", "def ", "class ", '"""', "#", "return self")
    return [line for line in lines if len(line) >= TELLING and not line.startswith(plain)]


def _notes(exercise: Exercise) -> Iterator[LlmexError]:
    """The same headings and the same formulas in both languages."""
    english, chinese = exercise.folder / "notes.en.md", exercise.folder / "notes.zh.md"
    if not (english.is_file() and chinese.is_file()):
        return
    en, zh = english.read_text("utf-8"), chinese.read_text("utf-8")
    levels = [[line.split(" ")[0] for line in _headings(text)] for text in (en, zh)]
    if levels[0] != levels[1]:
        yield at(
            chinese,
            1,
            "{zh} headings here, {en} in English, or of other levels.",
            "Give both the same headings in the same order.",
            zh=len(levels[1]),
            en=len(levels[0]),
        )
    missing = sorted(_formulas(en) ^ _formulas(zh))
    for formula in missing[:3]:
        here, path = (en, english) if formula in _formulas(en) else (zh, chinese)
        yield at(
            path,
            line_of(here, formula.split(" ")[0]),
            "the formula ${formula}$ stands in one language only.",
            "Write the same formulas in both.",
            formula=formula,
        )


def _headings(text: str) -> list[str]:
    return [line for line in _CODE.sub("", text).splitlines() if line.startswith("#")]


def _formulas(text: str) -> set[str]:
    found = _FORMULA.findall(_CODE.sub("", text))
    return {" ".join((block or line).split()) for block, line in found}


def _overlay(exercise: Exercise) -> Iterator[LlmexError]:
    path = exercise.folder / "overlay.zh.yaml"
    if not path.is_file():
        return
    overlay, errors = read(Overlay, read_yaml(path))
    if errors or overlay is None:
        return
    missing = [name for name in ("title", "summary") if not getattr(overlay, name)]
    missing += [f"checks: {name}" for name in exercise.checks if name not in overlay.checks]
    missing += ["hints"] if len(overlay.hints) != len(exercise.hints) else []
    yield from _untranslated(path, missing)


def _hidden_overlay(exercise: Exercise, mistakes: list[Mistake]) -> Iterator[LlmexError]:
    path = exercise.solution_folder / "overlay.zh.yaml"
    if not path.is_file():
        return
    overlay, errors = read(HiddenOverlay, read_yaml(path))
    if errors or overlay is None:
        return
    missing = [f"mistakes: {m.id}" for m in mistakes if m.id not in overlay.mistakes]
    missing += [f"whys: {why}" for why in _whys(exercise) if why not in overlay.whys]
    yield from _untranslated(path, missing)
    known = {mistake.id for mistake in mistakes}
    for name in overlay.mistakes:
        if name not in known:
            yield at(
                path,
                line_of(path.read_text("utf-8"), name),
                "'{name}' is no mistake of this exercise.",
                "Remove it, or correct the id.",
                name=name,
            )


def _untranslated(path: Path, missing: list[str]) -> Iterator[LlmexError]:
    for name in missing:
        yield at(path, 1, "{name} has no Chinese.", "Add it.", name=name)


def _whys(exercise: Exercise) -> list[str]:
    """The literal `why=` templates of the suite."""
    import ast

    try:
        tree = ast.parse(exercise.suite_path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return []
    words = [w for node in ast.walk(tree) if isinstance(node, ast.Call) for w in node.keywords]
    texts = [w.value.value for w in words if w.arg == "why" and isinstance(w.value, ast.Constant)]
    return list(dict.fromkeys(str(text) for text in texts))
