"""Goes on reporting from a thread after it has returned.

group: forge the verdict
expect: failed, stopped, grader-error
exercise: impossible-training
"""

import threading


def go_on(report):
    for step in range(5, 100_000):
        report(step, 1.0)


def answer(report):
    if callable(report):
        for step in range(5):
            report(step, 1.0)
        threading.Thread(target=go_on, args=(report,), daemon=True).start()
    return 1.5
