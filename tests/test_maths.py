"""Formulas of the notes can be read in a terminal: on a line, with their grouping, in any form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it.token import Token
from rich.cells import cell_len

from llmex.cli.maths import parts, read
from llmex.cli.screens.notes import parser
from llmex.cli.signs import plain, script

ROOT = Path(__file__).parent.parent
NOTES = sorted((ROOT / "exercises").glob("*/*/notes.*.md"))

READ = {
    r"\frac{a + b}{c}": "(a + b)/c",
    r"\frac{a}{b + c} d": "(a/(b + c)) d",
    r"\frac{1}{2x}": "1/(2x)",
    r"\frac{a}{b} + c": "a/b + c",
    r"x \cdot \frac{a}{b}": "x · (a/b)",
    r"\frac{\frac{a}{b}}{c}": "(a/b)/c",
    r"\frac{f(x)}{(a + b)}": "f(x)/(a + b)",
    r"\left(\frac{1}{2}\right)^2": "(1/2)²",
    r"\frac{\partial L}{\partial x_i}": "∂L/∂xᵢ",
    r"\sqrt{a + b}": "√(a + b)",
    r"\sqrt 2 x": "√2 x",
    r"\sqrt[3]{x}": "³√x",
    r"\sum_{i=1}^n x_i^2": "∑ᵢ₌₁ⁿ xᵢ²",
    r"e^{-x^2/2}": "e^{−x²/2}",
    r"10^{-4}": "10⁻⁴",
    r"p_{n, y_n}": "p_{n,yₙ}",
    r"W^q_h x": "Wₕ^q x",
    r"d_{in} \ne d_\text{out}": "dᵢₙ ≠ dₒᵤₜ",
    r"\hat{x}_i, \bar W": "x̂ᵢ, W̄",
    r"\overline{xy}": "bar(xy)",
    r"\mathrm{softmax}(q k^\top) v": "softmax(q kᵀ) v",
    r"\operatorname{relu}(x)": "relu(x)",
    r"\max_j |x_j - y_j|": "maxⱼ |xⱼ − yⱼ|",
    r"p(x|y)": "p(x | y)",
    r"\lVert a - b \rVert^2": "‖a − b‖²",
    r"a = -1, b \cdot (-2)": "a = −1, b · (−2)",
    r"1 / \sqrt{d}": "1/√d",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}": "(1, 2; 3, 4)",
    r"\begin{cases} 0 & x < 0 \\ x & \text{else} \end{cases}": "{0, x < 0; x, else}",
    r"1 \text{ if } y = j": "1 if y = j",
    r"\binom{n}{k}": "(n choose k)",
    r"\mathbb{R}^{n \times d}": "ℝ^{n×d}",
    r"\mathbf{x}": "x",
    r"g'(x)": "g′(x)",
}
IN_WORDS = {
    r"\frac{\partial L}{\partial x_i}": "partial L/partial x_i",
    r"\hat{x}_i": "hat(x)_i",
    r"\sqrt{\sigma^2 + \varepsilon}": "sqrt(sigma^2 + epsilon)",
    r"\sum_{i=1}^n x_i": "sum_{i=1}^n x_i",
    r"W^\top \le \lambda": "W^T <= lambda",
    r"\Phi(x) \to \infty": "Phi(x) -> infinity",
}


@pytest.mark.parametrize("latex", READ)
def test_a_formula_keeps_its_meaning_on_one_line(latex: str) -> None:
    """Quotients, roots, scripts and accents are grouped as LaTeX grouped them."""
    assert read(latex) == READ[latex]


@pytest.mark.parametrize("latex", IN_WORDS)
def test_a_formula_can_be_had_in_ascii(latex: str) -> None:
    """For a screen reader or a poor terminal, letters have names and scripts have marks."""
    assert read(latex, signs=False) == IN_WORDS[latex]


def test_what_is_no_formula_stays_as_it_is() -> None:
    """A formula that cannot be read is shown as its author wrote it."""
    assert read(r"\frac{") == r"\frac{"
    assert r"\nonsense" in read(r"\nonsense{x}")


def test_formulas_side_by_side_are_parted_only_outside_of_parentheses() -> None:
    r"""\qquad parts two formulas; within a fence it is a space."""
    assert parts(r"a = 1, \qquad b = 2") == ["a = 1,", "b = 2"]
    assert parts(r"\left( a \quad b \right)") == ["(a b)"]


def test_scripts_are_signs_or_marked() -> None:
    """There is no small q below the line: then a mark and, for more than a letter, braces."""
    assert script("ij", raised=False, signs=True) == "ᵢⱼ"
    assert script("q", raised=False, signs=True) == "_q"
    assert script("qk", raised=False, signs=True) == "_{qk}"
    assert plain("λΣ") == "lambdaSigma"


def formulas(path: Path) -> list[str]:
    """Every formula of these notes, as the screen reads them."""

    def inside(tokens: list[Token]) -> list[str]:
        found = [t.content for t in tokens if t.type.startswith("math")]
        return found + [f for t in tokens if t.children for f in inside(t.children)]

    return inside(parser().parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", NOTES, ids=lambda p: f"{p.parent.name}.{p.suffixes[0][1:]}")
def test_every_formula_of_the_course_can_be_read(path: Path) -> None:
    """No backslash, no dollar and no empty place is left of any formula, in either form."""
    for formula in formulas(path):
        for signs in (True, False):
            line = read(formula, signs=signs)
            assert line.strip(), formula
            assert not re.search(r"[\\$&]|\(\)|//", line), (formula, line)
            assert signs or line.isascii() or re.search(r"[^\x00-\x7f]", formula), line
            assert line.count("(") == line.count(")"), (formula, line)
            assert cell_len(line) == len([c for c in line if cell_len(c)]), line


@pytest.mark.parametrize("path", NOTES, ids=lambda p: f"{p.parent.name}.{p.suffixes[0][1:]}")
def test_every_dollar_of_the_course_is_part_of_a_formula(path: Path) -> None:
    """What an author wrote between dollars is found as a formula, whatever stands beside it."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    written = re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", text, re.DOTALL)
    assert sorted(f.strip() for f in formulas(path)) == sorted((a or b).strip() for a, b in written)
