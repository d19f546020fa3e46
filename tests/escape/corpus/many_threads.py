"""Starts threads until the machine has no more.

group: attack the host
expect: stopped, failed
layers: limits
needs: user
"""

import threading
import time

def reach():
    threading.stack_size(32768)
    try:
        for _ in range(WORLD["threads"]):
            threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    except RuntimeError:
        return "refused"
    return WORLD["token"]
