"""How a counterexample is laid out: rows that are promised, what stands below, what was stopped."""

from __future__ import annotations

import pytest

from llmex.cli.page import Page
from llmex.cli.screens import evidence, report
from llmex.cli.words import LANGUAGES, Words
from llmex.grader.report import CODE_LINES, Check, Counterexample, Report, Sentence, Verdict
from tests.screens.ground import text

CODE = tuple(f"x{number} = np.array([{number}.0])" for number in range(CODE_LINES))
WRONG = Counterexample(
    code=CODE,
    name="out",
    where="[0]",
    want="1.0",
    got="2.0",
    finding=Sentence("the value is wrong"),
    why=Sentence("row {i0} must be divided by its own length", {"i0": 0}),
)


def shown(case: Counterexample, lang: str = "en", width: int = 80) -> list[str]:
    """The rows of a counterexample on a screen of this width."""
    page = Page(Words(lang))
    evidence.counterexample(page, case, None)
    return text(page, width).splitlines()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_code_that_the_judge_allows_is_shown(lang: str) -> None:
    """Eighteen lines of code stand whole beside values and a reason, in 25 rows."""
    rows = shown(WRONG, lang)
    assert [row.strip() for row in rows[:CODE_LINES]] == list(CODE)
    assert len(rows) <= evidence.PROMISED


def test_code_makes_room_for_the_lines_of_the_answer() -> None:
    """Where lines of the learner's own stand below, code is cut in the middle, and 25 rows do."""
    lines = tuple(f"answer.py:{number}: return f(x)" for number in range(1, 9))
    case = Counterexample(code=CODE, finding=Sentence("It raised ValueError."), lines=lines)
    rows = shown(case)
    assert len(rows) <= evidence.PROMISED
    assert rows[0].strip() == CODE[0]
    assert any(row.strip() == CODE[-1] for row in rows)
    assert any("left out" in row for row in rows)


def test_a_finding_that_does_not_fit_behind_the_value_stands_below_it() -> None:
    """A short finding stands behind what came, a long one whole below it, in the same column."""
    assert any(row.endswith("= 2.0   the value is wrong") for row in shown(WRONG))
    long = Sentence("the shape is (4, 4), it should be (4, 1)")
    case = Counterexample(code=CODE[:1], want="[1.0]", got="ndarray " * 5, finding=long)
    rows = shown(case)
    below = next(row for row in rows if "the shape is" in row)
    assert below.strip() == long.text
    assert below.index("the shape") == next(r for r in rows if "ndarray" in r).index("ndarray")


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("gradient of q", "attention(q, k, v)", "# then the gradient of q"),
        ("x.grad", "softmax(x)", "# then the gradient of x"),
        ("a.grad", "value.backward()", ""),
        ("out", "softmax(x)", ""),
    ],
)
def test_code_says_that_a_gradient_was_looked_at(name: str, code: str, said: str) -> None:
    """Below the call stands whose gradient is meant, unless the code asks for it itself."""
    rows = shown(Counterexample(code=(code,), name=name, want="1.0", got="2.0"))
    assert rows[1].strip() == said if said else "gradient" not in rows[1]


def test_what_was_stopped_stands_below_its_own_title() -> None:
    """A check that failed and a later one that was stopped: each has what is said of it."""
    verdict = Verdict(
        "stopped",
        (
            Check("test_a", "It adds", "failed", WRONG),
            Check("test_b", "It multiplies", "failed", WRONG),
            Check("test_c", "It ends", "stopped", WRONG),
            Check("test_d", "It is last", "not-run"),
        ),
        stop=Sentence("It used more than {n} seconds.", {"n": 2}),
    )
    page = report.page(Words("en"), Report("adder", 1, verdict), report.Around())
    rows = [row.strip() for row in text(page).splitlines()]
    assert rows[rows.index("✗ It ends") + 1] == "It used more than 2 seconds."
    assert "✗ It multiplies" not in rows
    assert "· 1 more not shown: fix this first" in rows


def test_earlier_answers_are_named_whole() -> None:
    """However many earlier answers take part, no name of them is cut."""
    names = tuple(f"an-earlier-exercise-{number}" for number in range(30))
    verdict = Verdict("passed", (Check("test_a", "It adds", "passed"),))
    page = report.page(Words("en"), Report("adder", 1, verdict, yours=names), report.Around())
    assert all(name in text(page) for name in names)
