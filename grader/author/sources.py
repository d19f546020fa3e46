"""What an exercise's files say before anything runs: are they all there, and do they agree?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author import signatures
from llmex.grader.author.finding import at, line_in, parsed
from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.shelf import shelved
from llmex.grader.yaml_lines import shown

ALTERNATIVES = 2
_QUESTION = re.compile(r"(?:#|<!--)\s*Q: ")
_TEXTS = (".py", ".yaml", ".md")


def findings(course: Course, exercise: Exercise) -> Iterator[LlmexError]:
    """Missing and broken files, unanswered questions, signatures that differ, copies, imports."""
    yield from _missing(course, exercise)
    yield from _broken(exercise)
    yield from _questions(exercise)
    yield from _stub(exercise)
    yield from _copies(exercise)
    yield from _earlier(course, exercise)
    yield from signatures.findings(exercise)


def can_run(exercise: Exercise) -> bool:
    """Whether there are a stub, a solution and a suite that Python can read."""
    needed = (exercise.stub_path, exercise.solution_path, exercise.suite_path)
    return all(parsed(path) is not None for path in needed)


def python_files(exercise: Exercise) -> list[Path]:
    """Every Python file of the exercise, public ones first."""
    folders = (exercise.folder, exercise.solution_folder)
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def _missing(course: Course, exercise: Exercise) -> Iterator[LlmexError]:
    """What author check itself needs; the stub, the suite and the notes are the metadata's."""
    hidden = exercise.solution_folder
    wanted = [exercise.solution_path, exercise.mistakes_path]
    if "zh" in course.languages:
        wanted += [exercise.folder / "notes.zh.md", exercise.folder / "overlay.zh.yaml"]
        wanted += [hidden / "overlay.zh.yaml"]
    for path in wanted:
        if not path.is_file():
            yield at(
                path,
                1,
                "{file}:{line}: this file is missing.",
                "Write it; docs/authoring.md says what belongs in it.",
            )
    for name, found in shelved(course.root, exercise.data).items():
        if not found:
            path = exercise.folder / "exercise.yaml"
            yield at(
                path,
                line_in(path, "data:"),
                "{file}:{line}: there are no data '{name}' in exercises/data.",
                "Put the file there, or correct the name.",
                name=name,
            )
    if len(exercise.alternative_paths) < ALTERNATIVES:
        yield at(
            hidden / "alternatives",
            1,
            "{file}:{line}: {n} right answers in other styles.",
            "Write at least {wanted}: they prove that right code in another form is accepted.",
            n=len(exercise.alternative_paths),
            wanted=ALTERNATIVES,
        )


def _broken(exercise: Exercise) -> Iterator[LlmexError]:
    for path in python_files(exercise):
        try:
            ast.parse(path.read_text("utf-8"))
        except SyntaxError as error:
            if path == exercise.suite_path:
                continue  # the metadata's check of the suite says so
            yield at(
                path,
                error.lineno or 1,
                "{file}:{line}: this is not Python: {reason}.",
                "Mend the line, or the one above it.",
                reason=error.msg,
            )
        except (OSError, ValueError):
            yield at(
                path,
                1,
                "{file}:{line}: this file cannot be read as UTF-8 text.",
                "Save it as UTF-8.",
            )


def _questions(exercise: Exercise) -> Iterator[LlmexError]:
    """Questions of `llmex author new` that still stand in a file."""
    for folder in (exercise.folder, exercise.solution_folder):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _TEXTS and path.is_file():
                yield from _questions_in(path)


def _questions_in(path: Path) -> Iterator[LlmexError]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    found = ((n, _QUESTION.search(line)) for n, line in enumerate(lines, 1))
    asked = [(n, match) for n, match in found if match is not None]
    if asked:
        line, first = asked[0]
        yield at(
            path,
            line,
            "{file}:{line}: questions left: {n}, the first: {text}",
            "Answer each in the file, and remove its line.",
            n=len(asked),
            text=first.string[first.end() :].removesuffix("-->").strip(),
        )


def _stub(exercise: Exercise) -> Iterator[LlmexError]:
    tree = parsed(exercise.stub_path)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import | ast.ImportFrom) and "llmex" in _tops(node):
            yield at(
                exercise.stub_path,
                node.lineno,
                "{file}:{line}: a stub imports nothing of llmex.",
                "Remove the import: a learner's file must run alone.",
            )


def _copies(exercise: Exercise) -> Iterator[LlmexError]:
    """Alternatives whose code is the solution's, or another alternative's."""
    seen: dict[str, Path] = {}
    for path in (exercise.solution_path, *exercise.alternative_paths):
        tree = parsed(path)
        code = _code(tree) if tree else str(path)
        if code in seen:
            yield at(
                path,
                1,
                "{file}:{line}: this is the code of {other} once more.",
                "Write it in another style: other operations, another order, loops or none.",
                other=shown(seen[code]),
            )
        seen.setdefault(code, path)


def _code(tree: ast.Module) -> str:
    """The code without its docstrings."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            body[0] = ast.Pass()  # type: ignore[index]
    return ast.dump(tree)


def _earlier(course: Course, exercise: Exercise) -> Iterator[LlmexError]:
    """Imports of other exercises that are no prerequisite, or that nothing stands in for."""
    tree = parsed(exercise.solution_path)
    for node in ast.walk(tree) if tree else ():
        for name in _names(node):
            other = course.imports.get(name)
            if other is None or other == exercise.id:
                continue
            if other not in exercise.needs:
                yield at(
                    exercise.solution_path,
                    getattr(node, "lineno", 1),
                    "{file}:{line}: the solution imports '{other}', which is not in 'needs'.",
                    "Add it to 'needs' of exercise.yaml, or do without it.",
                    other=other,
                )
            provided = course.root / "exercises" / course.module_of[other] / other / "provided.py"
            if not provided.is_file():
                yield at(
                    exercise.solution_path,
                    getattr(node, "lineno", 1),
                    "{file}:{line}: '{other}' is imported, but has no provided.py.",
                    "Write one: it stands in for learners who have not done that exercise.",
                    other=other,
                )


def _names(node: ast.AST) -> list[str]:
    """Every module that an import could mean."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def _tops(node: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in _names(node)}
