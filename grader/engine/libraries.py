"""What the engine imports so that no judge and no worker has to wait for it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import sys
from collections.abc import Iterable
from typing import Any

_ALWAYS = ("llmex.grader.judge", "llmex.grader.worker.main")
# What torch imports late, in the middle of a first optimiser step or backward: 0.7 s that no
# worker should wait for. A warm engine takes it in as soon as nobody needs it for a moment.
_LATE = ("torch.fx.experimental.symbolic_shapes", "torch._dynamo")


class Libraries:
    """The modules that this process holds for its children."""

    def __init__(self) -> None:
        self.loaded: set[str] = set()

    def load(self, names: Iterable[str]) -> None:
        """Import what is not there yet, then set garbage aside before any fork."""
        new = [name for name in (*_ALWAYS, *names) if name not in self.loaded]
        for name in new:
            with contextlib.suppress(ImportError) if name in _LATE else contextlib.nullcontext():
                importlib.import_module(name)
            self.loaded.add(name)
            if name == "torch":
                _ready(sys.modules[name])
        if new:
            gc.collect()
            gc.freeze()

    def unready(self) -> bool:
        """Whether torch is here without what it imports late."""
        return "torch" in self.loaded and not self.loaded.issuperset(_LATE)

    def load_late(self) -> None:
        """Import what torch would import in the middle of a first step."""
        self.load(_LATE)


def _ready(torch: Any) -> None:
    """One thread; and the processor looked at once, here, rather than in every worker."""
    torch.set_num_threads(1)
    for dtype in (torch.float32, torch.bfloat16):
        two = torch.ones(2, 2, 2, dtype=dtype)
        torch.nn.functional.linear(two, two[0])
        torch.bmm(two, two)
