"""Hidden checks of scalar-autograd.

Formulas run on Values and on complex numbers: there a step of 1e-30 i in one leaf comes out as
the slope times 1e-30 i (Squire and Trapp 1998), without any graph or backward pass.
"""

import cmath
import operator

from llmex.grader.compare import assert_close, assert_holds, assert_number

OPERATIONS = "a + b; a - b; a * b; a / b; -a; b**3; b**-2; a**0.5".split("; ")
OPERATIONS += ["exp(b)", "log(a)", "tanh(b)", "relu(a)", "relu(b)"]
NUMBERS = "a + 2; 2 + a; a - 0.5; 2 - a; b * 3; -1.5 * b; b / 4; 1 / b".split("; ")
SHARED = ["a + a", "a * a", "a - a", "a * b + a", "a + a * b", "(m := a * b) * a + m"]
SHARED += ["(m := a * b) + m * a", "(m := exp(a) * b) * m", "exp(m := a / b) + tanh(m) * m"]
STEPS = "a + b; b - a; tanh(a * b); 2 - a; a / (b * b + 1); exp(tanh(a)) + b; relu(a + 0.0317) + b"
STEPS = [*STEPS.split("; "), "(a * a + 1) ** -0.5", "log(a * a + 2) - b", "tanh(a) * b"]

SHOWN = "repr gives {got}: where does it show the data {data}?"
RESULT = "this is {formula} with a = {a}, b = {b}"
SLOPE = "a little more of {leaf} moves {formula} by {want} times as much (a = {a}, b = {b})"
NODE = "Value number {node} in a random graph: 1 to 3 are the leaves"
TWICE = "after two calls of backward() on the same y, twice the slope"
SUM = "grad was 0.5 before; then y and z, both made from m = a * b, each added a slope"
ONCE = "after backward(), zero_grad() and backward() again, once the slope"
LONG = "the end of a chain of 2500 steps that are each 1.0001 steep"
TWO_WAYS, STEP = "(m := a * b) * m + a", 1e-30
ON_NUMBERS = {name: getattr(cmath, name) for name in ("exp", "log", "tanh")}
ON_NUMBERS["relu"] = lambda z: z * (z.real > 0)


class Tried:
    """A learner's Value; what each operation on it gives is looked at before it is used."""

    def __init__(self, value):
        if not hasattr(value, "zero_grad"):  # a Handle is no evidence: it equals nothing
            assert_holds(False, got=value, why="the result is {got}, not a Value")
        self.value = value


def through(act, order=1):
    """An operation on Values as one on Tried; order -1 for a number on the left."""
    bare = lambda given: [x.value if isinstance(x, Tried) else x for x in given]  # noqa: E731
    return lambda *given: Tried(act(*bare(given)[::order]))


for name in ("add", "sub", "mul", "truediv", "pow", "neg"):
    setattr(Tried, f"__{name}__", through(getattr(operator, name)))
    setattr(Tried, f"__r{name}__", through(getattr(operator, name), order=-1))
Tried.backward = lambda self: self.value.backward()
ON_VALUES = {name: through(operator.methodcaller(name)) for name in ON_NUMBERS}


def compute(formula, a, b):
    """A formula of a and b, on Values or on complex numbers."""
    return eval(formula, dict(ON_VALUES if isinstance(a, Tried) else ON_NUMBERS), {"a": a, "b": b})


def slopes(formula, a, b):
    """The slope of a formula along a, and along b."""
    return [compute(formula, a + da * 1j, b + STEP * 1j - da * 1j).imag / STEP for da in (STEP, 0)]


def leaves(learner, *numbers):
    """A Value for each number."""
    return [Tried(learner.Value(x)) for x in numbers]


def draw(rng, count):
    """Pairs of one decimal: a above 0; b below 0, then above, and so on."""
    pairs = rng.integers(2, 30, size=(count, 2)).tolist()
    return [(a / 10, b / 10 if i % 2 else -b / 10) for i, (a, b) in enumerate(pairs)]


def check_grads(values, wants, why, **fields):
    """Compare the gradients of a and b."""
    for leaf, tried, want in zip("ab", values, wants, strict=True):
        assert_close(tried.value.grad, want, name=f"{leaf}.grad", why=why, leaf=leaf, **fields)


def check(learner, formulas, pairs, backward=True):
    """Compare the data of formulas with Python's numbers, and the gradients with their slopes."""
    for a, b in pairs:
        for f in formulas:
            words, values = {"formula": f, "a": a, "b": b}, leaves(learner, a, b)
            y, want = compute(f, *values), compute(f, a + 0j, b + 0j).real
            assert_close(y.value.data, want, name="data", why=RESULT, **words)
            if backward:
                y.backward()
                check_grads(values, slopes(f, a, b), SLOPE, **words)


def test_new_value(learner):
    """A new Value has its data, a grad of 0, and shows its data"""
    for data in (2.5, -0.5, 3):
        value = Tried(learner.Value(data)).value
        assert_close(value.data, float(data), name="data")
        assert_close(value.grad, 0.0, name="grad")
        assert_holds(str(data) in str(value), got=str(value), why=SHOWN, data=data)


def test_data(learner, rng):
    """Each operation computes what it does for numbers"""
    check(learner, OPERATIONS, [(2, 4), *draw(rng, 4)], backward=False)


def test_slopes(learner, rng):
    """Each operation has the slope that calculus gives it"""
    check(learner, OPERATIONS, draw(rng, 4))


def test_numbers(learner, rng):
    """A plain number may stand on either side of an operator"""
    check(learner, NUMBERS, draw(rng, 4))


def test_relu_at_zero(learner):
    """The slope of relu at 0 is 0"""
    check(learner, ["relu(a)", "relu(a) + b"], [(0.0, 1.5)])


def test_shared(learner, rng):
    """A Value that is used more than once adds up its gradients"""
    check(learner, SHARED, draw(rng, 4))


def test_equal_data(learner, rng):
    """Two Values with equal data stay two"""
    check(learner, ["a + b * b", "a * exp(b)"], [(a, a) for a, _ in draw(rng, 3)])


def grow(plan, nodes, stepped=None):
    """All nodes of a random graph; one of them may take a step."""
    for f, i, j in plan:
        node = compute(f, nodes[i], nodes[j])
        nodes.append(node + STEP * 1j if len(nodes) == stepped else node)
    return nodes


def test_random_graphs(learner, rng):
    """Every gradient in a random graph is exact, inner ones too"""
    for size in sorted([*range(1, 9)] * 4):
        numbers = [float(x) / 10 for x in rng.integers(-20, 20, size=3)]
        pick = [(rng.choice(STEPS), n - 1 - rng.integers(2), n) for n in range(3, 3 + size)]
        plan = [(str(f), int(i), int(rng.integers(n))) for f, i, n in pick]
        nodes = grow(plan, leaves(learner, *numbers))
        nodes[-1].backward()
        for k, node in enumerate(nodes[:-1]):
            truth = grow(plan, [complex(x, STEP * (i == k)) for i, x in enumerate(numbers)], k)
            assert_close(node.value.grad, truth[-1].imag / STEP, name="grad", why=NODE, node=k + 1)


def test_accumulates(learner, rng):
    """backward() adds to grad: a second call doubles it in leaves"""
    for a, b in draw(rng, 2):
        values = leaves(learner, a, b)
        y = compute(TWO_WAYS, *values)
        y.backward()
        y.backward()
        check_grads(values, [2 * slope for slope in slopes(TWO_WAYS, a, b)], TWICE)
        values = leaves(learner, a, b)
        values[0].value.grad = values[1].value.grad = 0.5
        m = compute("a * b", *values)
        compute("a * a", m, m).backward()
        compute("tanh(a)", m, m).backward()
        check_grads(values, [0.5 + x for x in slopes("a * b * a * b + tanh(a * b)", a, b)], SUM)


def test_zero_grad(learner, rng):
    """After zero_grad() a gradient starts from 0 again"""
    for a, b in draw(rng, 2):
        values = leaves(learner, a, b)
        y = compute(TWO_WAYS, *values)
        y.backward()
        for tried in values:
            tried.value.zero_grad()
            assert_close(tried.value.grad, 0.0, name="grad")
        y.backward()
        check_grads(values, slopes(TWO_WAYS, a, b), ONCE)
    (x,) = leaves(learner, 5.0)
    for step in range(1, 5):  # down the slope of (x - 3)²
        compute("(a - 3) ** 2", x, x).backward()
        x.value.data = assert_number(x.value.data) - 0.1 * assert_number(x.value.grad, "grad")
        x.value.zero_grad()
        assert_close(x.value.data, 3 + 2 * 0.8**step, name=f"x.data after step {step}")


def test_deep_chain(learner):
    """A chain of 5000 operations raises no RecursionError"""
    (a,) = leaves(learner, 0.7)
    Tried(learner.stage.chain(a.value, 2500)).backward()
    assert_close(a.value.grad, 1.0001**2500, name="grad", why=LONG)


def test_many_paths(learner):
    """A Value is walked through once, not once for each path"""
    (a,) = leaves(learner, 0.7)
    Tried(learner.stage.ladder(a.value, 2500)).backward()
    assert_close(a.value.grad, 1.0001**2500, name="grad", why=LONG)
