"""What an answer prints: kept up to a cap, counted beyond it, ended where it becomes a flood."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

KEPT_KB = 64
FLOOD_MB = 16


class Output(io.TextIOBase):
    """Stands for sys.stdout and sys.stderr; `take` gives what was printed since the last time.

    `flooded` is called when an answer prints more than `FLOOD_MB` million characters.
    """

    flooded: Callable[[], object]

    def __init__(self, kept_kb: int = KEPT_KB) -> None:
        self._room = kept_kb << 10
        self._new: list[str] = []
        self._lost = 0
        self._count = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What a terminal would say."""
        return "utf-8"

    def writable(self) -> bool:
        """It can always be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep `text` while there is room, then only count it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        text = str.__str__(text)  # a subclass may say anything of its length
        size = len(text)
        self._count += size
        taken = text[: self._room]
        if taken:
            self._new.append(taken)
            self._room -= len(taken)
        self._lost += size - len(taken)
        if self._count > FLOOD_MB << 20:
            self.flooded()
        return size

    def take(self) -> tuple[str, int] | None:
        """What was printed since the last call, and how many characters were not kept."""
        if not self._new and not self._lost:
            return None
        taken = "".join(self._new), self._lost
        self._new, self._lost = [], 0
        return taken

    def install(self) -> None:
        """Become standard output and error."""
        sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = self  # type: ignore[assignment,misc]
