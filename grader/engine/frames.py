"""Plain messages between llmex's own processes: a length, then msgpack."""

from __future__ import annotations

import socket
import struct
from typing import Any

import msgpack

_LENGTH = struct.Struct("<Q")
LARGEST = 256 * 1024 * 1024


class PeerGone(Exception):
    """The process at the other end closed the connection."""


def send(sock: socket.socket, message: dict[str, Any]) -> None:
    """Write one message; raises PeerGone where nobody listens any more."""
    body = msgpack.packb(message, unicode_errors="surrogatepass")
    try:
        sock.sendall(_LENGTH.pack(len(body)) + body)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise PeerGone from error


def receive(sock: socket.socket) -> dict[str, Any]:
    """Read exactly one message and nothing after it; raises PeerGone at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(sock, _LENGTH.size))
    if length > LARGEST:
        raise PeerGone
    message = msgpack.unpackb(
        _exactly(sock, length), unicode_errors="surrogatepass", strict_map_key=False
    )
    if not isinstance(message, dict):
        raise PeerGone
    return message


def _exactly(sock: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        try:
            part = sock.recv(min(count - len(parts), 1 << 20))
        except ConnectionResetError as error:
            raise PeerGone from error
        if not part:
            raise PeerGone
        parts += part
    return bytes(parts)
