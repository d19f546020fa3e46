"""LaTeX formulas as one line of text that can be read in a terminal.

latex2mathml reads LaTeX; here its tree becomes text. Spaces follow TeX: by the kinds of neighbours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from llmex.cli.signs import ACCENTS, accented, plain, script, upright

RELATIONS = set("=<>≤≥≠≈≡∝→←⇒⇐⇔↦∈∉⊂⊆∼≪≫:∣")
BINARY = set("+-−·⋅×÷±∓⊙⊗⊕∘∗∪∩∧∨∖") | {"mod"}
BIG = set("∑∏∫⋃⋂")
OPEN, CLOSE, BARS = set("([{⟨⌊⌈"), set(")]}⟩⌋⌉"), set("|‖")
OPERATORS = set("∂∇∀∃¬")
SCRIPTED = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
FACTORS = {"name", "number", "word", "big", "quotient", "operator", "slash"}
GLUED_AFTER = {"open", "sign", "slash", "operator"}
GLUED_BEFORE = {"close", "comma", "slash"}
NO_SIGN_AFTER = {"name", "number", "word", "close", "quotient"}
UNNAMED = re.compile(r"\\arg(?![a-zA-Z])")  # a function's name that latex2mathml does not know
TIGHT = set("·⋅×⊙*/")  # beside one of these a quotient stands in parentheses


@dataclass(frozen=True)
class Piece:
    """A part of a line, and what it is to its neighbours."""

    text: str
    kind: str


def read(formula: str, *, signs: bool = True) -> str:
    """A formula on one line; without `signs` in ASCII. What cannot be read stays as it is."""
    return "    ".join(parts(formula, signs=signs))


def parts(formula: str, *, signs: bool = True) -> list[str]:
    r"""The same, parted where the formula has \quad, \qquad or a new line."""
    from latex2mathml.converter import convert_to_element

    formula = UNNAMED.sub(r"\\operatorname{arg}", formula)
    try:
        tree = convert_to_element(formula)
    except Exception:  # it raises what Python raises for wrong input, and errors of its own
        return [" ".join(formula.split())]
    reader = _Reader(signs)
    rows: list[list[Piece]] = [[]]
    depth = 0
    for piece in reader.pieces(tree):
        depth += (piece.kind == "open") - (piece.kind == "close")
        if piece.kind == "gap" and not depth:
            rows.append([])
        else:
            rows[-1].append(piece)
    return [joined(row) for row in rows if row]


@dataclass(frozen=True)
class _Reader:
    """From a tree to pieces; `signs` are the signs that only Unicode has."""

    signs: bool

    def line(self, element: Element | Iterable[Element], *, compact: bool = False) -> str:
        """A part of the tree as text."""
        return joined(self.pieces(element), compact=compact)

    def pieces(self, element: Element | Iterable[Element]) -> list[Piece]:
        """The pieces of a part of the tree, side by side."""
        children = [element] if isinstance(element, Element) else list(element)
        found: list[Piece] = []
        for child in children:
            if _is_word(child):
                found.append(Piece(self._shown("".join(_text(e) for e in child)), "word"))
            elif child.tag in ("math", "mrow", "mstyle", "mpadded", "mphantom"):
                found += self.pieces(list(child))
            else:
                found += self._one(child)
        return found

    def _one(self, element: Element) -> list[Piece]:
        children = list(element)
        tag = element.tag
        if tag in SCRIPTED:
            return self._scripted(tag, children)
        if not children and tag != "mspace":
            return self._token(element)
        if tag == "mfrac":
            piece = self._quotient(element, *children)
        elif tag in ("msqrt", "mroot"):
            piece = self._root(children)
        elif tag == "mtable":
            rows = (", ".join(self.line(list(cell)) for cell in row) for row in children)
            piece = Piece("; ".join(rows), "name")
        elif tag == "mspace":
            wide = "linebreak" in element.attrib or _em(element) >= 1
            piece = Piece("", "gap" if wide else "space")
        else:  # a tag that is not of ours: what it holds
            return self.pieces(children)
        return [piece]

    def _token(self, element: Element) -> list[Piece]:
        text = _text(element)
        if element.tag == "mtext":
            return [Piece(" ".join(text.split()), "text" if text.strip() else "space")]
        return [Piece(self._shown(text), _kind(text, element.tag))] if text else []

    def _shown(self, text: str) -> str:
        return text if self.signs else plain(text)

    def _scripted(self, tag: str, children: Sequence[Element]) -> list[Piece]:
        if tag == "mover" and _text(children[1]) in ACCENTS:
            text = self.line(children[0])
            return [Piece(accented(text, _text(children[1]), signs=self.signs), "name")]
        if tag in ("munder", "mover") and _text(children[1]) in ("⏟", "⏞", "_"):
            return self.pieces(children[0])  # a brace has no place on a line; its label has
        *before, base = self.pieces(children[0]) or [Piece("", "name")]
        grouped = base.kind != "close" and (before or base.kind == "quotient")
        if grouped:
            base = Piece(f"({self.line(children[0])})", "name")
        below = children[1] if tag in ("msub", "munder", "msubsup", "munderover") else None
        above = children[-1] if tag in ("msup", "mover", "msubsup", "munderover") else None
        text = base.text
        for child, raised in ((below, False), (above, True)):
            if child is not None:
                text += self._script(child, raised)
        return [*([] if grouped else before), replace(base, text=text)]

    def _script(self, element: Element, raised: bool) -> str:
        if _text(element) in ("′", "″", "‴"):
            return self._shown(_text(element))
        text = self.line(element, compact=True)
        return script(text, raised=raised, signs=self.signs) if text else ""

    def _quotient(self, element: Element, above: Element, below: Element) -> Piece:
        over, under = self.pieces(above), self.pieces(below)
        first, second = (joined(pieces) for pieces in (over, under))
        if element.get("linethickness") == "0":
            return Piece(f"{first} {'choose'} {second}", "name")
        first = first if _is_factor(over, above=True) else f"({first})"
        second = second if _is_factor(under, above=False) else f"({second})"
        return Piece(f"{first}/{second}", "quotient")

    def _root(self, children: Sequence[Element]) -> Piece:
        pieces = self.pieces(children[0])
        text = joined(pieces)
        index = self.line(children[1]) if len(children) > 1 else ""
        raised = script(index, raised=True, signs=self.signs) if index else ""
        if not self.signs:
            return Piece(f"root({index}, {text})" if index else f"sqrt({text})", "name")
        alone = len(pieces) == 1 and pieces[0].kind in ("name", "number") and " " not in text
        return Piece(f"{raised}√{text}" if alone else f"{raised}√({text})", "name")


def _text(element: Element) -> str:
    """What a leaf says; latex2mathml escapes it once more than it should."""
    return upright(html.unescape(element.text or "")) if not len(element) else ""


def _em(element: Element) -> float:
    try:
        return float((element.get("width") or "0").removesuffix("em"))
    except ValueError:
        return 0.0


def _is_word(element: Element) -> bool:
    r"""Whether these are the letters of one word: \mathrm{softmax}, \mathtt{unk}."""
    upright_ = ("normal", "monospace", "sans-serif", "bold")
    return (
        element.tag == "mrow" and len(element) > 1
        and all(e.tag in ("mi", "mn") and e.get("mathvariant") in upright_ for e in element)
    )  # fmt: skip


def _kind(text: str, tag: str) -> str:
    """What a token is to its neighbours."""
    for kind, signs in (
        ("relation", RELATIONS), ("binary", BINARY), ("big", BIG), ("open", OPEN),
        ("close", CLOSE), ("bar", BARS), ("operator", OPERATORS),
    ):  # fmt: skip
        if text in signs:
            return kind
    if text in ",;":
        return "comma"
    if text == "/":
        return "slash"
    if tag == "mn":
        return "number"
    return "word" if len(text) > 1 and text.replace("\\", "").isalpha() else "name"


def _is_factor(pieces: Sequence[Piece], *, above: bool) -> bool:
    """Whether a part of a quotient needs no parentheses: a letter, ∂x, f(x), (a + b)."""
    kinds = _settled(pieces)
    if above and kinds and kinds[0].kind == "sign":
        kinds = kinds[1:]
    if kinds and kinds[0].kind == "operator":
        kinds = kinds[1:]
    elif above and len(kinds) == 2 and [p.kind for p in kinds] == ["number", "name"]:
        return True
    if len(kinds) == 1:
        return kinds[0].kind in ("name", "number", "word") and " " not in kinds[0].text
    if kinds and kinds[0].kind in ("word", "name"):
        kinds = kinds[1:]
    return bool(kinds) and kinds[0].kind == "open" and _closing(kinds) == len(kinds) - 1


def _closing(pieces: Sequence[Piece]) -> int:
    """The place at which what the first piece opens is closed."""
    depth = 0
    for place, piece in enumerate(pieces):
        depth += (piece.kind == "open") - (piece.kind == "close")
        if depth == 0:
            return place
    return -1


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces whose kind depends on their neighbours: bars that open or close, and signs."""
    paired = sum(piece.kind == "bar" for piece in pieces) % 2 == 0
    found: list[Piece] = []
    opened = False
    for piece in pieces:
        if piece.kind == "bar":
            kind = ("close" if opened else "open") if paired else "relation"
            opened = not opened
            piece = replace(piece, kind=kind)
        elif piece.kind == "binary" and (not found or found[-1].kind not in NO_SIGN_AFTER):
            piece = replace(piece, kind="sign")
        found.append(piece)
    depth = sum((piece.kind == "open") - (piece.kind == "close") for piece in found)
    if depth == 1 and found[0].text == "{":  # the brace before cases, which nothing closes
        found.append(Piece("}", "close"))
    return found


def joined(pieces: Sequence[Piece], *, compact: bool = False) -> str:
    """Pieces on one line, with the spaces between them."""
    settled = _settled(pieces)
    text = ""
    for place, piece in enumerate(settled):
        before = settled[place - 1] if place else None
        after = settled[place + 1] if place + 1 < len(settled) else None
        shown = piece.text
        if piece.kind == "quotient" and (_binds(before, "close") or _binds(after, "open")):
            shown = f"({shown})"
        if before is not None and _parted(before, piece, compact):
            text += " "
        text += shown
    return " ".join(text.split())


def _binds(beside: Piece | None, fence: str) -> bool:
    """Whether a quotient beside this would be misread without parentheses."""
    return beside is not None and (beside.kind in {*FACTORS, fence} or beside.text in TIGHT)


def _parted(left: Piece, right: Piece, compact: bool) -> bool:
    """Whether a space stands between two pieces."""
    kinds = (left.kind, right.kind)
    if {"text", "space", "gap"} & set(kinds):
        return True
    if left.kind in GLUED_AFTER or right.kind in GLUED_BEFORE:
        return False
    for piece in (left, right):
        if piece.kind in ("relation", "binary"):
            return not compact or piece.text.isalpha()
    if left.kind == "comma" or (compact and kinds == ("name", "name")):
        return not compact
    return _side_by_side(left, right)


def _side_by_side(left: Piece, right: Piece) -> bool:
    """The same for two factors: ab, 2x and f(x), but W x, 2 3 and ln x."""
    kinds = {left.kind, right.kind}
    if right.kind == "open":
        return left.kind in ("big", "quotient") or (left.kind == "word" and right.text[0] in BARS)
    if {"word", "big", "quotient"} & kinds or left.kind == "close":
        return True
    if left.kind == "number":
        return right.kind == "number"
    return len(left.text) > 1 or len(right.text) > 1
