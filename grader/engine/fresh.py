"""Judges and workers as processes of their own, where a fork of the warm engine is not safe.

They do the same work, and only import for themselves what a forked child finds imported.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

_FIRST, _SECOND = 3, 4  # where a fresh process finds its descriptors
_ABOVE = 10
_NAME = "llmex.grader.engine.fresh"


def start_judge(client: socket.socket, imports: Sequence[str]) -> tuple[int, socket.socket]:
    """Start a judge that has its client's connection and a control socket; give our end of that."""
    ours, theirs = socket.socketpair()
    with theirs:
        given = {"imports": list(imports), "parent": os.getpid()}
        pid = _spawn("judge", given, (client.fileno(), theirs.fileno()))
    return pid, ours


def start_worker(
    imports: Sequence[str], limits: dict[str, Any], walls: int
) -> tuple[int, socket.socket]:
    """Start a worker behind the ruleset `walls`; give our end of its socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        given = {"imports": list(imports), "limits": limits, "walls": walls, "parent": os.getpid()}
        pid = _spawn("worker", given, (theirs.fileno(), walls if walls >= 0 else theirs.fileno()))
    return pid, ours


def _spawn(kind: str, given: dict[str, Any], descriptors: tuple[int, int]) -> int:
    copies = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for number in descriptors]
    places = zip(copies, (_FIRST, _SECOND), strict=True)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-P", "-m", _NAME, kind, json.dumps(given)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, copy, place) for copy, place in places],
        )
    finally:
        for copy in copies:
            os.close(copy)


def main(argv: Sequence[str]) -> NoReturn:
    """Be a judge or a worker, with what `_spawn` gave."""
    from llmex.grader.engine import children
    from llmex.grader.engine.libraries import Libraries

    given = json.loads(argv[1])
    children.die_with_parent(given["parent"])
    Libraries().load(given["imports"])
    if argv[0] == "judge":
        from llmex.grader import judge as judging

        children.bound_judge()
        judging.serve(socket.socket(fileno=_FIRST), socket.socket(fileno=_SECOND))
        os._exit(0)
    from llmex.grader.engine import walls
    from llmex.grader.worker.lockdown import address_space
    from llmex.grader.worker.main import run_worker

    limits = given["limits"] | {"baseline": address_space()}
    walls.enter(_SECOND if given["walls"] != walls.NONE else walls.NONE)
    run_worker(socket.socket(fileno=_FIRST), limits)


if __name__ == "__main__":
    main(sys.argv[1:])
