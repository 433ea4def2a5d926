"""One stack per home: a file lock that the servers share with the supervisor, so that it outlives a killed one."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.embedded.child import Pause
from entrypoints.embedded.errors import HomeInUse

_PATIENCE_SECONDS = 35.0
"""For the servers of a supervisor that was killed: they were told to stop, and have their grace."""


@contextmanager
def sole_owner(file: Path, *, say: Callable[[str], None], pause: Pause) -> Iterator[int]:
    """Hold the lock; the file descriptor may be inherited by children, and all of them then hold it.

    Raises:
        HomeInUse
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = None
        while not locked(descriptor):
            owner = os.pread(descriptor, 20, 0).decode()
            if owner and _alive(int(owner)):
                raise HomeInUse(
                    f"another `kosu up` (process {owner}) runs on {file.parent}: stop it, or use another --home"
                )
            if deadline is None:
                deadline = time.monotonic() + _PATIENCE_SECONDS
                say("waiting for the servers of a stack that was killed")
            if time.monotonic() > deadline:
                raise HomeInUse(f"PostgreSQL or Redis of an earlier stack still runs on {file.parent}: stop it first")
            pause(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def locked(descriptor: int) -> bool:
    """Take the lock of an open file for oneself alone, unless somebody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
