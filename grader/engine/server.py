"""The engine's loop: a clean, single-threaded process that forks judges and workers.

It never reads a suite, a solution or an answer: a client says in one small header which library
the job needs, the judge that is forked then reads the job itself from the client's connection.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from typing import Any, NoReturn

from llmex.grader.engine import children, frames
from llmex.grader.engine.children import Judge, Worker


class Server:
    """Serves the connections that it was given until the last one closes."""

    def __init__(self, connections: list[socket.socket]) -> None:
        self._selector = selectors.DefaultSelector()
        self._judges: dict[int, Judge] = {}
        self._idle: set[socket.socket] = set()
        self._loaded: set[str] = set()
        self._wakeup = _wake_on_child(self._selector)
        for connection in connections:
            self._admit(connection)

    def serve(self) -> None:
        """Run until no connection is left."""
        while self._idle or self._judges:
            for key, _ in self._selector.select():
                if key.fileobj is self._wakeup:
                    self._reap()
                else:
                    key.data(key.fileobj)

    def _admit(self, client: socket.socket) -> None:
        self._idle.add(client)
        self._selector.register(client, selectors.EVENT_READ, self._header)

    def _header(self, client: socket.socket) -> None:
        """A client's one-line request: load what it needs, then fork its judge."""
        try:
            header = frames.receive(client)
        except frames.PeerGone:
            self._forget(client)
            return
        if header.get("do") == "judge":
            self._start_judge(client, str(header.get("uses")))
        elif header.get("do") == "warm":
            self._load(str(header.get("uses")))
        else:
            self._forget(client)

    def _start_judge(self, client: socket.socket, uses: str) -> None:
        self._load(uses)
        self._idle.discard(client)
        pid, control = children.fork_judge(_judge, client)
        self._judges[pid] = Judge(pid, client, control)
        self._selector.unregister(client)
        self._selector.register(control, selectors.EVENT_READ, self._order)

    def _load(self, uses: str) -> None:
        """Import what judges and workers will need, then set garbage aside before any fork."""
        if uses in self._loaded:
            return
        self._loaded.add(uses)
        _import_for(uses)
        gc.collect()
        gc.freeze()

    def _client_left(self, client: socket.socket) -> None:
        """While a judge works its client has nothing to say but goodbye: then stop the judge."""
        self._selector.unregister(client)
        for judge in self._judges.values():
            if judge.client is client:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(judge.pid, signal.SIGKILL)

    def _order(self, control: socket.socket) -> None:
        """A judge asks for a worker, or for the end of one."""
        judge = next(j for j in self._judges.values() if j.control is control)
        try:
            order = frames.receive(control)
        except frames.PeerGone:
            self._selector.unregister(control)
            return
        with contextlib.suppress(frames.PeerGone):
            if order.get("do") == "worker":
                self._fork_worker(judge, order["limits"])
            elif order.get("do") == "end":
                worker = judge.workers.pop(order["pid"], None)
                cause = worker.cause if worker and worker.cause else _end(worker)
                frames.send(control, {"cause": list(cause)})
            elif order.get("do") == "watch":
                self._selector.register(judge.client, selectors.EVENT_READ, self._client_left)

    def _fork_worker(self, judge: Judge, limits: dict[str, Any]) -> None:
        pid, ours = children.fork(lambda sock: _worker(sock, limits))
        judge.workers[pid] = Worker(pid)
        frames.send(judge.control, {"pid": pid})
        with contextlib.suppress(OSError):
            socket.send_fds(judge.control, [b"w"], [ours.fileno()])
        ours.close()

    def _reap(self) -> None:
        """Note every child that has ended; a judge takes its workers with it."""
        with contextlib.suppress(BlockingIOError):
            while self._wakeup.recv(4096):
                pass
        for judge in list(self._judges.values()):
            for worker in judge.workers.values():
                worker.cause = worker.cause or _ended(worker.pid)
            cause = _ended(judge.pid)
            if cause is not None:
                self._bury(judge, cause)

    def _bury(self, judge: Judge, cause: children.Cause) -> None:
        for worker in judge.workers.values():
            if worker.cause is None:
                children.end(worker.pid)
        del self._judges[judge.pid]
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(judge.control)
        judge.control.close()
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(judge.client)
        try:
            frames.send(judge.client, {"event": "end", "cause": list(cause)})
        except (frames.PeerGone, OSError):
            judge.client.close()
        else:
            self._admit(judge.client)

    def _forget(self, client: socket.socket) -> None:
        self._idle.discard(client)
        self._selector.unregister(client)
        client.close()


def _end(worker: Worker | None) -> children.Cause:
    return children.end(worker.pid) if worker else ("exit", 0)


def _ended(pid: int) -> children.Cause | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return children.cause_of(status) if done else None


def _wake_on_child(selector: selectors.BaseSelector) -> socket.socket:
    """A socket that becomes readable whenever a child ends."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing.detach(), warn_on_full_buffer=False)
    selector.register(reading, selectors.EVENT_READ)
    return reading


def _import_for(uses: str) -> None:
    importlib.import_module("llmex.grader.judge")
    importlib.import_module("llmex.grader.worker.main")
    if uses == "torch":
        importlib.import_module("torch").set_num_threads(1)


def _judge(client: socket.socket, control: socket.socket) -> NoReturn:
    from llmex.grader import judge

    judge.serve(client, control)
    os._exit(0)


def _worker(sock: socket.socket, limits: dict[str, Any]) -> NoReturn:
    from llmex.grader.worker import main

    main.run_worker(sock, limits)


def main(argv: list[str]) -> None:
    """Serve the connections whose descriptor numbers are the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Server([socket.socket(fileno=int(number)) for number in argv]).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
