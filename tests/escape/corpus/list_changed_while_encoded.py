"""Gives lists and dicts that grow from a thread while they are being written.

group: attack the host
expect: failed, stopped, grader-error
"""

import threading

ITEMS, TABLE = [1.0] * 1000, {"a": 1.0}


def grow():
    for n in range(1_000_000):
        ITEMS.append(object())
        TABLE[n] = ITEMS
        del ITEMS[:2]


def answer(*_):
    threading.Thread(target=grow, daemon=True).start()
    return [ITEMS, TABLE, *[list(ITEMS) for _ in range(20)]]
