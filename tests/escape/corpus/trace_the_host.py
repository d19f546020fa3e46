"""Traces and profiles what runs around it, and changes its variables.

group: forge the verdict
expect: failed, stopped
"""

import sys
import threading


def trace(frame, event, arg):
    seen = frame.f_locals
    for name in ("value", "request", "reply", "node"):
        if name in seen and event == "return":
            seen[name] = 0.0
    frame.f_trace_opcodes = True
    return trace


def answer(x, *_):
    sys.settrace(trace)
    sys.setprofile(trace)
    threading.setprofile(trace)
    step = sys._getframe().f_back
    while step is not None:
        step.f_trace = trace
        step = step.f_back
    return x
