"""What the tests of a worker share."""

from __future__ import annotations

from typing import Any

import pytest

from llmex.grader.sandbox import SubjectStopped

WORKER_ONLY = """
    import os, sys, time, ctypes, signal, threading
    import numpy as np

    def leave(code): sys.exit(code)
    def leave_hard(code): os._exit(code)
    def crash(): return ctypes.string_at(0)
    def spin():
        while True: pass
    def sleep(): time.sleep(60)
    def stubborn():
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True: pass
    def take(gigabytes): return len(bytearray(gigabytes << 30))
    def take_array(gigabytes): return np.ones(gigabytes << 27).sum()
    def shout(megabytes):
        for _ in range(megabytes): print("x" * ((1 << 20) - 1))
    def whisper(text): print(text, end=""); return text
    def recurse(n=0): return recurse(n + 1)
    def interrupt(): raise KeyboardInterrupt
    def big(): return np.zeros(5 << 20)
    def cycle():
        x = []
        x.append(x)
        return x
    def forge():
        for fd in range(3, 64):
            try: os.write(fd, b"lmx1" + b"\\xff" * 100)
            except OSError: pass
    def forge_reply(step):
        import struct, msgpack
        body = msgpack.packb(["value", 42, []])
        for fd in range(3, 64):
            try: os.write(fd, struct.pack("<4sIII", b"lmx1", step, len(body), 0) + body)
            except OSError: pass
        return 1
    def hang_up():
        for fd in range(3, 64):
            try: os.close(fd)
            except OSError: pass
    def kill(): os.kill(os.getpid(), signal.SIGKILL)
"""


def stopped(call: Any, *args: Any) -> str:
    """The sentence with which a call ends its subject."""
    with pytest.raises(SubjectStopped) as caught:
        call(*args)
    return caught.value.cause.english()
