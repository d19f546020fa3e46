"""Every sentence that a learner may read exists in both languages, with the same fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmex.cli.words import LANGUAGES, Words, flat, read
from llmex.grader.report import Sentence

ROOT = Path(__file__).parent.parent
FIELD = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Which arguments of which calls are templates; functions that pass theirs on join by themselves.
SINKS = {("LlmexError", 0), ("LlmexError", 1), ("Sentence", 0)}


def sources() -> list[Path]:
    """The files whose sentences reach people."""
    return sorted([*(ROOT / "grader").rglob("*.py"), *(ROOT / "cli").rglob("*.py")])


class Templates(ast.NodeVisitor):
    """The literal templates of one file, followed through names and through its own functions."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.found: set[str] = set()
        self.sinks = set(SINKS)
        self.texts: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._names(target, node.value)
            elif isinstance(node, ast.For) and isinstance(node.target, ast.Name):
                self.texts.setdefault(node.target.id, []).append(node.iter)
        size = -1
        while size != len(self.sinks):
            size = len(self.sinks)
            self.functions: list[ast.FunctionDef] = []
            self.visit(tree)

    def _names(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.texts.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for part, text in zip(target.elts, value.elts, strict=False):
                self._names(part, text)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Keep the functions around a call in mind."""
        self.functions.append(node)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        """Take the arguments that are templates."""
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        for place, argument in enumerate(node.args):
            if (name, place) in self.sinks:
                self.take(argument, set())
        for keyword in node.keywords:
            if (name, keyword.arg) in self.sinks:
                self.take(keyword.value, set())
        self.generic_visit(node)

    def take(self, node: ast.expr, seen: set[str]) -> None:
        """Note a template, or whatever text a name may stand for."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.found.add(node.value)
        elif isinstance(node, ast.IfExp | ast.BoolOp | ast.Tuple | ast.List | ast.Dict):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.take(child, seen)
        elif isinstance(node, ast.Subscript):
            self.take(node.value, seen)
        elif isinstance(node, ast.Name) and node.id not in seen:
            for text in self.texts.get(node.id, []):
                self.take(text, seen | {node.id})
            self._parameter(node.id)

    def _parameter(self, name: str) -> None:
        for function in self.functions[-1:]:
            arguments = function.args
            names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
            if name in names:
                place = names.index(name) - (names[0] in ("self", "cls"))
                self.sinks |= {(function.name, place), (function.name, name)}
            elif name in {a.arg for a in arguments.kwonlyargs}:
                self.sinks.add((function.name, name))


def templates() -> Iterator[tuple[str, str]]:
    """(file, English template) of every sentence of the grader and of the commands."""
    for path in sources():
        for text in sorted(Templates(ast.parse(path.read_text("utf-8"))).found):
            if " " in text:
                yield str(path.relative_to(ROOT)), text


def fields(template: str) -> set[str]:
    """The names in braces."""
    return set(FIELD.findall(template))


def test_every_sentence_of_the_grader_has_a_chinese_line() -> None:
    """What the grader and the commands say of trouble, words.zh.yaml says in Chinese."""
    known = read("zh")["sentences"]
    missing = [f"{path}: {text!r}" for path, text in templates() if text not in known]
    assert not missing, f"{len(missing)} without a Chinese line:\n" + "\n".join(missing)


def test_chinese_sentences_keep_their_fields() -> None:
    """A Chinese sentence has the fields of its English template, and is Chinese."""
    for english, chinese in read("zh")["sentences"].items():
        assert fields(chinese) == fields(english), english
        assert HAN.search(chinese), english


def test_no_chinese_line_is_left_over() -> None:
    """Every line of `sentences` translates something that llmex still says."""
    said = {text for _, text in templates()}
    stale = [text for text in read("zh")["sentences"] if text not in said]
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
