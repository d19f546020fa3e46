"""An answer's sources: the learner's file, and the earlier answers that it imports."""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import snake
from llmex.grader.store import read_regular
from llmex.grader.yaml_lines import shown

LARGEST = 2**20


@dataclass(frozen=True)
class Answer:
    """The learner's source for one exercise, with the earlier answers that it imports.

    `sources` holds the text of each module by its name, `main` among them. `yours` and `provided`
    are the ids of the imported exercises whose source is the learner's own or the public
    stand-in, `lent` the names of the latter's modules. `started` is False where the syntax tree of
    the main module is still the stub's.
    """

    exercise: str
    main: str
    sources: Mapping[str, str]
    yours: tuple[str, ...]
    provided: tuple[str, ...]
    digest: str
    started: bool
    lent: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The text of the main module."""
        return self.sources[self.main]


def read_source(path: Path, *, below: Path | None = None) -> str | None:
    """The text of a learner's file, None where there is none; never read through a link.

    Raises LlmexError if it is no ordinary readable UTF-8 file of at most 1 MB.
    """
    data = read_regular(path, LARGEST, below=below)
    if data is None:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LlmexError(
            "{file}:{line}: this line is not UTF-8.",
            "Save the file as UTF-8 in your editor, then run the command again.",
            file=shown(path),
            line=data[: error.start].count(b"\n") + 1,
        ) from None


def gather(
    course: Course,
    exercise: Exercise,
    text: str,
    root: Path | None,
    *,
    provide: Collection[str] = (),
) -> Answer:
    """The answer whose main module is `text`, with what it imports, directly or not.

    An earlier answer is the learner's own from the workspace `root`, unless it is absent, an
    untouched stub or named in `provide`: then it is the exercise's provided.py. Where there is
    none either, the import is left to fail.
    """
    main = exercise.module_name
    sources, origin = _with_imports(course, main, text, root, provide)
    return Answer(
        exercise=exercise.id,
        main=main,
        sources=sources,
        yours=tuple(e for e in course.ids if origin.get(e) == "yours"),
        provided=tuple(e for e in course.ids if origin.get(e) == "provided"),
        digest=digest(main, sources),
        started=not same_code(text, _text(exercise.stub_path) or ""),
        lent=tuple(m for m in sources if origin.get(_meant(course, m) or "") == "provided"),
    )


def present(course: Course, exercise_id: str, root: Path, name: str | None = None) -> str | None:
    """The digest of the learner's answer as it stands now in the workspace `root`.

    `name` is the id that the exercise had when the digest was taken. None where there is no file,
    or one that cannot be read. Nothing but the files of this answer is read, not even the
    exercise's metadata, unless the file has an old name.
    """
    try:
        text = read_source(_own_path(course, exercise_id, root), below=root)
        if text is None:
            return None
        main = f"{course.module_of[exercise_id]}.{snake(name or exercise_id)}"
        return digest(main, _with_imports(course, main, text, root)[0])
    except LlmexError:
        return None


def formerly(course: Course, exercise_id: str, root: Path) -> Iterator[str]:
    """The digests that the same answer had under the older ids of its exercise."""
    for old in _aliases(course, exercise_id):
        yield present(course, exercise_id, root, old) or ""


def is_own(course: Course, exercise_id: str, root: Path) -> bool:
    """Whether the learner's file of this exercise is there, and more than the stub."""
    try:
        found = _earlier(course, exercise_id, root)
    except LlmexError:
        return False
    return found is not None and found[0] == "yours"


def _with_imports(
    course: Course, main: str, text: str, root: Path | None, provide: Collection[str] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Every source of an answer by its module, and where that of each exercise comes from."""
    sources = {main: text}
    origin: dict[str, str] = {}
    queue = [main]
    while queue:
        name = queue.pop(0)
        for module in _imported(sources[name], name):
            other = _meant(course, module)
            if other is None or module in sources or origin.get(other) == "missing":
                continue
            found = _earlier(course, other, None if other in provide else root)
            origin[other] = "missing"
            if found is not None:
                origin[other], sources[module] = found
                queue.append(module)
    return sources, origin


def digest(main: str, sources: Mapping[str, str]) -> str:
    """A hash of an answer with its imports: 32 hexadecimal digits."""
    found = hashlib.sha256(main.encode())
    for name in sorted(sources):
        text = sources[name].encode("utf-8", "surrogatepass")
        found.update(f"\0{name}\0{len(text)}\0".encode() + text)
    return found.hexdigest()[:32]


def text_hash(text: str) -> str:
    """A hash of one text, such as a stub: 32 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@functools.lru_cache(maxsize=512)
def same_code(one: str, other: str) -> bool:
    """Whether two sources have the same syntax tree: comments and formatting do not count."""
    if one == other:
        return True
    mine, theirs = _tree(one), _tree(other)
    if mine is None or theirs is None:
        return False
    try:
        return ast.dump(mine) == ast.dump(theirs)
    except RecursionError:
        return False


def own_path(root: Path, module: str, id_: str, aliases: Callable[[], Sequence[str]]) -> Path:
    """Where a learner's file lies: under the id of today, else under an older one."""
    path = root / module / f"{snake(id_)}.py"
    if os.path.lexists(path):
        return path
    olds = (path.with_name(f"{snake(old)}.py") for old in aliases())
    return next((old for old in olds if old.is_file() and not old.is_symlink()), path)


def _own_path(course: Course, exercise_id: str, root: Path) -> Path:
    return own_path(
        root, course.module_of[exercise_id], exercise_id, lambda: _aliases(course, exercise_id)
    )


def _aliases(course: Course, exercise_id: str) -> tuple[str, ...]:
    exercise, _ = course.attempt(exercise_id)
    return exercise.aliases if exercise else ()


def _meant(course: Course, module: str) -> str | None:
    """The exercise that a module of an answer is, by its name of today or an older one."""
    folder, _, name = module.partition(".")
    if module in course.imports or not name or "." in name:
        return course.imports.get(module)
    if folder not in course.module_of.values():
        return None
    return {snake(old): id_ for old, id_ in course.aliases.items()}.get(name)


def _earlier(course: Course, exercise_id: str, root: Path | None) -> tuple[str, str] | None:
    """Where an imported exercise's source comes from, and its text."""
    module = course.module_of[exercise_id]
    public = course.root / "exercises" / module / exercise_id
    if root is not None:
        own = read_source(_own_path(course, exercise_id, root), below=root)
        if own is not None and not same_code(own, _text(public / "stub.py") or ""):
            return "yours", own
    provided = _text(public / "provided.py")
    return None if provided is None else ("provided", provided)


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return None


def _tree(source: str) -> ast.Module | None:
    """The syntax tree, or None where there is none; what is wrong comes out when it runs."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=512)
def _imported(source: str, name: str) -> tuple[str, ...]:
    """Every module name that an import in `source`, the module `name`, could mean."""
    return tuple(_imports(source, name))


def _imports(source: str, name: str) -> Iterator[str]:
    tree = _tree(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, name)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _absolute(node: ast.ImportFrom, name: str) -> str:
    """`from .softmax import f` in `attention.mask` is about `attention.softmax`."""
    module = node.module or ""
    if node.level == 0:
        return module
    package = name.split(".")[: -node.level]
    if not package:  # beyond the top: Python refuses it
        return ""
    return ".".join([*package, module] if module else package)
