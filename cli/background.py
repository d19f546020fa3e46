"""Something that runs in a thread while its caller listens to other things."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")
_AGAIN = 0.05  # seconds between two attempts to have it end


class Background(Generic[Result]):
    """Runs at once; `descriptor` becomes readable at the end."""

    def __init__(self, run: Callable[[], Result]) -> None:
        self._run = run
        self._found: list[Result] = []
        self._error: BaseException | None = None
        self.descriptor, self._end = os.pipe()
        self._hand = threading.Thread(target=self._go, daemon=True)
        self._hand.start()

    def over(self) -> bool:
        """Whether it has ended."""
        return not self._hand.is_alive()

    def result(self) -> Result:
        """What came of it; raises what it raised."""
        self._hand.join()
        if self._error is not None:
            raise self._error
        return self._found[0]

    def give_up(self, abandon: Callable[[], None], patience: float = 3.0) -> None:
        """Have it end by `abandon`, which may come before there is anything to abandon."""
        for _ in range(int(patience / _AGAIN)):
            if self.over():
                break
            abandon()
            self._hand.join(_AGAIN)
        self._close()

    def _close(self) -> None:
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0 and self.over():
            os.close(descriptor)
            os.close(self._end)

    def _go(self) -> None:
        try:
            self._found.append(self._run())
        except BaseException as error:  # is raised where the result is asked for
            self._error = error
        with contextlib.suppress(OSError):
            os.write(self._end, b".")
