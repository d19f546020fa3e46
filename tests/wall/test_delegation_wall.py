"""Every way to a forbidden operator is seen: in the text where it stands there, else at work."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from llmex.grader.delegation import found

SOFTMAX = ("torch.softmax", "torch.Tensor.softmax", "torch.nn.functional.softmax")
# form: (answer, whether the text alone tells)
FORMS: dict[str, tuple[str, bool]] = {
    "alias": ("import torch as t\ns = t.softmax\ndef f(x):\n    return s(x, -1)", True),
    "from import": ("from torch import softmax as s\ndef f(x):\n    return s(x, -1)", True),
    "functional": ("import torch.nn.functional as F\ndef f(x):\n    return F.softmax(x, -1)", True),
    "getattr": ("import torch\ndef f(x):\n    return getattr(torch, 'softmax')(x, -1)", True),
    "getattr of a made name": (
        "import torch\ndef f(x):\n    return getattr(torch, 'soft' + 'max')(x, -1)", False),
    "method": ("def f(x):\n    return x.softmax(-1)", False),
    "unbound method": ("import torch\ndef f(x):\n    return torch.Tensor.softmax(x, -1)", True),
    "methodcaller": (
        "from operator import methodcaller\ndef f(x):\n    return methodcaller('softmax', -1)(x)",
        False),
    "partial": (
        "import torch\nfrom functools import partial\ns = partial(torch.softmax, dim=-1)\n"
        "def f(x):\n    return s(x)", True),
    "helper": (
        "import torch\ndef helper(x):\n    return torch.softmax(x, -1)\n"
        "def f(x):\n    return helper(x)", True),
    "helper in a class": (
        "import torch\nclass H:\n    def go(self, x):\n        return torch.softmax(x, -1)\n"
        "def f(x):\n    return H().go(x)", True),
    "local import": ("def f(x):\n    import torch as t\n    return t.softmax(x, -1)", True),
    "importlib": (
        "import importlib\ndef f(x):\n    return importlib.import_module('torch').softmax(x, -1)",
        False),
    "earlier answer": ("from module.earlier import soft\ndef f(x):\n    return soft(x)", False),
    "aten": ("import torch\ndef f(x):\n    return torch.ops.aten.softmax(x, -1)", True),
    "aten overload": (
        "import torch\ndef f(x):\n    return torch.ops.aten.softmax.int(x, -1)", True),
    "beneath": ("import torch\ndef f(x):\n    return torch._softmax(x, -1, False)", False),
    "aten inside": (
        "import torch\ndef f(x):\n    return torch.ops.aten._softmax(x, -1, False)", True),
    "C functions": (
        "import torch\ndef f(x):\n    return torch._C._VariableFunctions.softmax(x, -1)", True),
    "own attribute": (
        "import torch\nclass Box:\n    pass\nbox = Box()\nbox.s = torch.softmax\n"
        "def f(x):\n    return box.s(x, -1)", True),
    "in a dict": (
        "import torch\nT = {'s': torch.softmax}\ndef f(x):\n    return T['s'](x, -1)", True),
    "module": ("from torch import nn\ndef f(x):\n    return nn.Softmax(-1)(x)", False),
}  # fmt: skip
EARLIER = {"module.earlier": "import torch\ndef soft(x):\n    return torch.softmax(x, -1)\n"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_seen_when_it_runs(seat: Any, form: str) -> None:
    """Whatever the operator is called and whoever calls it for the answer, the worker notes it."""
    import torch

    learner = seat(FORMS[form][0], forbids=SOFTMAX, more=EARLIER)
    assert learner.f(torch.ones(2, 3)).shape == (2, 3)
    assert learner._link.worker.delegated, form


@pytest.mark.parametrize("form", FORMS)
def test_what_the_text_tells(form: str) -> None:
    """A form that names the operator is read from the text; the others are left to the run."""
    source, read = FORMS[form]
    assert bool(found(source, SOFTMAX, ["f"])) is read


def test_a_forbidden_name_beside_the_operator_of_torch(seat: Any) -> None:
    """`torch._C._nn.gelu` is `torch.nn.functional.gelu`, in the text and when it runs."""
    import torch

    source = "import torch\ndef f(x):\n    return torch._C._nn.gelu(x)"
    assert found(source, ["torch.nn.functional.gelu"], ["f"])
    learner = seat(source, forbids=("torch.nn.functional.gelu",))
    learner.f(torch.ones(2))
    assert learner._link.worker.delegated == {"torch.nn.functional.gelu"}


@pytest.mark.parametrize(
    ("call", "seen"),
    [
        ("np.exp(x)", {"numpy.exp"}),
        ("__import__('numpy').exp(x)", {"numpy.exp"}),
        ("np.add.reduce(x)", {"numpy.add"}),
        ("np.linalg.norm(x)", {"numpy.linalg.norm"}),
        ("inverse(x)", {"numpy.linalg.inv"}),
        ("np.sqrt((x * x).sum())", set()),
        ("np.exp.nin", set()),
    ],
)
def test_ufuncs_and_whole_modules_of_numpy(seat: Any, call: str, seen: set[str]) -> None:
    """A ufunc, its reductions, and every function of a module that is forbidden whole are seen."""
    import numpy as np

    imports = "import numpy as np\nfrom numpy.linalg import inv as inverse\n"
    learner = seat(
        f"{imports}def f(x):\n    return {call}", forbids=("numpy.linalg", "numpy.exp", "numpy.add")
    )
    learner.f(np.eye(2))
    assert learner._link.worker.delegated == seen


def test_a_recorded_ufunc_works_as_before(seat: Any) -> None:
    """With `out=`, `where=`, on lists, and by its methods it gives what NumPy's own gives."""
    import numpy as np

    source = """
        import numpy as np
        def f(x):
            out = np.zeros(3)
            np.exp(x, out=out, where=x > 0)
            return out, np.add.accumulate(x), np.exp([0.0]), np.exp.__name__, repr(np.exp)
    """
    x = np.array([1.0, 2.0, -1.0])
    got = seat(source, forbids=("numpy.exp", "numpy.add")).f(x)
    assert np.array_equal(got[0], np.where(x > 0, np.exp(x), 0))
    assert np.array_equal(got[1], np.cumsum(x))
    assert (got[2][0], got[3], got[4]) == (1.0, "exp", "<ufunc 'exp'>")


def test_innocent_operators_are_not_seen(seat: Any) -> None:
    """What only shares a part of its name with a forbidden operator is free."""
    import torch

    source = """
        import torch
        def f(x):
            torch.ops.aten.log_softmax(x, -1), torch.ops.aten.exp(x)
            return torch.log_softmax(x, -1)
    """
    learner = seat(source, forbids=("torch.softmax", "torch.Tensor.softmax"))
    learner.f(torch.ones(2, 3))
    assert learner._link.worker.delegated == set()
    assert not found(textwrap.dedent(source), SOFTMAX, ["f"])


def test_a_name_of_many_parts_is_read_to_its_end() -> None:
    """A chain of attributes longer than Python's recursion takes is no trouble."""
    chain = "import torch\ndef f(x):\n    return torch.softmax(x, -1)" + ".T" * 2000
    assert found(chain, SOFTMAX, ["f"]) == {"torch.softmax"}
    assert found("def f(x):\n    y = x" + ".b" * 2000, SOFTMAX, ["f"]) == set()


def test_a_method_in_a_script_is_read() -> None:
    """What torch compiles leaves no record of its calls, so that the text must tell."""
    script = "import torch\n@torch.jit.script\ndef h(x):\n    return x.softmax(-1)\n"
    assert found(script + "def f(x):\n    return h(x)", SOFTMAX, ["f"]) == {"torch.Tensor.softmax"}
    assert found(script + "def f(x):\n    return x.exp()", SOFTMAX, ["f"]) == set()
