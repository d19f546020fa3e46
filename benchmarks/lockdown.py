"""What the walls cost a worker: `python benchmarks/lockdown.py [--torch]` (milliseconds, medians).

Three things in turn from one parent: a bare fork whose child says one byte, a worker until it says
that it is ready, and the time that a worker itself spends on its walls.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import socket
import statistics
import struct
import time
from typing import NoReturn

from llmex.grader.engine import children
from llmex.grader.engine.walls import Walls, enter
from llmex.grader.worker import lockdown
from llmex.grader.worker.lockdown import address_space
from llmex.grader.worker.main import run_worker

READY, LOCKDOWN = 5.0, 2.0  # milliseconds beyond a bare fork, and of that for the walls


def bare() -> float:
    """Milliseconds until a child of a bare fork is heard."""
    ours, theirs = socket.socketpair()
    started = time.perf_counter()
    pid = os.fork()
    if not pid:
        theirs.send(b"x")
        os._exit(0)
    ours.recv(1)
    took = time.perf_counter() - started
    os.waitpid(pid, 0)
    ours.close()
    theirs.close()
    return took * 1e3


def ready(number: int) -> float:
    """Milliseconds until a worker behind all walls says that it is ready."""
    limits = {"baseline": address_space()}
    started = time.perf_counter()
    pid, ours = children.fork(lambda sock: run_worker(sock, limits), lambda: enter(number))
    ours.recv(1)
    took = time.perf_counter() - started
    ours.close()
    children.end(pid)
    return took * 1e3


def walls(number: int) -> float:
    """Milliseconds that a worker itself spends on its walls and on trying them."""
    limits = {"baseline": address_space()}
    spent = [0.0]

    def before() -> None:
        started = time.perf_counter()
        enter(number)
        spent[0] = time.perf_counter() - started

    def run(sock: socket.socket) -> NoReturn:
        started = time.perf_counter()
        lockdown.lock(limits)
        sock.send(struct.pack("d", spent[0] + time.perf_counter() - started))
        os._exit(0)

    pid, ours = children.fork(run, before)
    (took,) = struct.unpack("d", ours.recv(8))
    ours.close()
    children.end(pid)
    return float(took) * 1e3


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--torch", action="store_true", help="from a parent that holds torch")
    words.add_argument("--runs", type=int, default=200)
    given = words.parse_args()
    for name in ("numpy", *(("torch",) if given.torch else ())):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    number = Walls().build(())
    rows = [(bare(), ready(number), walls(number)) for _ in range(given.runs)]
    fork, worker, lock = (statistics.median(row[k] for row in rows) for k in range(3))
    beyond = statistics.median(row[1] - row[0] for row in rows)
    print(f"{'a bare fork':44} {fork:6.2f} ms")
    print(f"{'a worker behind all walls, ready':44} {worker:6.2f} ms")
    for what, took, most in (("the walls", lock, LOCKDOWN), ("beyond a bare fork", beyond, READY)):
        print(f"{what:44} {took:6.2f} ms   at most {most}{'' if took <= most else '  <- above'}")


if __name__ == "__main__":
    main()
