"""Two languages that say the same: nothing untranslated, nothing left over, notes in step."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from llmex.grader.author import whys
from llmex.grader.author.finding import at, line_of
from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.metadata import HiddenOverlay, Overlay
from llmex.grader.mistakes import Mistake
from llmex.grader.schema import read
from llmex.grader.yaml_lines import Document, Keys, read_yaml

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIELD = re.compile(r"\{(\w+)\}")


def findings(course: Course, exercise: Exercise, mistakes: list[Mistake]) -> Iterator[LlmexError]:
    """What a Chinese reader would miss, in a course that has Chinese."""
    if "zh" not in course.languages:
        return
    yield from _notes(exercise.folder / "notes.en.md", exercise.folder / "notes.zh.md")
    public = _words(Overlay, exercise.folder / "overlay.zh.yaml")
    if public is not None:
        yield from _public(exercise, *public)
    hidden = _words(HiddenOverlay, exercise.solution_folder / "overlay.zh.yaml")
    if hidden is not None:
        yield from _hidden(exercise, mistakes, *hidden)


def of_the_course(course: Course) -> Iterator[LlmexError]:
    """Titles of course.yaml that have no Chinese."""
    if "zh" not in course.languages:
        return
    titles: list[tuple[Keys, Any]] = [(("title",), course.title)]
    titles += [(("modules", i, "title"), m.title) for i, m in enumerate(course.modules)]
    titles += [(("tracks", name, "title"), t.title) for name, t in course.tracks.items()]
    for keys, title in titles:
        if "zh" not in title:
            place = course.document.place(keys)
            yield LlmexError(
                "{file}:{line}:{column}: the title has no Chinese.",
                "Write {en: ..., zh: ...}, or 'languages: [en]' for a course in English only.",
                **place.fields,
            )


def _words(kind: Any, path: Path) -> tuple[Any, Document] | None:
    if not path.is_file():
        return None
    try:
        document = read_yaml(path)
    except LlmexError:
        return None
    words, errors = read(kind, document)
    return None if errors or words is None else (words, document)


def _public(exercise: Exercise, overlay: Overlay, document: Document) -> Iterator[LlmexError]:
    for name in ("title", "summary"):
        if not getattr(overlay, name):
            yield _untranslated(document, (name,))
    for check in exercise.checks:
        text = overlay.checks.get(check, "")
        if not _HAN.search(text):
            yield _untranslated(document, ("checks", check))
    for index in range(len(exercise.hints)):
        text = overlay.hints[index] if index < len(overlay.hints) else ""
        if not _HAN.search(text):
            yield _untranslated(document, ("hints", index))


def _hidden(
    exercise: Exercise, mistakes: list[Mistake], overlay: HiddenOverlay, document: Document
) -> Iterator[LlmexError]:
    for mistake in mistakes:
        if not _HAN.search(overlay.mistakes.get(mistake.id, "")):
            yield _untranslated(document, ("mistakes", mistake.id))
    alternatives = [path.stem for path in exercise.alternative_paths]
    for stem in alternatives:
        if not _HAN.search(overlay.alternatives.get(stem, "")):
            yield _untranslated(document, ("alternatives", stem))
    found, _ = whys.templates(exercise.suite_path)
    said = [template for template, _ in found]
    for template in said:
        text = overlay.whys.get(template, "")
        if not _HAN.search(text):
            yield _untranslated(document, ("whys", template))
        elif set(_FIELD.findall(text)) - set(_FIELD.findall(template)):
            yield _with_another_field(document, template)
    groups: list[tuple[str, Iterable[str], Collection[str]]] = [
        ("mistakes", overlay.mistakes, [mistake.id for mistake in mistakes]),
        ("alternatives", overlay.alternatives, alternatives),
        ("whys", overlay.whys, said),
    ]
    yield from _strangers(document, groups)


def _strangers(
    document: Document, groups: list[tuple[str, Iterable[str], Collection[str]]]
) -> Iterator[LlmexError]:
    """Translations of what is not there: for each group, what is translated and what there is."""
    for group, name in ((g, n) for g, names, known in groups for n in names if n not in known):
        yield LlmexError(
            "{file}:{line}:{column}: '{name}' is in '{group}', but not in this exercise.",
            "Remove it, or write it as it stands in mistakes.yaml, alternatives/ or the suite.",
            name=name,
            group=group,
            **document.place((group, name), of_key=True).fields,
        )


def _untranslated(document: Document, keys: Keys) -> LlmexError:
    steps = (str(key + 1) if isinstance(key, int) else key for key in keys)  # hints: 1
    return LlmexError(
        "{file}:{line}:{column}: '{name}' has no Chinese.",
        "Add it here.",
        name=": ".join(steps),
        **document.place(keys).fields,
    )


def _with_another_field(document: Document, template: str) -> LlmexError:
    return LlmexError(
        "{file}:{line}:{column}: this names a field that the English does not have.",
        "Use the fields of the English: nothing else is filled in.",
        **document.place(("whys", template)).fields,
    )


def _notes(english: Path, chinese: Path) -> Iterator[LlmexError]:
    """The same headings, formulas and tables in both languages."""
    try:
        en, zh = english.read_text("utf-8"), chinese.read_text("utf-8")
    except (OSError, ValueError):
        return
    if len(_HAN.findall(zh)) < len(_CODE.sub("", zh)) // 10:
        yield at(
            chinese,
            1,
            "{file}:{line}: these notes are not in Chinese.",
            "Write them as Chinese, not word by word.",
        )
    yield from _in_step(chinese, en, zh, "#")
    yield from _in_step(chinese, en, zh, "|")
    for formula in sorted(_formulas(en) ^ _formulas(zh))[:3]:
        here, path = (en, english) if formula in _formulas(en) else (zh, chinese)
        yield at(
            path,
            line_of(here, formula.split(" ")[0]),
            "{file}:{line}: the formula ${formula}$ stands in one language only.",
            "Write the same formulas in both.",
            formula=formula,
        )


def _in_step(path: Path, en: str, zh: str, begins: str) -> Iterator[LlmexError]:
    """The same headings ("#"), or rows of tables ("|"), in the same order."""
    ours, theirs = _levels(en, begins), _levels(zh, begins)
    if ours != theirs:
        problem = (
            "{file}:{line}: {zh} headings here, {en} in English, or of other levels."
            if begins == "#"
            else "{file}:{line}: {zh} rows of tables here, {en} in English, or of other widths."
        )
        yield at(
            path,
            _first_difference(ours, theirs, zh, begins),
            problem,
            "Give both the same, in the same order.",
            zh=len(theirs),
            en=len(ours),
        )


def _levels(text: str, begins: str) -> list[str]:
    """The marks with which headings (or the cells of table rows) begin, in order."""
    lines = [line for line in _CODE.sub("", text).splitlines() if line.startswith(begins)]
    return [line.split(" ")[0] if begins == "#" else str(line.count("|")) for line in lines]


def _first_difference(ours: list[str], theirs: list[str], zh: str, begins: str) -> int:
    """The line of the first heading (or row) in Chinese that has no counterpart."""
    same = next((i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    index = min(len(ours), len(theirs)) if same is None else same
    lines = [n for n, line in enumerate(zh.splitlines(), 1) if line.startswith(begins)]
    return lines[index] if index < len(lines) else max(zh.count("\n"), 1)


def _formulas(text: str) -> set[str]:
    found = _FORMULA.findall(_CODE.sub("", text))
    return {" ".join((block or line).split()) for block, line in found}
