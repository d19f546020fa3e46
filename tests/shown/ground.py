"""What these tests run and paste."""

from __future__ import annotations

import sys
import types
from typing import Any

from llmex.grader.report import Counterexample

HEAD = "import numpy as np\nimport torch\nfrom llmex.grader.compare import *\n"


def suite(body: str) -> str:
    """A suite of one check."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f'{HEAD}\ndef test_it(learner, rng):\n    """It holds"""\n{lines}'


def pasted(case: Counterexample, answer: str) -> dict[str, Any]:
    """What the code of a counterexample leaves when it is run beside the answer."""
    modules = {"small": types.ModuleType("small"), "small.made": types.ModuleType("small.made")}
    exec(answer, vars(modules["small.made"]))
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    space: dict[str, Any] = {}
    try:
        exec("\n".join(case.code), space)
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
    return space
