"""Every sentence that a learner may read exists in both languages, with the same fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.cli.words import LANGUAGES, Words, flat, placed, read, sentences
from llmex.grader.report import Sentence

ROOT = Path(__file__).parent.parent
FIELD = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# A template is what reaches `Sentence(...)` or `LlmexError(...)` as a literal: directly, by a name,
# by a table, or through a function that passes its argument on.
Sink = tuple[str, str, int | str]  # the file ("" for all), the function, the argument
SINKS: set[Sink] = {
    ("", "LlmexError", 0), ("", "LlmexError", 1), ("", "LlmexError", "problem"),
    ("", "LlmexError", "remedy"), ("", "Sentence", 0), ("", "Sentence", "text"),
}  # fmt: skip
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def templates() -> list[tuple[str, str]]:
    """(file, English template) of every sentence that may be shown, each template once."""
    files = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in _sources()}
    return Corpus(files).found()


def _sources() -> Iterator[Path]:
    for room in ("grader", "cli"):
        yield from sorted((ROOT / room).rglob("*.py"))


class Corpus:
    """All files at once, for a constant or a function may be used far from where it stands."""

    def __init__(self, files: dict[str, str]) -> None:
        self.trees = {file: ast.parse(text) for file, text in files.items()}
        self.names: dict[tuple[str, str], list[ast.expr]] = {}
        for file, tree in self.trees.items():
            for node in ast.walk(tree):
                self._note(file, node)

    def _note(self, file: str, node: ast.AST) -> None:
        """Remember what a name may stand for."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(file, target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._bind(file, node.target, node.value)
        elif isinstance(node, ast.For | ast.comprehension):
            self._bind(file, node.target, node.iter)

    def _bind(self, file: str, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names.setdefault((file, target.id), []).append(value)
            if target.id.isupper():
                self.names.setdefault(("", target.id), []).append(value)
        elif isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            same = len(parts) == len(target.elts)
            for place, part in enumerate(target.elts):
                self._bind(file, part, parts[place] if same else value)

    def found(self) -> list[tuple[str, str]]:
        """Every template; the search is repeated until no more functions pass one on."""
        sinks, size = set(SINKS), 0
        while size != len(sinks):
            size = len(sinks)
            places: dict[str, str] = {}
            for file, tree in self.trees.items():
                search = _Search(self, file, sinks)
                search.visit(tree)
                for text in search.found:
                    places.setdefault(placed(text)[1], file)
        return sorted((file, text) for text, file in places.items() if " " in text)


class _Search(ast.NodeVisitor):
    """The calls of one file."""

    def __init__(self, corpus: Corpus, file: str, sinks: set[Sink]) -> None:
        self.corpus, self.file, self.sinks = corpus, file, sinks
        self.found: set[str] = set()
        self.functions: list[FUNCTIONS] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Keep the functions around a call in mind."""
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        """Follow the arguments that become templates."""
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        arguments: list[tuple[int | str | None, ast.expr]] = [*enumerate(node.args)]
        arguments += [(keyword.arg, keyword.value) for keyword in node.keywords]
        for place, argument in arguments:
            if {("", name, place), (self.file, name, place)} & self.sinks:
                self.follow(argument, set())
        self.generic_visit(node)

    def follow(self, node: ast.expr, seen: set[str]) -> None:
        """Take a literal, all literals of a table, or whatever a name stands for."""
        if isinstance(node, ast.Constant):
            self.found |= {node.value} if isinstance(node.value, str) else set()
        elif isinstance(node, ast.IfExp | ast.BoolOp | ast.Tuple | ast.List | ast.Dict):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr) and child is not getattr(node, "test", None):
                    self.follow(child, seen)
        elif isinstance(node, ast.Subscript):
            self.follow(node.value, seen)
        elif isinstance(node, ast.BinOp):  # a place, and what is wrong there
            self.follow(node.right, seen)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("items", "values", "get", "pop"):
                self.follow(node.func.value, seen)
        elif isinstance(node, ast.Name | ast.Attribute):
            self._name(node, seen)

    def _name(self, node: ast.Name | ast.Attribute, seen: set[str]) -> None:
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name in seen:
            return
        names = self.corpus.names
        for value in names.get((self.file, name)) or names.get(("", name), []):
            self.follow(value, seen | {name})
        if isinstance(node, ast.Name) and self.functions:
            self._parameter(self.functions[-1], name)

    def _parameter(self, function: FUNCTIONS, name: str) -> None:
        """Where a function passes its argument on, its callers have the template."""
        arguments = function.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        scope = self.file if function.name.startswith("_") else ""
        method = bool(names) and names[0] in ("self", "cls")
        called = function.name
        if name in names:
            self.sinks |= {(scope, called, names.index(name) - method), (scope, called, name)}
        elif name in {argument.arg for argument in arguments.kwonlyargs}:
            self.sinks.add((scope, called, name))


def fields(template: str) -> set[str]:
    """The names in braces."""
    return set(FIELD.findall(template))


def test_every_sentence_of_the_grader_has_a_chinese_line() -> None:
    """What the grader and the commands say of trouble, words.zh.yaml says in Chinese."""
    known = sentences("zh")
    missing = [f"{path}: {text!r}" for path, text in templates() if text not in known]
    assert not missing, f"{len(missing)} without a Chinese line:\n" + "\n".join(missing)


def test_chinese_sentences_keep_their_fields() -> None:
    """A Chinese sentence has the fields of its English template, and is Chinese."""
    for english, chinese in sentences("zh").items():
        assert fields(chinese) == fields(english), english
        assert HAN.search(chinese), english


def test_no_chinese_line_is_left_over() -> None:
    """Every line of `sentences` translates something that llmex still says."""
    said = {text for _, text in templates()}
    stale = [text for text in sentences("zh") if text not in said]
    assert not stale, "\n".join(stale)


def test_languages_have_the_same_keys_and_fields() -> None:
    """Each key has the same fields in every language; a form for one may leave the number out."""
    wanted: dict[str, set[str]] = {}
    for lang in LANGUAGES:
        keys = set()
        for key, template in flat(read(lang)):
            keys.add(key)
            assert fields(template) == wanted.setdefault(key, fields(template)), (lang, key)
        assert keys == set(wanted), set(wanted) ^ keys
    for group, entries in read("en").items():
        for name, words in entries.items():
            if isinstance(words, dict):
                assert set(words) == {"one", "other"}, name
                assert fields(words["one"]) <= wanted[f"{group}.{name}"], name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_yaml_did_not_read_a_key_as_something_else(lang: str) -> None:
    """No key is a bool (`on`, `no`) or a number, and every sentence is a text."""
    for group, entries in read(lang).items():
        for name, words in entries.items():
            assert isinstance(name, str), (group, name)
            forms = words.values() if isinstance(words, dict) else [words]
            assert all(isinstance(form, str) for form in forms), (group, name)


def test_chinese_has_no_space_between_two_characters() -> None:
    """A folded line would put a space between two Chinese characters: there is none."""
    for key, template in flat(read("zh")):
        assert not re.search(r"[\u4e00-\u9fff，。：；] [\u4e00-\u9fff]", template), key


def test_every_key_that_is_used_exists() -> None:
    """No command asks for words that are not there."""
    for path in (ROOT / "cli").rglob("*.py"):
        for key in re.findall(r"""(?:say|tell)\(\s*f?"([a-z-]+\.[a-z-]+)"[,)]""", path.read_text()):
            assert Words("en").has(key), f"{path}: {key}"


def test_every_key_is_used() -> None:
    """No sentence is left over: each key stands in the source, whole or put together there."""
    sources = [*(ROOT / "cli").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in sources)
    made = re.findall(r"""f"([a-z]+\.[^"\s]*\{[^"]*)["']""", source)
    shapes = [re.compile(re.sub(r"\\?\{.*?\}", "[a-z0-9_ -]+", re.escape(text))) for text in made]
    unused = [
        key
        for key, _ in flat(read("en"))
        if key not in source and not any(shape.fullmatch(key) for shape in shapes)
    ]
    assert not unused


def test_plural_is_chosen_by_n() -> None:
    """One check passes, two checks pass."""
    words = Words("en")
    assert words.say("report.passes", n=1) == "1 check passes"
    assert words.say("report.passes", n=2) == "2 checks pass"


def test_a_sentence_is_looked_up_then_filled() -> None:
    """An exercise's own translation is used where the grader has none, and English at last."""
    sentence = Sentence("row {i} is off", {"i": 3})
    assert Words("zh").sentence(sentence) == "row 3 is off"
    assert Words("zh").sentence(sentence, {"row {i} is off": "第 {i} 行不对"}.get) == "第 3 行不对"


def test_an_unknown_language_is_english() -> None:
    """Words never fail for a language that is not there."""
    assert Words("xx").say("next.label") == "Next: "
