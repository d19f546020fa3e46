"""Delegation is read from what an answer's own names reach, through every common alias."""

from __future__ import annotations

import pytest

from llmex.grader.delegation import exported, found, parameters

FORBIDS = ["torch.softmax", "torch.nn.functional.softmax", "torch.nn.Softmax"]

CALLS = {
    "attribute": "import torch\ndef softmax(x):\n    return torch.softmax(x, -1)\n",
    "module alias": "import torch as t\ndef softmax(x):\n    return t.softmax(x, -1)\n",
    "functional": "import torch.nn.functional as F\ndef softmax(x):\n    return F.softmax(x, -1)\n",
    "from import": "from torch import softmax as s\ndef softmax(x):\n    return s(x, -1)\n",
    "assigned": "import torch\ns = torch.softmax\ndef softmax(x):\n    return s(x, -1)\n",
    "getattr": "import torch\ndef softmax(x):\n    return getattr(torch, 'softmax')(x, -1)\n",
    "helper": "import torch\ndef h(x):\n    return torch.softmax(x, -1)\n"
    "def softmax(x):\n    return h(x)\n",
    "class": "from torch import nn\ndef softmax(x):\n    return nn.Softmax(-1)(x)\n",
}

INNOCENT = {
    "own code": "def softmax(x):\n    e = x.exp()\n    return e / e.sum(-1, keepdim=True)\n",
    "self-test": "import torch\ndef softmax(x):\n    return x.exp()\n"
    "if __name__ == '__main__':\n    print(torch.softmax(torch.ones(2), 0))\n",
    "unused helper": "import torch\ndef softmax(x):\n    return x.exp()\n"
    "def try_it():\n    return torch.softmax(torch.ones(2), 0)\n",
    "comment": "def softmax(x):\n    # unlike torch.softmax\n    return x.exp()\n",
    "another's local name": "import torch\nact = torch.exp\ndef softmax(x):\n    return act(x)\n"
    "def other(x):\n    act = torch.softmax\n    return act(x)\n",
    "own module": "from .torch import softmax as s\ndef softmax(x):\n    return s(x)\n",
    "longer name": "import torch\ndef softmax(x):\n    return torch.softmax_like(x)\n",
}


@pytest.mark.parametrize("way", CALLS)
def test_a_call_is_found(way: str) -> None:
    """A forbidden operator is found whatever name it goes by."""
    assert found(CALLS[way], FORBIDS, ["softmax"])


@pytest.mark.parametrize("way", INNOCENT)
def test_innocent_code_is_not(way: str) -> None:
    """Code of one's own, a self-test and a comment are no delegation."""
    assert not found(INNOCENT[way], FORBIDS, ["softmax"])


def test_a_scope_holds_for_its_function_only() -> None:
    """A name forbidden in one function is free in another."""
    source = (
        "import torch\n"
        "def forward(x):\n    return torch.autograd.grad(x, x)\n"
        "def backward(x):\n    return x\n"
    )
    scoped = [{"in": "backward", "names": ["torch.autograd.grad"]}]
    assert not found(source, scoped, ["forward", "backward"])
    assert found(source.replace("return x\n", "return forward(x)\n"), scoped, ["backward"])
    top = source.replace("def backward", "g = torch.autograd.grad(1, 1)\ndef backward")
    assert not found(top, scoped, ["forward", "backward"])


def test_the_most_that_is_known_of_a_name_is_told() -> None:
    """What is called in a forbidden module is told by its whole name, and once."""
    source = "import numpy as np\ndef norm(x):\n    return np.linalg.norm(x)\n"
    assert found(source, ["numpy.linalg"], ["norm"]) == {"numpy.linalg.norm"}


def test_a_whole_module_is_forbidden_by_import() -> None:
    """Where a library is forbidden, importing it is enough, also from inside."""
    for line in ("import sacrebleu", "from sacrebleu.metrics import BLEU", "import sacrebleu as s"):
        source = f"def bleu(x):\n    {line}\n    return 1\n"
        assert found(source, ["sacrebleu"], ["bleu"]), line
    assert not found("import sacrebleu_like\ndef bleu(x):\n    return 1\n", ["sacrebleu"], ["bleu"])


def test_a_broken_source_has_no_delegation() -> None:
    """A source that does not parse is somebody else's finding, also where it is too deep."""
    for source in ("def (", "x = 1\0", "x = " + "+".join("1" * 20_000), "(" * 500):
        assert found(source, FORBIDS, ["softmax"]) == set()


def test_drawing_weights_is_not_any_drawing() -> None:
    """torch's inner `normal_` is no call of the initializer of that name."""
    source = "import torch\ndef f(x):\n    return torch.ops.aten.normal_(x)\n"
    assert not found(source, ["torch.nn.init.normal_"], ["f"])
    assert found(source, ["torch.normal"], ["f"])


def test_parameters_are_named_as_in_the_stub() -> None:
    """A function's, a constructor's under its class, and a method's, without `self`."""
    stub = "def f(a, /, b=1, *, c=2): ...\n"
    stub += "class A:\n    def __init__(self, d): ...\n    def forward(self, x): ...\n"
    assert parameters(stub) == {"f": ["a", "b"], "A": ["d"], "A.forward": ["x"]}


def test_exported_names_are_the_stubs_own() -> None:
    """The names an exercise is about are its stub's functions and classes."""
    assert exported("import torch\nX = 1\ndef f(): ...\nclass A: ...\n") == ["f", "A"]
