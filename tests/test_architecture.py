"""The rules of the house: which room may import which, how long a file may be, who may print."""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("grader", "cli")
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
WORKER_MAY_IMPORT = {"msgpack", "numpy", "torch"}
CLI_MAY_NOT = {"suite", "sandbox", "learner", "worker", "seat", "judge", "compare"}
SUITE_MAY = "llmex.grader.compare"


def sources(*rooms: str) -> list[Path]:
    """The Python files below the given top-level folders."""
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def module(path: Path) -> str:
    """A file's name as it is imported."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(["llmex", *(parts[:-1] if parts[-1] == "__init__" else parts)])


def imports(path: Path) -> Iterator[str]:
    """Every absolute name that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@functools.cache
def ours() -> frozenset[str]:
    """The modules of ours, but for the two rooms themselves."""
    return frozenset(map(module, sources(*ROOMS))) - {"llmex.grader", "llmex.cli"}


def rooms_used(path: Path) -> set[str]:
    """The modules of ours that a file imports."""
    used = set()
    for name in imports(path):
        parts = name.split(".")
        for size in range(len(parts), 0, -1):
            if ".".join(parts[:size]) in ours():
                used.add(".".join(parts[:size]))
                break
    return used


def test_no_circle() -> None:
    """No module of ours imports itself by way of others."""
    graph = {module(path): rooms_used(path) - {module(path)} for path in sources(*ROOMS)}
    packages = {name for name in graph if any(other.startswith(name + ".") for other in graph)}
    graph = {name: uses for name, uses in graph.items() if name not in packages}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path, name])
        if name in graph and name not in done:
            for used in graph[name]:
                visit(used, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def layers() -> dict[str, int]:
    """The rows of the table in docs/architecture.md: each module of the grader, and its layer."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("| layer | modules of `grader` |")[2].partition("\n\n")[0]
    rows = [line.split("|")[2] for line in table.splitlines()[2:]]
    named = [
        (name, place) for place, row in enumerate(rows) for name in re.findall(r"`(\w+)`", row)
    ]
    assert len(named) == len(dict(named)), "a module stands in one row"
    return dict(named)


def test_imports_go_one_way() -> None:
    """Every module of the grader has a row in the architecture, and uses no row below its own."""
    rows = layers()
    places = {path: path.relative_to(ROOT / "grader").parts[0] for path in sources("grader")}
    tops = {path: Path(name).stem for path, name in places.items() if name != "__init__.py"}
    assert set(tops.values()) == set(rows)
    for path, top in tops.items():
        for name in rooms_used(path):
            used = name.removeprefix("llmex.grader.").split(".")[0]
            assert rows[used] <= rows[top], f"{path}: {name}"


def test_grader_never_imports_cli() -> None:
    """What judges knows nothing of what shows."""
    for path in sources("grader"):
        assert not any(name.startswith("llmex.cli") for name in imports(path)), path


def test_worker_imports_only_itself() -> None:
    """Beside a learner's code stand only the wall, the standard library, msgpack, numpy, torch."""
    for path in sources("grader/worker"):
        for name in imports(path):
            top = name.split(".")[0]
            wall = name.startswith("llmex.grader.worker")
            assert wall or top in sys.stdlib_module_names | WORKER_MAY_IMPORT, f"{path}: {name}"


def test_cli_never_imports_what_judges() -> None:
    """A command calls grade and its like, and never a suite, a learner or a worker."""
    for path in sources("cli"):
        for name in imports(path):
            if name.startswith("llmex.grader."):
                assert name.split(".")[2] not in CLI_MAY_NOT, f"{path}: {name}"


def test_grader_never_prints() -> None:
    """The grader returns records; only the command line shows them."""
    for path in sources("grader"):
        names = {name.split(".")[0] for name in imports(path)}
        assert not names & {"rich", "typer", "click"}, path
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id == "print"), path


@pytest.mark.parametrize("tree", ["exercises", "solutions"])
def test_content_imports_only_the_comparator(tree: str) -> None:
    """Exercises know nothing of llmex, and suites only its comparator."""
    for path in sources(tree):
        for name in imports(path):
            if name.split(".")[0] == "llmex":
                assert path.name == "suite.py", path
                assert name.startswith(SUITE_MAY), path


def test_test_files_are_short() -> None:
    """No file of tests is longer than 300 lines: what a longer one is about cannot be found."""
    for path in sources("tests"):
        assert path.read_text("utf-8").count("\n") <= LONGEST_FILE, path


def test_files_and_functions_are_short() -> None:
    """No file is longer than 300 lines and no function than 60."""
    for path in sources(*ROOMS):
        text = path.read_text("utf-8")
        assert text.count("\n") <= LONGEST_FILE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= LONGEST_FUNCTION, f"{path}: {node.name} has {length} lines"


@pytest.mark.parametrize(
    ("name", "limit"), [("solution.py", 120), ("suite.py", 200)], ids=["solution", "suite"]
)
def test_content_is_short(name: str, limit: int) -> None:
    """A solution is a page, a suite at most two."""
    for path in (ROOT / "solutions").rglob(name):
        assert path.read_text("utf-8").count("\n") <= limit, path


def test_everything_public_says_what_it_is() -> None:
    """Files and public names have a docstring."""
    for path in sources(*ROOMS):
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


def test_every_test_states_its_claim() -> None:
    """A test's docstring is the sentence that it proves."""
    for path in sources("tests"):
        if {"world", "corpus", "course"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"
