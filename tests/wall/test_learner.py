"""`learner` as a suite uses it: values, handles, placed tensors, callbacks, changed arguments."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import (
    AnswerMissing,
    AnswerRaised,
    ArgumentChanged,
    ParameterMismatch,
)
from llmex.grader.handles import Handle, Placed
from llmex.grader.trace import Mark

ANSWER = """
    import math
    import numpy as np
    import torch
    from torch import nn

    LIMITS = {"low": [1, 2], "high": (3,)}

    def identity(*args, **kwargs): return args[0] if args else kwargs
    def pair(x): return x, x
    def is_same(a, b): return a is b
    def kinds(*args): return [type(a).__name__ for a in args]
    def add_(x, y=1):
        x += y
        return x
    def fill_(w, generator=None):
        with torch.no_grad():
            return w.normal_(generator=generator)
    def draw(rng): return rng.random()
    def gauss(rng): return rng.gauss(0, 1)
    def torch_draw(generator): return torch.rand(3, generator=generator)
    def sort_(xs): xs.sort()
    def put(d, key, value): d[key] = value
    def deep(params): params["layers"][1]["W"][0] = 5.0
    def shuffle(xs): xs.reverse()
    def call(f, *args): return f(*args)
    def call_all(f, xs): return [f(x) for x in xs]
    def careful(f):
        try: return f()
        except RuntimeError as error: return "caught " + str(error)
    def take(items, n): return [next(items) for _ in range(n)]
    def chunks(items):
        for item in items: yield item.upper()
    def make_adder(n): return lambda x: x + n
    def contiguous(x): return x.is_contiguous(), x.stride()

    class Value:
        def __init__(self, data): self.data, self.grad = data, 0.0
        def _of(self, other): return other.data if isinstance(other, Value) else other
        def __add__(self, other): return Value(self.data + self._of(other))
        __radd__ = __add__
        def __sub__(self, other): return Value(self.data - self._of(other))
        def __rsub__(self, other): return Value(self._of(other) - self.data)
        def __mul__(self, other): return Value(self.data * self._of(other))
        __rmul__ = __mul__
        def __matmul__(self, other): return "matmul"
        def __rmatmul__(self, other): return "rmatmul"
        def __pow__(self, n): return Value(self.data ** n)
        def __neg__(self): return Value(-self.data)
        def __lt__(self, other): return self.data < self._of(other)
        def __eq__(self, other): return self.data == self._of(other)
        __hash__ = object.__hash__
        def __abs__(self): return abs(self.data)
        def __repr__(self): return f"Value({self.data})"
        def itself(self): return self
        @classmethod
        def zero(cls): return cls(0)

    class Box:
        def __init__(self, items): self.items = dict(items)
        def __len__(self): return len(self.items)
        def __getitem__(self, key): return self.items[key]
        def __setitem__(self, key, value): self.items[key] = value
        def __delitem__(self, key): del self.items[key]
        def __contains__(self, key): return key in self.items
        def __iter__(self): return iter(self.items)
        def __bool__(self): return bool(self.items)
        def __enter__(self): self.open = True; return self
        def __exit__(self, kind, error, tb):
            self.open, self.error = False, None if error is None else str(error)
            return False

    class LayerNorm(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.gamma = nn.Parameter(torch.ones(d))
            self.beta = nn.Parameter(torch.zeros(d))
            self.register_buffer("steps", torch.zeros(1))
        def forward(self, x): return x * self.gamma + self.beta

    def tie(m, other): m.gamma = other.gamma
"""


@pytest.fixture
def learner(seat: Any) -> Any:
    """One answer with a little of everything."""
    return seat(ANSWER)


# -- values ------------------------------------------------------------------------------


def test_values_come_back_fresh_and_exact(learner: Any) -> None:
    """Types, identity within a call, and options by name."""
    assert learner.identity({"a": (1, [2.0])}) == {"a": (1, [2.0])}
    assert learner.identity(a=1, b=None) == {"a": 1, "b": None}
    assert learner.kinds(1, 1.0, np.float32(1), [1], (1,), np.ones(1), torch.ones(1)) == [
        "int", "float", "float32", "list", "tuple", "ndarray", "Tensor",
    ]  # fmt: skip
    array = np.arange(3.0)
    left, right = learner.pair(array * 2)
    assert left is right
    assert learner.is_same(array, array)
    assert not learner.is_same(array, array.copy())
    assert learner.value("LIMITS") == {"low": [1, 2], "high": (3,)}
    assert learner.has("Value")
    assert not learner.has("value")


def test_an_argument_that_is_returned_is_the_suites_own(learner: Any) -> None:
    """Identity survives the way there and back."""
    for value in (np.ones(2), torch.ones(2), [1], {"a": 1}):
        assert learner.identity(value) is value


def test_layout_reaches_the_answer(learner: Any) -> None:
    """A transposed tensor arrives transposed: `.view` fails there as it does here."""
    x = torch.zeros(3, 4).T
    assert learner.contiguous(x) == (False, x.stride())


def test_what_cannot_be_sent_is_the_suites_error(learner: Any) -> None:
    """An object of the judge's own is refused by a TypeError, not by a fault of the learner's."""
    with pytest.raises(TypeError, match="cannot cross"):
        learner.identity(object())
    assert learner.identity(1) == 1


# -- changed arguments ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "finding"),
    [
        ("add_", (np.ones(3),), "Your function changed its input `x`."),
        ("add_", (torch.ones(3),), "Your function changed its input `x`."),
        ("add_", (np.ones(50_000),), "Your function changed its input `x`."),
        ("sort_", ([3, 1, 2],), "Your function changed its input `xs`."),
        ("put", ({"a": 1}, "b", 2), "Your function changed its input `d`."),
        ("deep", ({"layers": [{}, {"W": np.ones(2)}]},),
         "Your function changed its input `params['layers'][1]['W']`."),
    ],
)  # fmt: skip
def test_a_changed_argument_fails_by_itself(
    learner: Any, name: str, args: tuple[Any, ...], finding: str
) -> None:
    """Arrays, tensors, lists, dicts and what lies in them; the parameter is named."""
    with pytest.raises(ArgumentChanged) as caught:
        getattr(learner, name)(*args)
    assert caught.value.finding.english() == finding


def test_inplace_calls_write_into_the_suites_objects(learner: Any) -> None:
    """The suite's own array, tensor, parameter, list and dict take the new values."""
    array, tensor = np.ones((2, 3)), torch.ones(2)
    assert learner.inplace.add_(array) is array
    assert (array == 2).all()
    learner.inplace.add_(tensor, y=2.0)
    assert tensor.tolist() == [3, 3]
    parameter = torch.nn.Parameter(torch.zeros(500, 40))
    learner.inplace.fill_(parameter)
    assert 0.9 < float(parameter.detach().std()) < 1.1
    assert parameter.is_leaf
    numbers, table = [3, 1, 2], {"a": 1}
    learner.inplace.sort_(numbers)
    learner.inplace.put(table, "b", numbers)
    assert numbers == [1, 2, 3]
    assert table["b"] is numbers  # type: ignore[comparison-overlap]


def test_a_reordered_list_keeps_its_own_items(learner: Any) -> None:
    """Items of a changed container that came from the suite are the suite's own again."""
    first, second = np.ones(2), np.zeros(3)
    items = [first, second]
    learner.inplace.shuffle(items)
    assert items[0] is second
    assert items[1] is first


def test_not_a_number_is_no_change(learner: Any) -> None:
    """NaN arguments, also complex ones and next to a generator, are compared by their bits."""
    nan = float("nan")
    rng = np.random.default_rng(0)
    learner.identity([nan, complex(nan, 1), np.float32(nan)], {"x": np.array([nan])}, rng)
    learner.call(learner.draw, rng)


def test_views_that_are_not_contiguous_take_changes(learner: Any) -> None:
    """A changed transposed array is written through to its base."""
    base = np.zeros((2, 3))
    learner.inplace.add_(base.T)
    assert (base == 1).all()


def test_generators_come_back_advanced(learner: Any) -> None:
    """NumPy's, torch's and Python's generators go on, and that is no change of an argument."""
    rng, twin = np.random.default_rng(5), np.random.default_rng(5)
    assert learner.draw(rng) == twin.random()
    assert learner.draw(rng) == twin.random()
    assert rng.random() == twin.random()
    generator, other = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    assert torch.equal(learner.torch_draw(generator), torch.rand(3, generator=other))
    assert torch.equal(learner.torch_draw(generator), torch.rand(3, generator=other))
    python, again = random.Random(3), random.Random(3)
    assert [learner.gauss(python) for _ in range(3)] == [again.gauss(0, 1) for _ in range(3)]


# -- handles ----------------------------------------------------------------------------------


def test_operators_reach_the_object(learner: Any) -> None:
    """Arithmetic, also reflected, comparisons, abs, neg and repr are the answer's own."""
    a, b = learner.Value(3), learner.Value(4)
    assert (a + b).data == 7
    assert (2 + a).data == 5
    assert (10 - a * b).data == -2
    assert (-a).data == -3
    assert (a**2).data == 9
    assert a @ b == "matmul"
    assert 1 @ a == "rmatmul"
    assert a < b
    assert a == 3
    assert a != b
    assert abs(-a) == 3
    assert (np.float64(2) * a).data == 6
    assert str(a) == "Value(3)"
    with pytest.raises(AnswerRaised, match="TypeError"):
        _ = a / 2
    a += 1
    assert a.data == 4


def test_attributes_are_read_set_and_missed(learner: Any) -> None:
    """A set attribute is there; a missing one shows what the object has, and hasattr is False."""
    a = learner.Value(3)
    a.data = 5
    assert a.data == 5
    assert not hasattr(a, "nothing")
    m = learner.LayerNorm(4)
    with pytest.raises(AnswerMissing) as caught:
        _ = m.weight
    assert caught.value.finding.english() == (
        "`LayerNorm` has no attribute `weight`; it has `gamma`, `beta`, `steps`."
    )


def test_the_same_object_is_the_same_handle(learner: Any) -> None:
    """Identity in the worker is identity in the judge; a handle as an argument is the object."""
    a = learner.Value(1)
    assert a.itself() is a
    assert learner.is_same(a, a)
    assert learner.same(a, a.itself())
    assert not learner.same(a, learner.Value(1))
    assert len({a, a.itself()}) == 1


def test_class_methods_and_functions_are_things_too(learner: Any) -> None:
    """A class of the answer has attributes; functions of it can be arguments and results."""
    assert learner.Value.zero().data == 0
    assert learner.call(learner.kinds, 1) == ["int"]
    assert learner.make_adder(2)(3) == 5
    assert learner.call(learner.Value(4).itself).data == 4


def test_containers_iterate_index_and_close(learner: Any) -> None:
    """len, [], in, del, iteration, truth and `with` act on the object."""
    box = learner.Box({"a": 1})
    box["b"] = 2
    assert (len(box), box["b"], "b" in box, "c" in box) == (2, 2, True, False)
    del box["b"]
    assert list(box) == ["a"]
    assert box
    assert not learner.Box({})
    with box as entered:
        assert entered is box
        assert box.open
    assert not box.open
    with pytest.raises(ZeroDivisionError), box:
        _ = 1 / 0
    assert box.error == "ZeroDivisionError: division by zero"


def test_methods_make_no_handles(learner: Any) -> None:
    """Reading a method again and again leaves nothing behind in the worker."""
    a = learner.Value(1)
    for _ in range(3):
        assert a.itself() is a
    assert len(learner._link.crossing.things) == 1


def test_dropped_handles_are_freed_in_the_worker(seat: Any) -> None:
    """An object whose handle the judge forgets lives no longer than the next request."""
    learner = seat("""
        import weakref
        class A: pass
        alive = weakref.WeakSet()
        def make():
            a = A()
            alive.add(a)
            return a
        def count(): return len(alive)
    """)
    kept = learner.make()
    for _ in range(10):
        learner.make()
    gc.collect()
    assert learner.count() == 1
    del kept
    gc.collect()
    assert learner.count() == 0


def test_generators_of_the_answer_are_lazy(learner: Any) -> None:
    """Items are made one by one, and an iterator of the suite is asked one by one."""
    asked = []

    def words() -> Iterator[str]:
        for word in ["a", "b", "c"]:
            asked.append(word)
            yield word

    chunks = learner.chunks(words())
    assert next(chunks) == "A"
    assert asked == ["a"]
    assert list(chunks) == ["B", "C"]
    assert learner.take(iter([1, 2, 3]), 2) == [1, 2]


def test_keep_gives_a_handle_instead_of_a_value(learner: Any) -> None:
    """What could cross by value can be kept where it is, by call or by path."""
    kept = learner.keep.identity({"a": [1, {"b": 2}]})
    assert type(kept) is Handle
    inner = learner.handle(kept, "a", 1)
    inner["b"] = 3
    assert kept["a"] == [1, {"b": 3}]
    assert learner.handle(learner.Value(2), "data").remote_type == "int"


# -- placed values and parameters --------------------------------------------------------------


def test_placed_tensors_go_by_reference(learner: Any) -> None:
    """Value, gradient and load are verbs; changes of a placed tensor are no fault."""
    p = learner.place(torch.ones(2), parameter=True)
    learner.fill_(p)
    assert type(p) is Placed
    assert not torch.equal(p.value(), torch.ones(2))
    assert not p.value().requires_grad
    p.load(torch.tensor([3.0, 4.0]))
    assert p.value().tolist() == [3, 4]
    assert p.grad() is None
    p.set_grad(torch.tensor([1.0, 2.0]))
    assert p.grad().tolist() == [1, 2]
    p.set_grad(None)
    assert p.grad() is None
    assert learner.same(p, p)
    array, items = learner.place(np.ones(2)), learner.place([3, 1])
    learner.add_(array)
    learner.sort_(items)
    assert array.value().tolist() == [2, 2]
    assert items.value() == [1, 3]


def test_a_placed_value_that_comes_back_is_itself(learner: Any) -> None:
    """In a result, a placed tensor is the same placed tensor."""
    p = learner.place(torch.ones(2))
    found = learner.identity(p)
    assert isinstance(found, Placed)
    assert learner.same(found, p)


ADAMW = """
    import torch
    class AdamW:
        def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
            groups = list(params)
            if not isinstance(groups[0], dict): groups = [{"params": groups}]
            options = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
            self.param_groups = [{**options, **g, "params": list(g["params"])} for g in groups]
            self.state = {}
        @torch.no_grad()
        def step(self):
            for g in self.param_groups:
                b1, b2 = g["betas"]
                for p in g["params"]:
                    if p.grad is None: continue
                    s = self.state.setdefault(
                        p, {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)})
                    s["t"] += 1
                    p.mul_(1 - g["lr"] * g["weight_decay"])
                    s["m"].lerp_(p.grad, 1 - b1)
                    s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                    root = (s["v"] / (1 - b2 ** s["t"])).sqrt() + g["eps"]
                    p.addcdiv_(s["m"] / (1 - b1 ** s["t"]), root, value=-g["lr"])
"""


def test_adamw_by_place_equals_torch_over_a_thousand_steps(seat: Any) -> None:
    """An optimiser that keeps its parameters works on placed ones, as torch's does on its own."""
    learner = seat(ADAMW)
    start = torch.randn(5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ours = learner.place(start, parameter=True)
    theirs = torch.nn.Parameter(start.clone())
    answer = learner.AdamW([ours], lr=1e-2)
    oracle = torch.optim.AdamW([theirs], lr=1e-2)
    generator = torch.Generator().manual_seed(1)
    for step in range(1000):
        grad = torch.randn(5, generator=generator, dtype=torch.float64)
        ours.set_grad(grad)
        theirs.grad = grad
        if step == 500:
            learner.handle(answer, "param_groups", 0)["lr"] = 1e-3
            oracle.param_groups[0]["lr"] = 1e-3
        answer.step()
        oracle.step()
    assert torch.allclose(ours.value(), theirs.detach(), rtol=1e-12, atol=1e-12)
    assert learner.same(learner.handle(answer, "param_groups", 0, "params", 0), ours)


def test_load_sets_parameters_by_name(learner: Any) -> None:
    """Values go in place into the same Parameter; names and shapes are told; buffers count."""
    m = learner.LayerNorm(2)
    gamma = learner.handle(m, "gamma")
    assert learner.parameters(m) == {"gamma": (2,), "beta": (2,)}
    learner.load(m, {"gamma": torch.tensor([2.0, 3.0]), "steps": torch.tensor([7.0])})
    assert m(torch.ones(2)).tolist() == [2, 3]
    assert learner.same(gamma, learner.handle(m, "gamma"))
    assert m.steps.tolist() == [7]


def test_a_missing_or_misshapen_parameter_says_what_is_there(learner: Any) -> None:
    """The finding names the parameter that a suite sets, and the ones that there are."""
    m = learner.LayerNorm(8)
    with pytest.raises(ParameterMismatch) as caught:
        learner.load(m, {"weight": torch.ones(8)})
    assert caught.value.finding.english() == (
        "`LayerNorm` must have a parameter `weight` of shape (8,); "
        "yours are gamma (8,), beta (8,), steps (1,)."
    )
    with pytest.raises(ParameterMismatch) as caught:
        learner.load(m, {"gamma": torch.ones(8, 1)})
    assert caught.value.finding.english() == (
        "The parameter `gamma` of `LayerNorm` must have shape (8, 1); yours has (8,)."
    )


def test_modules_can_be_tied_by_handles(learner: Any) -> None:
    """A call that changes an object that stays in the worker is no changed argument."""
    a, b = learner.LayerNorm(2), learner.LayerNorm(2)
    learner.tie(a, b)
    assert learner.same(learner.handle(a, "gamma"), learner.handle(b, "gamma"))


# -- callbacks --------------------------------------------------------------------------------


def test_callbacks_exchange_values(learner: Any) -> None:
    """A function of the suite is called with values and answers with values."""
    seen = []

    def double(x: Any) -> Any:
        seen.append(x)
        return x * 2

    assert learner.call_all(double, [1, "a", 2.5]) == [2, "aa", 5.0]
    assert seen == [1, "a", 2.5]
    found = learner.call(double, np.arange(3))
    assert found.tolist() == [0, 2, 4]
    assert learner.identity(double) is double


def test_callbacks_may_call_the_learner_again(learner: Any) -> None:
    """Calls nest: answer, judge, answer, judge."""

    def inner(x: int) -> int:
        return int(learner.call(lambda y: y + 1, x)) * 10

    assert learner.call(inner, 1) == 20
    assert learner.call_all(inner, [1, 2]) == [20, 30]
    a = learner.Value(2)
    assert learner.call(lambda: a.itself().data) == 2


def test_an_error_in_a_callback_comes_back_unchanged(learner: Any) -> None:
    """The judge's own exception passes the answer, whatever the answer makes of it."""

    class Own(Exception):
        pass

    def fail() -> None:
        raise Own("mine")

    for name in ("call", "careful"):
        with pytest.raises(Own, match="mine"):
            getattr(learner, name)(fail)
    assert learner.identity(1) == 1


def test_a_callback_called_wrongly_is_the_answers_error(learner: Any) -> None:
    """Arguments that the suite's function does not take raise in the answer, at its own line."""
    with pytest.raises(AnswerRaised, match="missing 1 required positional argument") as caught:
        learner.call(lambda _event, _step: None, "forward")
    assert caught.value.name == "TypeError"
    assert caught.value.lines[-1].endswith("def call(f, *args): return f(*args)")
    with pytest.raises(TypeError, match="unsupported operand"):
        learner.call(lambda step: step + None, 1)


def test_graphs_do_not_cross_callbacks(learner: Any) -> None:
    """A tensor that requires grad reaches the suite's function as a plain value."""
    seen = []
    learner.call(lambda x: seen.append(x.requires_grad), torch.ones(2, requires_grad=True))
    assert seen == [False]


# -- the trace ----------------------------------------------------------------------------------


def test_the_trace_keeps_what_crossed(learner: Any) -> None:
    """Later changes of arguments or results do not reach the record."""
    x = np.ones(3)
    out = learner.identity(x + 1, None)
    out += 5
    with pytest.raises(ArgumentChanged):
        learner.add_(x, y=2)
    x += 100
    first, second = learner.trace
    assert (first.target, second.target) == ("identity", "add_")
    assert first.args[0].tolist() == [2, 2, 2]
    assert first.result.tolist() == [2, 2, 2]
    assert second.args[0].tolist() == [1, 1, 1]
    assert second.kwargs == {"y": 2}
    big = np.ones(10_000)
    learner.identity(big)
    big += 1
    assert learner.trace[-1].args[0].sum() == 10_000


def test_the_trace_names_handles_placed_values_and_callbacks(learner: Any) -> None:
    """What does not cross is a mark with a label; a handle knows the call that made it."""
    m = learner.LayerNorm(2)
    p = learner.place(torch.ones(2), parameter=True)
    learner.load(m, {"gamma": torch.tensor([2.0, 3.0])})
    m(torch.ones(2))
    m.forward(torch.zeros(2))
    learner.call(lambda *_: None, m, p)
    made, load, call, forward, last = learner.trace
    assert (made.target, made.args) == ("LayerNorm", (2,))
    assert (load.target, load.args[0]["gamma"].tolist()) == ("layer_norm.load", [2, 3])
    assert (call.target, forward.target) == ("layer_norm", "layer_norm.forward")
    assert call.on is not None
    assert call.on.made_by is made
    function, module, placed = last.args
    assert (function.kind, module.kind, placed.kind) == ("callback", "handle", "placed")
    assert module == call.on
    assert (placed.label, placed.value.tolist()) == ("p", [1, 1])
    assert isinstance(made.result, Mark)


def test_the_trace_keeps_what_is_done_to_objects(learner: Any) -> None:
    """Operators, items, attributes and gradients stand in the record as what they are."""
    a = learner.Value(2)
    _ = a + a
    _ = 3 - a
    a.data = 5
    p = learner.place(torch.ones(2))
    p.set_grad(torch.zeros(2))
    p.load(torch.full((2,), 3.0))
    box = learner.Box({})
    box["k"] = 1
    _ = box["k"]
    targets = [call.target for call in learner.trace]
    assert targets == [
        "Value", "value.+", "value.__rsub__", "value.__setattr__", "p.set_grad", "p.load", "Box",
        "box.setitem", "box.getitem",
    ]  # fmt: skip
    plus, minus, data, grad, load, _, put, _ = learner.trace[1:]
    assert plus.args == (plus.on,)
    assert minus.args == (3,)
    assert data.args == ("data", 5)
    assert grad.args[0].tolist() == [0, 0]
    assert load.args[0].tolist() == [3, 3]
    assert put.args == ("k", 1)
    assert plus.result.made_by is plus


def test_the_trace_shows_what_came_of_a_changed_argument(learner: Any) -> None:
    """An argument that is changed and returned: the record has it before and after."""
    learner.inplace.add_(np.ones(2))
    call = learner.trace[-1]
    assert call.args[0].tolist() == [1, 1]
    assert call.result.tolist() == [2, 2]


def test_the_trace_keeps_failed_calls(learner: Any) -> None:
    """A call that raised is on record with its error."""
    with pytest.raises(AnswerRaised):
        learner.draw(None)
    assert learner.trace[-1].target == "draw"
    assert isinstance(learner.trace[-1].error, AnswerRaised)
    assert learner.trace[-1].result is None


def test_large_values_leave_only_their_description(learner: Any) -> None:
    """Of arrays over a megabyte the record keeps dtype and shape."""
    learner.identity([np.zeros((300, 1000)), 3], "x")
    call = learner.trace[-1]
    (mark, three), text = call.args
    assert (mark.kind, mark.text) == ("large", "float64 array of shape (300, 1000)")
    assert (three, text) == (3, "x")
    assert call.result[1] == 3


def test_the_trace_is_capped(learner: Any) -> None:
    """Thousands of calls do not fill the judge's memory."""
    for _ in range(2500):
        learner.identity(1)
    assert len(learner.trace) == 2000
    learner.begin(1)
    assert learner.trace == []
