"""Reports deep, large, broken and foreign values as steps and losses, thousands of times.

group: exhaust
expect: failed, stopped
exercise: impossible-training
"""

import numpy as np


def answer(report):
    deep = []
    for _ in range(90):
        deep = [deep]
    odd = [deep, {1: deep}, np.zeros(300_000), 10**5000, "\ud800" * 9, report, object(), None, True]
    for n in range(100_000) if callable(report) else ():
        try:
            report(odd[n % len(odd)], odd[n // 9 % len(odd)])
        except Exception:
            pass
    return 1.5
