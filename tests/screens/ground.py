"""The reports, rows and pages whose pictures lie in tests/snapshots."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.theme import Theme

from llmex.cli.page import Page
from llmex.cli.screens import course, report, task
from llmex.cli.session import STYLES
from llmex.cli.words import Words
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
