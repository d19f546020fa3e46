"""What a learner sees, as plain text: in both languages, at every width, whatever their code says.

`LLMEX_SNAPSHOTS=write python -m pytest tests/test_screens.py` writes the pictures anew; read the
difference before you keep it.
"""

from __future__ import annotations

import dataclasses
import io
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.theme import Theme

from llmex.cli.page import Page
from llmex.cli.screens import course, report, task
from llmex.cli.session import STYLES, rendered
from llmex.cli.words import LANGUAGES, Words
from llmex.cli.wrapping import breaks
from llmex.grader.report import (
    Check,
    CheckOutcome,
    Counterexample,
    Diagnosis,
    Report,
    Run,
    Sentence,
    Verdict,
)

FILE = "attention/scaled_dot_product_attention.py"
SNAPSHOTS = Path(__file__).parent / "snapshots"
HOSTILE = "\x1b[31mred\x1b]8;;http://x\x07 [bold]b[/bold] \u202ertl \r\x08 $(id) `id` \ud800"

CASE = Counterexample(
    code=(
        "import torch",
        "q = torch.tensor([[[1., 0., 2., -1.], [0., 1., 1., 0.]]])",
        "k = torch.tensor([[[1., 1., 0., 0.], [0., 2., 1., 0.], [1., 0., 0., 1.]]])",
        "v = torch.tensor([[[1., 2.], [3., 4.], [5., 6.]]])",
        "attention(q, k, v)",
    ),
    name="out",
    where="[0, 0, 0]",
    want="0.3121",
    got="0.3874",
    finding=Sentence("first of {n} wrong values out of {total}", {"n": 10, "total": 30}),
)
TITLES = {
    "en": (
        "Every query's weights sum to one",
        "Works for any number of leading dimensions",
        "Equals the definition",
        "A masked key has no weight",
        "Gradients equal finite differences",
        "Keeps the dtype",
    ),
    "zh": (
        "每个查询的权重之和为一",
        "前面的维数可以任意",
        "与定义一致",
        "被遮住的键没有权重",
        "梯度与有限差分一致",
        "保持 dtype 不变",
    ),
}
SAYS = {"en": "the scores are not divided by √d_k.", "zh": "分数没有除以 √d_k。"}
OUTCOMES: dict[str, CheckOutcome] = {
    "p": "passed", "f": "failed", "w": "not-written", "s": "stopped", "r": "not-run", "e": "error",
}  # fmt: skip


def checks(pattern: str, case: Counterexample | None = CASE) -> tuple[Check, ...]:
    """Six checks, one letter for the outcome of each; what failed has the counterexample."""
    return tuple(
        Check(f"test_{i}", TITLES["en"][i], OUTCOMES[letter], case if letter == "f" else None)
        for i, letter in enumerate(pattern)
    )


def of(verdict: Verdict, diagnosis: Diagnosis | None = None, **fields: Any) -> Report:
    """A report of this verdict."""
    return Report("scaled-dot-product-attention", 1, verdict, diagnosis, seconds=0.31, **fields)


NO_SCALE = Diagnosis("no-scale", SAYS["en"], 4)
CLOCK = Sentence("It ran longer than {seconds} seconds and was stopped.", {"seconds": 10})
SYNTAX = Verdict(
    "failed",
    checks("rrrrrr"),
    problem=Sentence(
        "It raised {name}: {message}", {"name": "SyntaxError", "message": "invalid syntax"}
    ),
    lines=(f"{FILE}:12:14:     return 3 x - m",),
)
RAISED = Counterexample(
    code=("attention(q, k, v)",),
    finding=Sentence(
        "It raised {name}: {message}",
        {"name": "NameError", "message": "name 'sqrt' is not defined"},
    ),
    lines=(f"{FILE}:14: s = scores(q, k)", "networks/stable_softmax.py:7: return s / sqrt(d)"),
    printed="shape (1, 2, 4)\nshape (1, 3, 4)\n",
)
RUN = Run(
    "test_5",
    "nats per character",
    steps=2000,
    reached=2000,
    losses=tuple((31 * i + 1, 1.7 + 2.5 / (1 + i / 2)) for i in range(65)),
    baselines={"uniform": 4.174, "bigram": 2.482, "5-gram": 1.669},
    samples=((0, "q;Xw\nzz"), (200, "the sor and\nthe\nking"), (2000, "ROMEO:\nI will not.\n")),
    value=1.774,
    gate=(1.35, 1.95),
    seconds=104.6,
)
REPORTS = {
    "failed": of(Verdict("failed", checks("ppffp" + "f")), NO_SCALE),
    "passed": of(
        Verdict("passed", checks("pppppp")), yours=("stable-softmax",), provided=("layernorm",)
    ),
    "delegated": of(
        Verdict("delegated", checks("pppppp"), delegated_to=("torch.softmax", "torch.log_softmax"))
    ),
    "not-started": of(Verdict("not-started", checks("wwwwww"))),
    "unfinished": of(Verdict("unfinished", checks("pppppr")), left_out=("test_5",)),
    "waiting": of(Verdict("failed", checks("ppfppr"))),
    "borrowed": of(
        Verdict("borrowed", checks("pppppp"), runs=(RUN,)),
        provided=("layernorm",),
        missing=("layernorm", "stable-softmax"),
    ),
    "training-stopped": of(
        Verdict(
            "stopped",
            checks("ppppps"),
            stop=CLOCK,
            runs=(dataclasses.replace(RUN, reached=248, value=None, losses=RUN.losses[:8]),),
        )
    ),
    "half-written": of(Verdict("failed", checks("ppwwwp"))),
    "stopped": of(Verdict("stopped", checks("psrrrr"), stop=CLOCK, output="step\n" * 40)),
    "not-loaded": of(SYNTAX),
    "raised": of(Verdict("failed", checks("fpfpff", RAISED), output_lost=12)),
    "not-judged": of(
        Verdict("grader-error", checks("errrrr"), problem=Sentence("{why}", {"why": "no memory"}))
    ),
}


def around(lang: str, **fields: Any) -> report.Around:
    """What stands around a report."""
    names = [f"test_{i}" for i in range(6)]
    return report.Around(
        module={"en": "Attention", "zh": "注意力与 Transformer"}[lang],
        path=FILE,
        file=FILE,
        titles=dict(zip(names, TITLES[lang], strict=True)),
        says=SAYS[lang],
        hints=4,
        hints_left=2,
        attempts=3,
        next="attention-masks",
        **{"long": ("test_5",), "minutes": 2, **fields},
    )


def report_page(name: str) -> Callable[[str, bool], Page]:
    """The screen of one of the reports."""
    return lambda lang, plain: report.page(Words(lang), REPORTS[name], around(lang), plain=plain)


def every_page(lang: str, plain: bool) -> Page:
    """A failed report with every check."""
    shown = around(lang, every=True)
    return report.page(Words(lang), REPORTS["failed"], shown, plain=plain)


ROWS = (
    course.Row("array-broadcasting", "Broadcasting", "Mathematics", "passed", 25, 1),
    course.Row(
        "stable-softmax", "Stable softmax, log-softmax, temperature and all that", "Networks",
        "started", 20, 1, current=True, note="3/6",
    ),
    course.Row("scaled-dot-product-attention", "缩放点积注意力", "Networks", "new", 40, 3),
)  # fmt: skip
STANDING = course.Standing(
    "From numbers to a language model",
    "spine",
    {"Mathematics": (1, 2), "从零开始的神经网络": (7, 7), "Attention": (0, 4)},
    "stable-softmax",
    ("3 / 6", "4"),
    opens={"Mathematics": "neural_networks, attention"},
    stale=("array-broadcasting",),
    older=("matrix-calculus",),
    renewed=("stable-softmax",),
)
TASK = task.Task(
    "stable-softmax",
    "Stable softmax, log-softmax, temperature",
    "Turn scores into probabilities without overflow, at any temperature.",
    "Neural networks from scratch",
    20,
    "numpy",
    "neural_networks/stable_softmax.py",
    "neural_networks/stable_softmax.md",
    (8, 25),
    ("array-broadcasting",),
    ("3 / 6",),
)
PAGES: dict[str, Callable[[str, bool], Page]] = {
    **{name: report_page(name) for name in REPORTS},
    "every": every_page,
    "list": lambda lang, plain: course.exercises(Words(lang), "Course", ROWS, plain=plain),
    "status": lambda lang, plain: course.standing(Words(lang), STANDING, plain=plain),
    "task": lambda lang, plain: task.task(Words(lang), TASK, plain=plain),
}


def text(page: Page, width: int = 80) -> str:
    """A page on a terminal of this width, without colours."""
    console = Console(
        file=io.StringIO(), width=width, theme=Theme(STYLES), color_system=None, markup=False,
        emoji=False, highlight=False,
    )  # fmt: skip
    with console.capture() as caught:
        console.print(page)
    return caught.get()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_screen_is_as_its_picture(name: str, lang: str) -> None:
    """Each screen is what its file in tests/snapshots shows."""
    path = SNAPSHOTS / f"{name}.{lang}.txt"
    shown = text(PAGES[name](lang, False))
    if os.environ.get("LLMEX_SNAPSHOTS") == "write":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("plain", [False, True], ids=["signs", "plain"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_no_line_is_wider_than_the_terminal(name: str, lang: str, plain: bool) -> None:
    """Every screen fits every width from 40 columns on, and no line ends in a space."""
    page = PAGES[name](lang, plain)
    for width in (40, 47, 60, 80, 133):
        for line in text(page, width).splitlines():
            assert cell_len(line) <= width, line
            assert line == line.rstrip()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(set(PAGES) - {"every"}))
def test_a_screen_fits_a_terminal(name: str, lang: str) -> None:
    """On 80 columns a screen leaves a line of a 24-line terminal for the prompt.

    After a training, the verdict does: the curve and the samples stand above it.
    """
    shown = text(PAGES[name](lang, False))
    if name in REPORTS and REPORTS[name].verdict.runs:
        shown = shown[shown.index("✓") :]
    assert shown.count("\n") <= 23


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_plain_has_words_in_place_of_signs(name: str, lang: str) -> None:
    """What a screen reader gets has no tick, no cross, no bar, and says passed and not passed."""
    shown = text(PAGES[name](lang, True))
    assert not set(shown) & set("✓✗▸●○━┄│─")
    if name == "failed":
        say = Words(lang).say
        assert say("plain.good") in shown
        assert say("plain.bad") in shown


def hostile_report() -> Report:
    """A report in which everything that comes from a learner is hostile."""
    case = Counterexample(
        (HOSTILE,), HOSTILE, HOSTILE, HOSTILE, HOSTILE, Sentence("{x}", {"x": HOSTILE}),
        Sentence("{x}", {"x": HOSTILE}), Sentence(HOSTILE), (HOSTILE,) * 40, HOSTILE * 300,
    )  # fmt: skip
    verdict = Verdict(
        "failed", (Check("a", HOSTILE, "failed", case), Check("b", HOSTILE, "passed")),
        Sentence("{x}", {"x": HOSTILE}), None, (HOSTILE,), HOSTILE * 100, 3, (HOSTILE,),
    )  # fmt: skip
    return of(verdict, Diagnosis("x", HOSTILE, 1), yours=(HOSTILE,), provided=(HOSTILE,))


@pytest.mark.parametrize("outcome", ["failed", "delegated", "grader-error", "passed", "stopped"])
def test_hostile_text_does_nothing(outcome: str) -> None:
    """No control, format or surrogate character of an answer reaches the terminal, nor markup."""
    subject = hostile_report()
    verdict = dataclasses.replace(subject.verdict, outcome=outcome)  # type: ignore[arg-type]
    for problem in (None, Sentence("{x}", {"x": HOSTILE})):
        told = dataclasses.replace(subject, verdict=dataclasses.replace(verdict, problem=problem))
        shown = text(report.page(Words("en"), told, around("en")), 120)
        bad = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")}
        assert bad == {"\n"}
        assert shown.count("\n") < 60


def test_hostile_titles_do_nothing() -> None:
    """A course from elsewhere cannot reach the terminal through its titles either."""
    row = course.Row("an-id", HOSTILE, HOSTILE, "new", 5, 1, note=HOSTILE)
    told = dataclasses.replace(TASK, title=HOSTILE, summary=HOSTILE, module=HOSTILE, uses=HOSTILE)
    for plain in (False, True):
        pages = [
            course.exercises(Words("en"), HOSTILE, [row], plain=plain),
            course.standing(Words("en"), dataclasses.replace(STANDING, track=HOSTILE), plain=plain),
            task.task(Words("en"), told, plain=plain),
            task.hint(Words("en"), "an-id", HOSTILE, (HOSTILE,), 1, 1, "", plain=plain),
        ]
        for page in pages:
            bad = {c for c in text(page) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")}
            assert bad == {"\n"}


def test_markup_of_an_answer_is_shown_as_it_is() -> None:
    """`[bold]` in an answer is six characters, not a style."""
    case = dataclasses.replace(CASE, got="[bold]x[/bold] :smile:")
    told = of(Verdict("failed", checks("f", case)))
    assert "[bold]x[/bold] :smile:" in text(report.page(Words("en"), told, around("en")))


def test_many_passed_checks_are_one_line() -> None:
    """A long suite does not push what is wrong off the screen."""
    many = tuple(Check(f"test_{i}", f"Claim {i}", "passed") for i in range(30))
    told = of(Verdict("failed", (*many, *checks("f"))))
    assert "30 checks pass" in text(report.page(Words("en"), told, around("en")))


def test_chinese_breaks_between_characters() -> None:
    """A Chinese line is filled to its end, and no line begins with a closing sign."""
    chinese = "所有对错值都在这里，请先看第一处。" * 5
    cuts = breaks(chinese, 20, 20)
    rows = [chinese[a:b] for a, b in zip([0, *cuts], [*cuts, len(chinese)], strict=True)]
    assert all(cell_len(row) <= 20 for row in rows)
    assert all(cell_len(row) >= 16 for row in rows[:-1])
    assert not any(row[0] in "，。" for row in rows)


def test_a_command_is_never_broken() -> None:
    """What is to be typed stands on one line, and has ordinary spaces."""
    page = Page(Words("en"))
    page.next(("write your code in a/very/long/path/of/an/answer.py, then", "llmex check it", ""))
    lines = text(page, 62).splitlines()
    assert any("llmex check it" in line for line in lines)


def test_ticks_are_styled_with_colour_and_kept_without() -> None:
    """Between backticks stands what to type: in colour where there is one, else in the ticks."""
    page = Page(Words("en"))
    page.add("then `llmex list` shows them")
    assert "`llmex list`" in text(page)
    console = Console(
        file=io.StringIO(), width=80, theme=Theme(STYLES), force_terminal=True,
        color_system="standard", markup=False,
    )  # fmt: skip
    with console.capture() as caught:
        console.print(page)
    assert "`" not in caught.get()
    assert "\x1b[1;36mllmex list" in caught.get()


def test_a_bar_is_full_only_at_the_end() -> None:
    """One of a hundred is not nothing, and 99 of a hundred is not everything."""
    assert course.bar(0, 100).plain.count("━") == 0
    assert course.bar(1, 100).plain.count("━") == 1
    assert course.bar(99, 100).plain.count("┄") == 1
    assert course.bar(100, 100).plain.count("┄") == 0


def test_output_that_is_no_terminal_is_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets 80 columns without colours."""
    monkeypatch.delenv("COLUMNS", raising=False)
    page = PAGES["failed"]("en", False)
    shown = rendered(page, io.StringIO(), False)
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
