"""An answer that misuses its callback fails with the reason, and harms nobody."""

from __future__ import annotations

from typing import Any

import pytest

from llmex.grader.report import Report
from llmex.grader.training import RunFault
from tests.judging import judged
from tests.training.ground import REPORT, changed, live


def training_of(report: Report) -> Any:
    """The check that trains."""
    return next(c for c in report.verdict.checks if c.name == "test_training")


FAULTS = {
    "a step that is text": ("on_step('x', loss)", "as a step"),
    "a step that is a truth value": ("on_step(True, loss)", "as a step"),
    "a step that is a fraction": ("on_step(step + 0.5, loss)", "as a step"),
    "a step that is huge": ("on_step(10 ** 300, loss)", "first step"),
    "steps that begin at 2": ("on_step(step + 1, loss)", "begin at 0 or 1"),
    "the same step twice": ("on_step(1, loss)", "after step 1"),
    "steps backwards": ("on_step(1 if step == 1 else 601 - step, loss)", "in order"),
    "every second step": ("step % 2 and on_step(step, loss)", "in order"),
    "a loss that is text": ("on_step(step, '\\x1b[2J')", "must be a number"),
    "a loss that is nothing": ("on_step(step, None)", "must be a number"),
    "a loss that is a list": ("on_step(step, [loss])", "must be a number"),
    "a loss that is a truth value": ("on_step(step, True)", "must be a number"),
    "a loss that is complex": ("on_step(step, 1j)", "must be a number"),
    "NaN": ("on_step(step, float('nan'))", "diverged"),
    "infinity": ("on_step(step, float('inf'))", "diverged"),
    "an integer beyond all floats": ("on_step(step, 10 ** 400)", "diverged"),
    "one step fewer": ("step > 1 and on_step(step - 1, loss)", "599 of its 600"),
    "one step more": ("(on_step(step, loss), step == 600 and on_step(601, 0.0))", "more than"),
    "no step at all": ("None", "0 of its 600"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_nonsense_fails_the_check(what: str) -> None:
    """Whatever is reported in the place of a step, its check fails and says why; others go on."""
    call, said = FAULTS[what]
    report = judged("descent", changed((REPORT, call)))
    assert report.verdict.outcome == "failed"
    assert [check.outcome for check in report.verdict.checks] == ["failed", "passed", "passed"]
    case = training_of(report).counterexample
    assert case is not None
    assert case.finding is not None
    assert said in case.finding.english()
    assert "\x1b" not in case.finding.english()


def test_the_callback_has_its_own_signature() -> None:
    """A call with other arguments is the answer's own TypeError, as for any function."""
    report = judged("descent", changed((REPORT, "on_step(step)")))
    case = training_of(report).counterexample
    assert case is not None
    assert case.finding is not None
    assert "TypeError" in case.finding.english()


SWALLOW = """
            try:
                on_step(step, loss)
            except BaseException:
                pass"""


def test_a_fault_cannot_be_swallowed() -> None:
    """An answer that catches what its nonsense raises fails all the same."""
    text = changed((f" {REPORT}", SWALLOW.replace("(step, loss)", "(-step, loss)")))
    assert training_of(judged("descent", text)).outcome == "failed"


FLOOD = """
            for _ in range(10 ** 9):
                try:
                    on_step(step, loss)
                except BaseException:
                    pass"""


def test_a_flood_of_steps_ends_the_answer() -> None:
    """A thousand million reports that make no sense end the answer long before its limits do."""
    verdict = judged("descent", changed((f" {REPORT}", FLOOD))).verdict
    assert verdict.outcome == "stopped"
    assert verdict.stop is not None
    assert "make no sense" in verdict.stop.english()
    assert verdict.runs[0].reached == 1


def test_a_step_after_the_end_fails() -> None:
    """A callback that was kept and is called after the run counts for nothing and fails."""
    text = changed(
        ("    return model", "    global kept\n    kept = kept or on_step\n    return model"),
        ('    return (f"', '    kept and kept(1, 0.0)\n    return (f"'),
    )
    text += "\n\nkept = None\n"
    case = training_of(judged("descent", text)).counterexample
    assert case is not None
    assert case.finding is not None
    assert "after its end" in case.finding.english()


def test_samples_must_be_text() -> None:
    """A sample that is no text fails the check."""
    text = changed(("    return (f", "    return model if length == 30 else (f"))
    case = training_of(judged("descent", text)).counterexample
    assert case is not None
    assert case.finding is not None
    assert "must be text, not float" in case.finding.english()
    run = live()
    with pytest.raises(RunFault, match="must be text"):
        run.sample(0, 3)


@pytest.mark.parametrize("value", [None, "1.7", float("nan"), float("inf"), [1.0]])
def test_the_measured_loss_is_a_number(value: object) -> None:
    """A model on which no finite loss can be measured fails, and the report can still be sent."""
    run = live(1)
    run.step(1, 2.0)
    with pytest.raises(RunFault, match="finite number"):
        run.finish(value, gate=(1, 2))
    assert run.record().value is None


@pytest.mark.parametrize(("model", "said"), [("1.0", "learned too little"), ("3.5", "leaked")])
def test_the_gate_is_the_suites(model: str, said: str) -> None:
    """A loss above or below the gate fails by the suite's own words, and is in the record."""
    text = changed(("    return model\n", f"    return {model} if steps == 600 else model\n"))
    report = judged("descent", text)
    case = training_of(report).counterexample
    assert case is not None
    assert case.why is not None
    assert said in case.why.english()
    assert report.verdict.runs[0].value == abs(float(model) - 3.5)
