"""Changes arguments that the suite will use again.

group: attack the host
expect: failed
"""

def answer(x):
    if hasattr(x, "fill"):
        x.fill(float("nan"))
    return 1.5
