"""The socket at which commands find the engine that stays."""

from __future__ import annotations

import contextlib
import os
import socket

from llmex.grader.engine.warm import peer


class Door:
    """A listening socket and the file at `path` that is its name, as long as that is this one's."""

    def __init__(self, listener: socket.socket, path: str) -> None:
        self.listener = listener
        self._path, self._mark = path, _file_at(path)

    def welcome(self) -> socket.socket | None:
        """Who knocks, if it is a process of this user; raises OSError where nobody does."""
        client, _ = self.listener.accept()
        if peer(client) in (None, os.getuid()):
            return client
        client.close()
        return None

    def close(self) -> list[socket.socket]:
        """Be found no more; give those who had knocked before.

        The socket's file goes first: so nobody can find it and then not be heard.
        """
        if self._mark is not None and _file_at(self._path) == self._mark:
            for path in (self._path, os.path.splitext(self._path)[0] + ".log"):
                with contextlib.suppress(OSError):
                    os.unlink(path)
        self.listener.setblocking(False)
        waiting = []
        with contextlib.suppress(OSError):  # nobody is left, or there is no room for more
            while True:
                waiting += [client for client in [self.welcome()] if client]
        self.listener.close()
        return waiting


def _file_at(path: str) -> tuple[int, int] | None:
    """The identity of a file, None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
