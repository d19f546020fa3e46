"""Numbers as a person reads them: steps, times, losses."""

from __future__ import annotations

import math


def counted(number: int) -> str:
    """A count: 2,000."""
    return f"{number:,}"


def clock(seconds: float) -> str:
    """A time that is left: 0:07, 1:12, 2:03:00."""
    whole = max(math.ceil(seconds), 0)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def measured(loss: float) -> str:
    """A loss in few digits: 1.774, 12.35, 310, 1.2e+09."""
    size = abs(loss)
    if size >= 1e5 or 0 < size < 1e-3:
        return f"{loss:.1e}"
    return f"{loss:.{3 if size < 10 else 2 if size < 100 else 0}f}"
