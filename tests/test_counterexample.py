"""Counterexamples: the code can be pasted and gives the arguments back, and all of it is short."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import WALLED, AnswerRaised
from llmex.grader.compare import CheckFailed, assert_close
from llmex.grader.counterexample import LINES, build, call_as_python
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.trace import Call, LearnerFault, Mark, call_of

MODULE = "attention.answer"
rng = np.random.default_rng(3)


def test_shape_of_the_code() -> None:
    """Imports, short assignments, the call: no more."""
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    code = call_as_python([call_of("softmax", (x,), {"axis": 0})], "neural_networks.stable_softmax")
    assert code == (
        "import torch",
        "from neural_networks.stable_softmax import softmax",
        "x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])",
        "softmax(x, axis=0)",
    )


def test_one_object_has_one_name() -> None:
    """An array given twice is written once; named arguments keep their names."""
    x = np.array([1.0, 2.0])
    code = call_as_python([call_of("attend", (x, x, x), {"mask": np.array([True])})], MODULE)
    assert code[2:] == (
        "x = np.array([1.0, 2.0])",
        "mask = np.array([True])",
        "attend(x, x, x, mask=mask)",
    )


def test_what_is_too_long_is_told_by_its_shape() -> None:
    """Many numbers, long texts and long lists are elided, and the code still compiles."""
    big = Mark("big", "large", text="float32 array of shape (1400, 128)")
    values = (rng.normal(size=(30, 4)), "long " * 1000, [1, 5] * 100, big, 10**5000)
    code = call_as_python([call_of("f", values)], MODULE)
    assert code[1:] == (
        "big = ...  # float32 array of shape (1400, 128)",
        "x = ...  # float64 of shape (30, 4)",
        "y = ...  # str of 5000 characters",
        "z = ...  # list of 200",
        "a = ...  # int",
        "f(x, y, z, big, a)",
    )


def test_an_object_is_made_and_loaded_first() -> None:
    """A method's call is shown with the constructor and the load that made the object."""
    made = call_of("LayerNorm", (4,), {"eps": 0.001})
    m = Mark("m", made_by=made)
    weights = {"weight": torch.tensor([1.0, 2.0]), "layers.0.bias": torch.tensor([0.5])}
    loaded = call_of("m.load", (weights,), on=m)
    other = call_of("softmax", (1,))
    trace = [made, loaded, other, call_of("m", (torch.tensor([3.0]),), on=m)]
    assert call_as_python(trace, MODULE, "out") == (
        "import torch",
        f"from {MODULE} import LayerNorm",
        "m = LayerNorm(4, eps=0.001)",
        "m.weight.data.copy_(torch.tensor([1.0, 2.0]))",
        "m.get_parameter('layers.0.bias').data.copy_(torch.tensor([0.5]))",
        "x = torch.tensor([3.0])",
        "out = m(x)",
    )


def test_earlier_calls_are_shown_or_counted() -> None:
    """The last few steps before the one that matters stand there, the others are counted."""
    p = Mark("p", "placed", value=torch.tensor([1.0]))
    made = call_of("AdamW", ([p],), {"lr": 0.5})
    o = Mark("o", made_by=made)
    steps = [call_of("o.step", (n,), on=o) for n in range(8)]
    assert call_as_python([made, *steps[:3]], MODULE)[2:] == (
        "p = torch.tensor([1.0])", "o = AdamW([p], lr=0.5)", "o.step(0)", "o.step(1)", "o.step(2)"
    )  # fmt: skip
    assert call_as_python([made, *steps], MODULE)[4:] == (
        "# ... 3 earlier calls", "o.step(3)", "o.step(4)", "o.step(5)", "o.step(6)",
        "o.step(7)",
    )  # fmt: skip


def test_what_only_reads_is_no_step() -> None:
    """An item or a sum that was taken before changes nothing, and is not shown."""
    made = call_of("Make")
    m = Mark("m", made_by=made)
    reads = [call_of("m.getitem", (n,), on=m) for n in range(3)] + [
        call_of("m.+", (1,), on=m),
        call_of("m.__neg__", (), on=m),
        call_of("m.__rsub__", (1,), on=m),
    ]
    code = call_as_python([made, *reads, call_of("m.step", (), on=m)], MODULE)
    assert code == (f"from {MODULE} import Make", "m = Make()", "m.step()")


def test_steps_keep_their_order() -> None:
    """Gradients and steps of a placed parameter stand in the order in which they happened."""
    p = Mark("p", "placed", value=torch.tensor([1.0]))
    made = call_of("SGD", ([p],), {"lr": 0.5})
    o = Mark("o", made_by=made)
    grads = [call_of("p.set_grad", (torch.tensor([g]),), on=p) for g in (1.0, 2.0)]
    broken = call_of("o.step", (), on=o, error=ValueError())
    trace = [made, grads[0], call_of("o.step", (), on=o), broken, grads[1]]
    load = call_of("p.load", (torch.tensor([7.0]),), on=p)
    assert call_as_python([*trace, load, call_of("o.step", (), on=o)], MODULE)[2:] == (
        "p = torch.tensor([1.0])",
        "o = SGD([p], lr=0.5)",
        "p.grad = torch.tensor([1.0])",
        "o.step()",
        "p.grad = torch.tensor([2.0])",
        "p.data.copy_(torch.tensor([7.0]))",
        "o.step()",
    )


def test_a_function_of_the_answer_is_imported() -> None:
    """A function or class that is itself an argument is imported, a method is not."""
    softmax = Mark("softmax", text="function")
    method = Mark("m.forward", text="method")
    code = call_as_python([call_of("apply", (softmax, method))], MODULE)
    assert code == (f"from {MODULE} import apply, softmax", "apply(softmax, m.forward)")


@pytest.mark.parametrize(("target", "args", "line"), [
    ("m.+", (2,), "m + 2"), ("m.@", (2,), "m @ 2"), ("m.getitem", (0,), "m[0]"),
    ("m.len", (), "len(m)"), ("m.setitem", (0, 1), "m[0] = 1"), ("m.forward", (1,), "m.forward(1)"),
    ("m.sub.go", (), "m.sub.go()"), ("m.reversed", (), "reversed(m)"),
    ("m.__rpow__", (-2,), "(-2) ** m"), ("m.__rsub__", (2,), "2 - m"),
    ("m.__setattr__", ("eps", 1), "m.eps = 1"),
    ("m.__setattr__", ("a b", 1), "m.__setattr__('a b', 1)"),
])  # fmt: skip
def test_operators_look_like_python(target: str, args: tuple[Any, ...], line: str) -> None:
    """An operator on an object is shown as one writes it."""
    m = Mark("m", made_by=call_of("Make"))
    code = call_as_python([call_of("Make"), call_of(target, args, on=m)], MODULE)
    assert code == (f"from {MODULE} import Make", "m = Make()", line)


def test_the_stage_is_imported_from_the_stage() -> None:
    """What the exercise's public stage.py makes is imported from there."""
    code = call_as_python([call_of("stage.make_model", (3,))], MODULE)
    assert code == ("from stage import make_model", "make_model(3)")


def failed(got: Any, want: Any, **options: Any) -> CheckFailed:
    """The failure of a comparison."""
    with pytest.raises(CheckFailed) as caught:
        assert_close(got, want, **options)
    return caught.value


def test_values_stand_at_the_first_wrong_place() -> None:
    """The result is called `out`, and wanted and got are its values at the place."""
    want = np.arange(6.0).reshape(2, 3)
    got = want.copy()
    got[1, 1] = 9.5
    case = build(failed(got, want), [call_of("f", (1,), result=got)], MODULE, "hello\n\x1b")
    assert case is not None
    assert case.code[-1] == "out = f(1)"
    assert (case.name, case.where, case.got, case.want) == ("out", "[1, 1]", "9.5", "4.0")
    assert case.finding == Sentence("one wrong value out of {total}", {"n": 1, "total": 6})
    assert case.printed == "hello\n\\x1b"
    named = build(failed(got, want, name="the gradient"), [call_of("f", (1,))], MODULE)
    assert named is not None
    assert (named.name, named.code[-1]) == ("the gradient", "f(1)")


def test_the_call_that_gave_the_value_is_shown() -> None:
    """It is looked for far back and in parts of results; a plain number is the last call's."""
    want = np.arange(6.0)
    got = want + 1
    other = [call_of("g", (n,), result=n) for n in range(20)]
    case = build(failed(got, want), [call_of("f", (1,), result=(0, want, got)), *other], MODULE)
    assert case is not None
    assert (case.code[-1], case.name) == ("out = f(1)", "out[2]")
    trace = [call_of("f", (1,), result=3), call_of("g", (2,), result=4)]
    case = build(failed(3, 5), trace, MODULE)
    assert case is not None
    assert case.code[-1].endswith("g(2)")


def test_long_places_and_tracebacks_are_cut() -> None:
    """Of a place only the beginning is shown, and of a traceback the end, where the error is."""
    place = CheckFailed(Counterexample(where="['\x1b" + "k" * 200 + "']"), 1)
    case = build(place, [call_of("f", (1,))], MODULE)
    assert case is not None
    assert case.where.startswith("['\\x1bkkk")
    assert len(case.where) <= 100
    lines = tuple(f"answer.py:{n}: f(x)" for n in range(1, 21))
    case = build(LearnerFault(Sentence("x"), lines), [call_of("f", (1,))], MODULE)
    assert case is not None
    assert case.lines == lines[-8:]


def test_a_fault_without_comparison_shows_the_call() -> None:
    """An exception of the answer keeps its sentence and the learner's own lines, harmless."""
    fault = LearnerFault(
        Sentence("{name}: {message}", {"name": "E\x1b[31m", "message": "x" * 10**6}),
        ("answer.py:3: \u202eevil",),
    )
    case = build(fault, [call_of("f", (1,))], MODULE)
    assert case is not None
    assert case.code == (f"from {MODULE} import f", "f(1)")
    assert case.finding is not None
    assert str(case.finding.fields["name"]) == "E\\x1b[31m"
    assert len(str(case.finding.fields["message"])) < 700
    assert case.lines == ("answer.py:3: \\u202eevil",)


def test_a_refusal_of_the_walls_is_explained() -> None:
    """A PermissionError says what code that is judged may not do; another error does not."""
    for name, help in (("PermissionError", Sentence(WALLED)), ("ValueError", None)):
        fault = AnswerRaised(name, ("Exception",), "Operation not permitted")
        found = build(fault, [call_of("f", (1,))], MODULE)
        assert found is not None
        assert found.help == help


def test_nothing_to_show_is_none() -> None:
    """A check that was stopped before its first call has no counterexample; later it shows one."""
    assert build(None, [], MODULE) is None
    assert build(None, [call_of("f", (1,))], MODULE) == Counterexample(
        code=(f"from {MODULE} import f", "f(1)")
    )
    no_call = build(failed(1.0, 2.0), [], MODULE)
    assert no_call is not None
    assert (no_call.code, no_call.got) == ((), "1.0")


def test_it_never_grows_beyond_its_lines() -> None:
    """However many arguments and steps there are, the code stays a screen's part."""
    arrays = tuple(rng.normal(size=(4, 6)) for _ in range(9))
    m = Mark("m", made_by=call_of("Make", arrays))
    steps = [call_of("m.step", arrays, on=m) for _ in range(5)]
    for trace in ([call_of("f", arrays)], [m.made_by, *steps]):
        code = call_as_python([c for c in trace if c], MODULE, "out")
        assert len(code) <= LINES
        assert max(map(len, code)) <= 75
        assert code[-1].startswith("out = ")


def test_hostile_labels_cannot_break_out() -> None:
    """Names and texts that came from an answer are shown as escapes, within the line."""
    mark = Mark("big\x1b[2J\n", "large", text="\u202e" * 5000)
    code = call_as_python([call_of("f\x07", (mark, "\ud800\n\x1b"))], MODULE)
    assert all(line.isprintable() and len(line) <= 230 for line in code)


def test_what_cannot_be_shown_is_elided() -> None:
    """An argument of a kind that no literal makes is left out by name, and the rest stands."""
    call = Call("f", lambda: ((object(), np.array([None]), 1), {}))
    code = call_as_python([call], MODULE)
    assert code[-1] == "f(x, y, 1)"
    ast.parse("\n".join(code))
