"""Attacks on the judge, and the proof of what holds against them.

`LLMEX_ATTACK=long pytest tests/escape` does all of it at full length.
"""

from __future__ import annotations

import os

LONG = os.environ.get("LLMEX_ATTACK") == "long"
