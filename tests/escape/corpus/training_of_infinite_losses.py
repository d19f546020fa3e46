"""Reports losses that are no numbers, and then the loss that passes.

group: confuse the comparison
expect: failed
exercise: impossible-training
"""


def answer(report):
    for step in range(5):
        try:
            report(step, [float("nan"), 10**400, -1e308, "1.5", 1.5j][step])
        except Exception:
            pass
    return 1.5
