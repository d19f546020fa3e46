"""Frames on a socket: a fixed header, a msgpack body, and array buffers out of band.

A frame is `magic, step, body length, number of buffers` (little-endian), then the length of each
buffer, then the body, then the buffers. Every length is checked before memory is taken for it. The
step counts the frames of a conversation in both directions, so that nobody answers out of turn.
"""

from __future__ import annotations

import itertools
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgpack
import numpy as np

LARGEST_FRAME = 32 << 20
MOST_BUFFERS = 4096
_LONGEST_LIST = 4_000_000
_HEADER = struct.Struct("<4sIII")
_MAGIC = b"lmx1"
_STEPS = 0xFFFFFFFF
_INBOX = 1 << 16
_AT_ONCE = 512  # buffers in one sendmsg; the system's own limit is 1024

Buffer = memoryview | bytes


class WireError(Exception):
    """What arrived is no frame of ours, or a value that cannot cross was given to be sent."""


class PeerGone(Exception):
    """The other end has closed the connection."""


class Frame(NamedTuple):
    """One message as it crosses: a msgpack body and the raw bytes of its large arrays."""

    body: bytes
    buffers: Sequence[Any]

    @property
    def size(self) -> int:
        """How many bytes the body and the buffers take."""
        return len(self.body) + (sum(map(len, self.buffers)) if self.buffers else 0)


_pack = msgpack.Packer(unicode_errors="surrogatepass").pack


def pack(message: Any) -> bytes:
    """The msgpack body of a message made of nodes; lone surrogates survive."""
    try:
        return bytes(_pack(message))
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise WireError(f"a message that cannot be packed: {error}") from None


def unpack(body: bytes) -> Any:
    """The message in a body: lists, numbers, strings and bytes, no maps and no extensions."""
    try:
        return msgpack.unpackb(
            body,
            unicode_errors="surrogatepass",
            max_array_len=min(len(body), _LONGEST_LIST),
            max_map_len=0,
            max_ext_len=0,
        )
    except Exception as error:  # whatever msgpack raises, it is the frame that is wrong
        raise WireError(f"a body that is no message: {type(error).__name__}") from None


class Channel:
    """One end of a connection on which frames go back and forth, one at a time.

    With a `deadline` (of `time.monotonic`) waiting ends in TimeoutError. `sends` and `takes` are
    the largest frames, in bytes, in either direction.
    """

    def __init__(
        self, sock: socket.socket, sends: int = LARGEST_FRAME, takes: int = LARGEST_FRAME
    ) -> None:
        self.deadline: float | None = None
        self._sends, self._takes = sends, takes
        self._step = 0
        self._sock = sock
        self._inbox = memoryview(bytearray(_INBOX))

    def send(self, frame: Frame) -> None:
        """Write one frame; WireError if it is too large, PeerGone if nobody reads."""
        body, buffers = frame
        if (size := frame.size) > self._sends or len(buffers) > MOST_BUFFERS:
            raise WireError(f"a frame of {size} bytes is too large")
        self._step += 1
        head = _HEADER.pack(_MAGIC, self._step & _STEPS, len(body), len(buffers))
        self._arm()
        try:
            if not buffers:
                self._sock.sendall(head + body)
                return
            lengths = struct.pack(f"<{len(buffers)}Q", *map(len, buffers))
            self._send_all([head + lengths + body, *buffers])
        except (BrokenPipeError, ConnectionResetError):
            raise PeerGone from None

    def _send_all(self, parts: list[Any]) -> None:
        waiting = [memoryview(part).cast("B") for part in parts if len(part)]
        while waiting:
            sent = self._sock.sendmsg(waiting[:_AT_ONCE])
            while waiting and sent >= len(waiting[0]):
                sent -= len(waiting.pop(0))
            if sent:
                waiting[0] = waiting[0][sent:]

    def receive(self) -> Frame:
        """The next frame; WireError if it is malformed, PeerGone at the end of the stream."""
        inbox, got = self._inbox, 0
        while got < _HEADER.size:
            got += self._read(inbox[got:])
        magic, step, size, count = _HEADER.unpack_from(inbox)
        self._step += 1
        if magic != _MAGIC or step != self._step & _STEPS:
            raise WireError("a frame that does not belong here")
        if size > self._takes or count > MOST_BUFFERS:
            raise WireError("a frame of a wrong size")
        start = _HEADER.size + 8 * count
        while got < start:
            got += self._read(inbox[got:])
        lengths = struct.unpack_from(f"<{count}Q", inbox, _HEADER.size)
        if size + sum(lengths) > self._takes:
            raise WireError("a frame that is too large")
        if start + size <= got:
            body, taken = bytes(inbox[start : start + size]), start + size
        else:
            body, taken = self._rest(size, start, got).tobytes(), got
        buffers = []
        for length in lengths:
            buffers.append(self._rest(length, taken, got))
            taken = min(got, taken + length)
        if taken < got:
            raise WireError("more than one frame at a time")
        return Frame(body, buffers)

    def _rest(self, length: int, start: int, got: int) -> Any:
        """`length` bytes, of which those from `start` to `got` lie in the inbox already."""
        whole = np.empty(length, np.uint8)
        view, have = whole.data, min(length, got - start)
        view[:have] = self._inbox[start : start + have]
        while have < length:
            have += self._read(view[have:])
        return whole

    def _read(self, view: memoryview) -> int:
        self._arm()
        try:
            got = self._sock.recv_into(view)
        except ConnectionResetError:
            got = 0
        if not got:
            raise PeerGone
        return got

    def _arm(self) -> None:
        if self.deadline is None:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:  # also where something lies there already: whoever is quick gets no more time
            raise TimeoutError
        self._sock.settimeout(left)

    def close(self) -> None:
        """Close this end."""
        self._sock.close()


def chunks_of(frame: Frame, step: int = 1) -> bytes:
    """A frame as the bytes that cross, for tests."""
    lengths = struct.pack(f"<{len(frame.buffers)}Q", *map(len, frame.buffers))
    head = _HEADER.pack(_MAGIC, step, len(frame.body), len(frame.buffers))
    return b"".join(itertools.chain([head, lengths, frame.body], map(bytes, frame.buffers)))
