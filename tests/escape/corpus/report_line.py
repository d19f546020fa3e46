"""Raises from a line that is hostile itself.

group: attack the report
expect: failed
"""

def answer(*_):
    raise ValueError("‮]0;x [bold]")
