"""The engine's loop: a clean, single-threaded process that forks judges and workers.

It never reads a suite, a solution or an answer: a client says in one small header which library
the job needs, the judge that is forked then reads the job itself from the client's connection.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from typing import Any, NoReturn

from llmex.grader.engine import children, frames, fresh
from llmex.grader.engine.children import Judge, Worker
from llmex.grader.engine.door import Door
from llmex.grader.engine.libraries import Libraries, resident
from llmex.grader.engine.scratch import Scratch, sweep
from llmex.grader.engine.walls import Walls, enter
from llmex.grader.worker.lockdown import address_space

_QUIET = 1.0  # seconds
_PATIENCE = 2.0  # seconds for a client that has begun to speak, or that does not listen


class Server:
    """Serves the connections that it was given, and those that come to `listener`.

    It ends when no connection and no judge is left and, with a listener, nobody has come for
    `patience` seconds.
    """

    def __init__(
        self,
        connections: list[socket.socket],
        listener: socket.socket | None = None,
        path: str = "",
        patience: float = 600.0,
    ) -> None:
        self._selector = selectors.DefaultSelector()
        self._judges: dict[int, Judge] = {}
        self._idle: set[socket.socket] = set()
        self._libraries = Libraries()
        self._walls, self._scratch = Walls(), Scratch()
        self._wakeup = children.wake_on_signals(self._selector)
        self._forks, self._leaving = children.can_fork(), False
        self._door = Door(listener, path) if listener is not None else None
        self._patience, self._started = patience, time.time()
        self._jobs = 0
        for connection in connections:
            self._admit(connection)
        if listener is not None:
            self._selector.register(listener, selectors.EVENT_READ, self._accept)

    def serve(self) -> None:
        """Run until nobody needs it any more, or until it is told to end."""
        self._load([])
        sweep()
        try:
            while not self._leaving and (self._idle or self._judges or self._door):
                ready = self._selector.select(self._pause())
                if not ready and self._libraries.unready():
                    self._libraries.make_ready()
                elif not ready:
                    self._stop_listening()
                for key, _ in ready:
                    if key.fileobj is self._wakeup:
                        self._signalled()
                    elif self._selector.get_map().get(key.fd) is key:  # not closed meanwhile
                        self._attend(key)
        finally:
            self._stop_listening()
            for judge in list(self._judges.values()):
                self._give_up(judge)
            self._scratch.close()

    def _attend(self, key: selectors.SelectorKey) -> None:
        """Do what somebody asks. What goes wrong with it is their trouble, and nobody else's."""
        try:
            key.data(key.fileobj)
        except Exception:
            traceback.print_exc()  # the log is read where no engine can be had
            self._turn_away(key.fileobj)

    def _turn_away(self, line: Any) -> None:
        """Hang up on whoever cannot be served: they take their job to another engine."""
        if self._door is not None and line is self._door.listener:
            self._stop_listening()
            return
        judge = next((j for j in self._judges.values() if line in (j.client, j.control)), None)
        if judge is not None:
            self._give_up(judge)
        else:
            self._forget(line)

    def _give_up(self, judge: Judge) -> None:
        """End a judge without a word to its client, who then knows that this was no verdict."""
        cause = children.end(judge.pid)
        with contextlib.suppress(OSError):
            judge.client.shutdown(socket.SHUT_RDWR)
        self._bury(judge, cause)

    def _pause(self) -> float | None:
        """How long to wait for somebody: not long while there is something to prepare."""
        if self._door is None or self._judges:
            return None
        if self._libraries.unready():
            return _QUIET
        return None if self._idle else self._patience

    def _load(self, names: list[str]) -> None:
        """Import what a judge needs, unless it is a process of its own that must do so itself."""
        if self._forks:
            self._libraries.load(names)

    def _accept(self, _: socket.socket) -> None:
        client = self._door.welcome() if self._door else None
        if client is not None:
            self._admit(client)

    def _admit(self, client: socket.socket) -> None:
        self._idle.add(client)
        self._selector.register(client, selectors.EVENT_READ, self._header)

    def _header(self, client: socket.socket) -> None:
        """A client's one-line request: load what it needs, then fork its judge."""
        try:
            client.settimeout(_PATIENCE)
            header = frames.receive(client)
            client.settimeout(None)
        except (frames.PeerGone, TimeoutError):
            self._forget(client)
            return
        if header.get("do") == "judge":
            self._load(_names(header))
            self._start_judge(client, header)
        elif header.get("do") == "warm":
            self._load(_names(header))
        elif header.get("do") == "status":
            self._answer(client, self._status())
        elif header.get("do") == "stop":
            self._answer(client, self._status())
            self._stop_listening()
        else:
            self._forget(client)

    def _answer(self, client: socket.socket, answer: dict[str, Any]) -> None:
        with contextlib.suppress(frames.PeerGone):
            frames.send(client, answer)

    def _status(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "started": self._started,
            "jobs": self._jobs,
            "judging": len(self._judges),
            "loaded": sorted(self._libraries.loaded),
            "resident": resident(),
        }

    def _stop_listening(self) -> None:
        """Leave once those who are here are served; who comes later starts another engine."""
        door, self._door = self._door, None
        if door is not None:
            self._selector.unregister(door.listener)
            for client in door.close():
                self._admit(client)

    def _start_judge(self, client: socket.socket, header: dict[str, Any]) -> None:
        names, hidden = _names(header), tuple(str(path) for path in header.get("hidden", ()))
        try:
            frames.send(client, {"event": "judging"})
        except frames.PeerGone:
            self._forget(client)
            return
        self._jobs += 1
        self._idle.discard(client)
        pid, control = (
            children.fork_judge(_judge, client) if self._forks else fresh.start_judge(client, names)
        )
        self._judges[pid] = Judge(pid, client, control, hidden, names)
        self._selector.unregister(client)
        self._selector.register(control, selectors.EVENT_READ, self._order)

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
                cause = children.end_worker(judge.workers.pop(order["pid"], None))
                frames.send(control, {"cause": list(cause)})
            elif order.get("do") == "watch":
                self._selector.register(judge.client, selectors.EVENT_READ, self._client_left)

    def _fork_worker(self, judge: Judge, limits: dict[str, Any]) -> None:
        scratch = self._scratch.folder() if limits.get("scratch") else ""
        limits |= {"scratch": scratch, "baseline": address_space()}
        walls = self._walls.build(judge.hidden, scratch)
        if self._forks:
            pid, ours = children.fork(lambda sock: _worker(sock, limits), lambda: enter(walls))
        else:
            pid, ours = fresh.start_worker(judge.imports, limits, walls)
        judge.workers[pid] = Worker(pid, scratch)
        frames.send(judge.control, {"pid": pid})
        with contextlib.suppress(OSError):
            socket.send_fds(judge.control, [b"w"], [ours.fileno()])
        ours.close()
        self._walls.done(walls)

    def _signalled(self) -> None:
        """Note every child that has ended, a judge takes its workers with it; or leave."""
        with contextlib.suppress(BlockingIOError):
            while numbers := self._wakeup.recv(4096):
                self._leaving = self._leaving or signal.SIGTERM in numbers
        for judge in list(self._judges.values()):
            for worker in judge.workers.values():
                worker.cause = worker.cause or children.ended(worker.pid)
            cause = children.ended(judge.pid)
            if cause is not None:
                self._bury(judge, cause)

    def _bury(self, judge: Judge, cause: children.Cause) -> None:
        for worker in judge.workers.values():
            children.end_worker(worker)
        del self._judges[judge.pid]
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(judge.control)
        judge.control.close()
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(judge.client)
        try:
            judge.client.settimeout(_PATIENCE)
            frames.send(judge.client, {"event": "end", "cause": list(cause)})
        except (frames.PeerGone, OSError):
            judge.client.close()
        else:
            self._admit(judge.client)

    def _forget(self, client: socket.socket) -> None:
        self._idle.discard(client)
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(client)
        client.close()


def _names(header: dict[str, Any]) -> list[str]:
    return [str(name) for name in header.get("imports", [])]


def _judge(client: socket.socket, control: socket.socket) -> NoReturn:
    from llmex.grader import judge

    judge.serve(client, control)
    os._exit(0)


def _worker(sock: socket.socket, limits: dict[str, Any]) -> NoReturn:
    from llmex.grader.worker import main

    main.run_worker(sock, limits)


def main(argv: list[str]) -> None:
    """Serve `--connection=N ...` (inherited descriptors), or listen on `--listen=N --path=P`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given: dict[str, list[str]] = {}
    for name, _, value in (word.partition("=") for word in argv):
        given.setdefault(name, []).append(value)
    connections = [socket.socket(fileno=int(n)) for n in given.get("--connection", [])]
    listeners = [socket.socket(fileno=int(n)) for n in given.get("--listen", [])]
    listener, path = listeners[0] if listeners else None, given.get("--path", [""])[0]
    Server(connections, listener, path).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
