"""Seccomp: which system calls a worker may still make (Linux on x86-64; elsewhere there is none).

A list of what a Python process that computes needs; everything else fails with EPERM, other
instruction sets end the process. New threads are allowed, new processes, programs, sockets,
namespaces, keyrings, io_uring, tracing and changes of files' modes are not.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys

_ARCH_X86_64 = 0xC000003E
_X32 = 0x40000000
_LOAD, _AND, _JUMP, _EQUAL, _GREATER_EQUAL, _RETURN = 0x20, 0x54, 0x05, 0x15, 0x35, 0x06
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_EPERM, _ENOSYS = 1, 38
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2

# fmt: off
_ALLOWED = (
    47, 46, 45, 44, 202, 0, 1, 9, 11, 28, 10, 25, 12,      # messages, futex, read, write, memory
    228, 35, 230, 96, 201, 229, 24,                        # clocks, sleep, yield
    257, 2, 3, 4, 5, 6, 262, 332, 8, 17, 18, 19, 20, 217, 78, 89, 267, 21, 269, 439,  # open, stat
    79, 32, 33, 292, 436, 7, 271, 23, 270,                 # getcwd, dup, close_range, poll, select
    13, 14, 15, 127, 128, 131, 34, 37, 36, 38,             # signals of one's own, alarm, timers
    39, 110, 186, 102, 104, 107, 108, 115, 118, 120, 111, 124, 121,  # who am I
    63, 98, 99, 100, 97, 140, 145, 204, 309, 318, 324, 334, 273, 218, 158, 95,  # limits, rseq
    27, 51, 52, 55, 48, 61, 247, 60, 231,                  # mincore, socket names, wait, exit
)
_CLONE, _CLONE3, _OPENAT2 = 56, 435, 437
_KILL_CALL, _TGKILL, _IOCTL, _FCNTL, _PRCTL, _PRLIMIT, _SETRLIMIT = 62, 234, 16, 72, 157, 302, 160
_SCRATCH = (87, 263, 82, 264, 316, 77, 74, 75, 76, 83, 258, 84, 85)  # unlink, rename, truncate ...
# fmt: on

_THREAD = 0x00010100  # CLONE_THREAD and CLONE_VM
_NAMESPACES = 0x7E020080  # every CLONE_NEW..., none of which may be set
_IOCTLS = (0x5401, 0x5450, 0x5451)  # is it a terminal; close on exec or not
_RLIMIT_CPU = 0
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)
_PR_SET_NAME = 15


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("jt", ctypes.c_uint8),
        ("jf", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


Code = list[tuple[int, int, int, int]]


def available() -> bool:
    """Whether there is a table of system calls for this machine."""
    return sys.platform == "linux" and platform.machine() == "x86_64" and sys.maxsize > 2**32


def install(scratch: bool = False) -> None:
    """Filter this process's system calls from now on. Needs PR_SET_NO_NEW_PRIVS before.

    Raises OSError where the kernel refuses or there is no table for this machine.
    """
    if not available():
        raise OSError("no table of system calls for this machine")
    code = program(os.getpid(), scratch)
    instructions = (_Instruction * len(code))(*(_Instruction(*one) for one in code))
    filter_ = _Program(len(code), instructions)
    assert _LIBC is not None
    if _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def program(pid: int, scratch: bool) -> Code:
    """The filter: `(code, jump if true, jump if false, constant)` for each instruction."""
    code: Code = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, _ARCH_X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_GREATER_EQUAL, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
    ]
    plain = (*_ALLOWED, *(_SCRATCH if scratch else ()))
    code += [(_EQUAL, len(plain) - at, 0, number) for at, number in enumerate(plain)]
    code += [(_JUMP, 0, 0, 1), (_RETURN, 0, 0, _ALLOW)]  # the kernel tries each call beforehand
    code += _if_call(_CLONE, 0, _THREAD | _NAMESPACES, (_THREAD,))
    for number in (_KILL_CALL, _TGKILL):
        code += _if_call(number, 0, 0xFFFFFFFF, (pid,))
    code += _if_call(_IOCTL, 1, 0xFFFFFFFF, _IOCTLS)
    code += _if_call(_FCNTL, 1, 0xFFFFFFFF, _FCNTL_COMMANDS)
    code += _if_call(_PRCTL, 0, 0xFFFFFFFF, (_PR_SET_NAME,))
    code += _if_call(_SETRLIMIT, 0, 0xFFFFFFFF, (_RLIMIT_CPU,))
    code += _limit_calls()
    for number in (_CLONE3, _OPENAT2):  # the C library then takes the older call
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | _ENOSYS)]
    return [*code, (_RETURN, 0, 0, _ERRNO | _EPERM)]


def _limit_calls() -> Code:
    """prlimit: this process only; ask for anything, change nothing but the limit on CPU."""
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | _EPERM)
    pid, resource, new = (_ARGUMENT + 8 * n for n in range(3))
    body: Code = [
        (_LOAD, 0, 0, pid),
        (_EQUAL, 1, 0, 0),
        refuse,
        (_LOAD, 0, 0, resource),
        (_EQUAL, 0, 1, _RLIMIT_CPU),
        allow,
        (_LOAD, 0, 0, new),
        (_EQUAL, 1, 0, 0),
        refuse,
        (_LOAD, 0, 0, new + 4),
        (_EQUAL, 1, 0, 0),
        refuse,
        allow,
    ]
    return [(_EQUAL, 0, len(body), _PRLIMIT), *body]


def _if_call(number: int, argument: int, mask: int, values: tuple[int, ...]) -> Code:
    """Allow call `number` where its argument, masked, is one of `values`; else EPERM."""
    low = _ARGUMENT + 8 * argument
    tests: Code = []
    for value in values:
        tests += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    body: Code = [(_LOAD, 0, 0, low), (_AND, 0, 0, mask), *tests]
    body.append((_RETURN, 0, 0, _ERRNO | _EPERM))
    return [(_EQUAL, 0, len(body), number), *body]
