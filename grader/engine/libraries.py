"""What the engine imports so that no judge and no worker has to wait for it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
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
        self._untidy = False

    def load(self, names: Iterable[str]) -> None:
        """Import what is not there yet, then set everything aside from collection in any fork.

        Nothing is collected meanwhile: looking through a growing torch takes a third of its import.
        """
        new = [name for name in (*_ALWAYS, *names) if name not in self.loaded]
        if not new:
            return
        gc.disable()
        try:
            for name in new:
                self._import(name)
        finally:
            gc.enable()
        gc.freeze()
        self._untidy = True

    def _import(self, name: str) -> None:
        with contextlib.suppress(ImportError) if name in _LATE else contextlib.nullcontext():
            importlib.import_module(name)
        self.loaded.add(name)
        if name == "torch":
            _ready(sys.modules[name])

    def unready(self) -> bool:
        """Whether there is something to do that was left for a quiet moment."""
        return self._untidy or ("torch" in self.loaded and not self.loaded.issuperset(_LATE))

    def make_ready(self) -> None:
        """Import what torch would import in the middle of a first step; give garbage back."""
        if "torch" in self.loaded:
            self.load(_LATE)
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._untidy = False


def resident() -> int:
    """The bytes of memory that this process holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _ready(torch: Any) -> None:
    """One thread; and the processor looked at once, here, rather than in every worker."""
    torch.set_num_threads(1)
    for dtype in (torch.float32, torch.bfloat16):
        two = torch.ones(2, 2, 2, dtype=dtype)
        torch.nn.functional.linear(two, two[0])
        torch.bmm(two, two)
