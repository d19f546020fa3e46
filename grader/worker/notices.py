"""What a subject says beside its replies: printed text and warnings, taken along with the next."""

from __future__ import annotations

import warnings
from typing import Any

from llmex.grader.worker.output import Output

_MOST = 20
_LONGEST = 500


class Notices:
    """Collects output and warnings until a reply takes them along."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._warned: list[list[str]] = []

    def install(self) -> None:
        """Take over standard output and error, and hear every warning."""
        self._output.install()
        warnings.simplefilter("always")
        warnings.showwarning = self._hear

    def _hear(self, message: Any, category: type[Warning], *_: Any, **__: Any) -> None:
        if len(self._warned) < _MOST:
            self._warned.append([category.__name__[:100], str(message)[:_LONGEST]])

    def take(self) -> list[list[Any]]:
        """The extras of a reply: what was printed, and what was warned of."""
        extras: list[list[Any]] = []
        if printed := self._output.take():
            extras.append(["out", *printed])
        if self._warned:
            extras.append(["warned", self._warned])
            self._warned = []
        return extras
