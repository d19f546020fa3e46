"""What can be said of an exercise's Python files without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author.finding import at
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.yaml_lines import shown

ALTERNATIVES = 2
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOSE = ("allclose", "isclose", "assert_allclose", "assert_almost_equal", "array_equal", "approx")
_CLOCKS = ("time", "timeit", "cProfile", "tracemalloc")


def findings(exercise: Exercise) -> Iterator[LlmexError]:
    """Missing files, signatures that differ, and habits that make a suite judge wrongly."""
    yield from _missing(exercise)
    stub = _tree(exercise.stub_path)
    if stub is None:
        return
    yield from _imports_of(exercise.stub_path, stub)
    others = [exercise.solution_path, *exercise.alternative_paths, *exercise.delegated_paths]
    for path in others:
        tree = _tree(path)
        if tree is not None:
            yield from _signatures(exercise.stub_path, stub, path, tree)
    suite = _tree(exercise.suite_path)
    if suite is not None:
        yield from _habits(exercise.suite_path, suite, exercise.uses)


def _missing(exercise: Exercise) -> Iterator[LlmexError]:
    wanted = [exercise.stub_path, exercise.folder / "notes.en.md", exercise.folder / "notes.zh.md"]
    wanted += [exercise.folder / "overlay.zh.yaml", exercise.solution_path, exercise.suite_path]
    wanted += [exercise.mistakes_path, exercise.solution_folder / "overlay.zh.yaml"]
    for path in wanted:
        if not path.is_file():
            yield LlmexError(
                "{file} is missing.",
                "Write it; docs/authoring.md says what belongs in it.",
                file=shown(path),
            )
    if len(exercise.alternative_paths) < ALTERNATIVES:
        yield LlmexError(
            "{file} holds {n} correct answers in other styles.",
            "Write at least {wanted}: they prove that right code in another form is accepted.",
            file=shown(exercise.solution_folder / "alternatives"),
            n=len(exercise.alternative_paths),
            wanted=ALTERNATIVES,
        )


def _imports_of(path: Path, tree: ast.Module) -> Iterator[LlmexError]:
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.split(".")[0] == "llmex" for name in names) and isinstance(node, ast.stmt):
            yield at(
                path,
                node.lineno,
                "a stub imports nothing of llmex.",
                "A learner's file must run alone: remove the import.",
            )


def _signatures(
    stub_path: Path, stub: ast.Module, path: Path, tree: ast.Module
) -> Iterator[LlmexError]:
    """Every function and class of the stub is there, and takes what the stub says."""
    theirs = dict(_callables(tree))
    for name, node in _callables(stub):
        found = theirs.get(name)
        if found is None and "." in name:
            continue  # a method may be inherited
        if found is None:
            yield at(
                path,
                1,
                "there is no '{name}', which {stub} has.",
                "Define it, or take it out of the stub.",
                name=name,
                stub=shown(stub_path),
            )
            continue
        wanted, got = _parameters(node), _parameters(found)
        if wanted != got[: len(wanted)] or any("=" not in p for p in got[len(wanted) :]):
            yield at(
                path,
                found.lineno,
                "'{name}' takes ({got}), the stub's takes ({wanted}).",
                "Give both the same parameters, in the same order, with the same defaults.",
                name=name,
                got=", ".join(got),
                wanted=", ".join(wanted),
            )


def _callables(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield node.name, node
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _parameters(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    """Names with their defaults as written: ["x", "dim=-1", "*", "eps=1e-05"]."""
    if isinstance(node, ast.ClassDef):
        return []
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
    shown_ = [_with_default(arg, d) for arg, d in zip(plain, defaults, strict=True)]
    shown_ += [f"*{a.vararg.arg}"] if a.vararg else ["*"] if a.kwonlyargs else []
    pairs = zip(a.kwonlyargs, a.kw_defaults, strict=True)
    shown_ += [_with_default(arg, default) for arg, default in pairs]
    return shown_ + ([f"**{a.kwarg.arg}"] if a.kwarg else [])


def _with_default(arg: ast.arg, default: ast.expr | None) -> str:
    return arg.arg if default is None else f"{arg.arg}={ast.unparse(default)}"


def _habits(path: Path, tree: ast.Module, uses: str) -> Iterator[LlmexError]:
    """Habits of suites that accept wrong answers, reject right ones, or blame the learner."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield at(
                path,
                node.lineno,
                "a bare assert on a learner's value.",
                "Use a function of llmex.grader.compare: it says what is wrong, and why.",
            )
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from _suite_imports(path, node, uses)
        elif isinstance(node, ast.Call):
            yield from _suite_calls(path, node)


def _suite_imports(
    path: Path, node: ast.Import | ast.ImportFrom, uses: str
) -> Iterator[LlmexError]:
    names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for name in names:
        top = name.split(".")[0]
        if top == "torch" and uses != "torch":
            yield at(
                path,
                node.lineno,
                "the suite imports torch, but the exercise uses {uses}.",
                "A learner would wait for torch: find another truth, such as finite differences.",
                uses=uses,
            )
        elif top in _CLOCKS:
            yield at(
                path,
                node.lineno,
                "the suite looks at a clock or a profile.",
                "Use the exercise's limits: a busy machine must not fail an answer.",
            )


def _suite_calls(path: Path, node: ast.Call) -> Iterator[LlmexError]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    name = node.func.id if isinstance(node.func, ast.Name) else name
    if name in _LOOSE:
        yield at(
            path,
            node.lineno,
            "'{name}' takes NaN for NaN, broadcasts, or ignores the dtype.",
            "Use assert_close or assert_equal of llmex.grader.compare.",
            name=name,
        )
    elif name == "backward" and _is_plain_sum(node):
        yield at(
            path,
            node.lineno,
            "the gradient is taken of a plain sum.",
            "Use a random cotangent: for softmax and LayerNorm the sum's gradient is zero.",
        )
    elif _is_global_random(node):
        yield at(
            path,
            node.lineno,
            "random numbers from a global generator.",
            "Use the fixtures rng and trng, so that a seed gives the same check again.",
        )
    elif name == "print":
        yield at(
            path,
            node.lineno,
            "the suite prints.",
            "Remove it: what a suite knows is not for the learner's screen.",
        )


def _is_plain_sum(node: ast.Call) -> bool:
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return (
        not node.args
        and isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr == "sum"
        and not isinstance(inner.func.value, ast.BinOp)
    )


def _is_global_random(node: ast.Call) -> bool:
    text = ast.unparse(node.func)
    if text.startswith(("np.random.", "numpy.random.", "random.")):
        return not text.endswith(("default_rng", "Generator"))
    draws = ("torch.randn", "torch.rand", "torch.randint", "torch.randperm", "torch.normal")
    return text in draws and not any(word.arg == "generator" for word in node.keywords)


def _tree(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return None
