"""An answer that cuts autograd's graph fails its check and hears why; the judge never breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader.differentiate import LOST, NO_GRADIENT, NO_PART
from tests.miniature import case_of, made

SUITE = """
import torch
from llmex.grader.compare import assert_close

def test_gradient(learner, trng):
    \"\"\"Its gradient is right\"\"\"
    x = torch.randn(3, generator=trng, requires_grad=True)
    w = torch.randn(3, generator=trng, requires_grad=True)
    dy = torch.randn(3, generator=trng)
    TAKE
"""
BY_GRAD = "dx, dw = torch.autograd.grad(learner.f(x, w), [x, w], dy); assert_close(dx, dy * w)"
BY_BACKWARD = "learner.f(x, w).backward(dy); assert_close(x.grad, dy * w, name='x.grad')"
BY_UNUSED = (
    "dx, dw = torch.autograd.grad(learner.f(x, w), [x, w], dy, allow_unused=True);"
    " assert_close(dx, dy * w)"
)
CUTS = {
    "detached": "x.detach() * w.detach()",
    "data": "x.data * w.data",
    "numpy": "torch.from_numpy(x.detach().numpy() * w.detach().numpy())",
    "copied": "torch.tensor((x * w).tolist())",
}


def answer(body: str) -> str:
    """An answer whose function returns an expression."""
    return f"import torch\ndef f(x, w):\n    return {body}\n"


@pytest.mark.parametrize("take", [BY_GRAD, BY_BACKWARD], ids=["grad", "backward"])
@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_graph_fails_the_check(tmp_path: Path, cut: str, take: str) -> None:
    """Whatever cut it and however the suite asks: failed, with the call and where to look."""
    case = case_of(made(tmp_path, SUITE.replace("TAKE", take), answer(CUTS[cut])))
    assert case.finding is not None
    assert case.help is not None
    assert (case.finding.text, case.help.text) == (NO_GRADIENT, LOST)
    assert case.code[-1] == "f(x, w)"


def test_no_grad_is_heard_too(tmp_path: Path) -> None:
    """A function that computes under no_grad gives a result without a gradient."""
    body = "import torch\ndef f(x, w):\n    with torch.no_grad():\n        return x * w\n"
    case = case_of(made(tmp_path, SUITE.replace("TAKE", BY_GRAD), body))
    assert case.help is not None
    assert case.help.text == LOST


def test_one_input_cut_off(tmp_path: Path) -> None:
    """Where only one input has no share, that is said."""
    case = case_of(made(tmp_path, SUITE.replace("TAKE", BY_GRAD), answer("x.detach() * w")))
    assert case.finding is not None
    assert case.finding.text == NO_PART


@pytest.mark.parametrize("take", [BY_BACKWARD, BY_UNUSED], ids=["backward", "allow_unused"])
def test_a_gradient_that_is_none_is_no_missing_return(tmp_path: Path, take: str) -> None:
    """None as a gradient is explained as what it is, not as a forgotten `return`."""
    case = case_of(made(tmp_path, SUITE.replace("TAKE", take), answer("x.detach() * w")))
    assert case.got == "None"
    assert case.help is not None
    assert case.help.text == LOST


def test_a_missing_return_is_still_one(tmp_path: Path) -> None:
    """A function that returns None is told of its `return`, with gradients or without."""
    suite = SUITE.replace("TAKE", "assert_close(learner.f(x, w), x * w)")
    case = case_of(made(tmp_path, suite, "def f(x, w):\n    x * w\n"))
    assert case.help is not None
    assert "`return`" in case.help.text


def test_the_suite_s_own_error_stays_its_own(tmp_path: Path) -> None:
    """Another error of torch in a suite is llmex's trouble, never the learner's fault."""
    suite = SUITE.replace("TAKE", "torch.zeros(2) @ torch.zeros(3); assert_close(1, 1)")
    report = made(tmp_path, suite, answer("x * w"))
    assert report.verdict.outcome == "grader-error"


def test_a_mistake_that_detaches_is_named(tmp_path: Path) -> None:
    """The lost gradient is evidence: an answer with the same cut is told of it."""
    report = made(
        tmp_path,
        SUITE.replace("TAKE", BY_GRAD),
        answer("w.detach() * x.detach()"),
        solution=answer("x * w"),
        mistakes="- id: detached\n  says: The inputs are detached.\n"
        "  edit: [{find: 'x * w', replace: 'x.detach() * w.detach()'}]\n"
        "- id: doubled\n  says: Doubled.\n  edit: [{find: 'x * w', replace: '2 * x * w'}]\n",
    )
    assert report.diagnosis is not None
    assert report.diagnosis.mistake == "detached"
