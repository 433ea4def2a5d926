"""moto's server: the S3 API over real HTTP. It checks neither signatures nor expiry nor the size of presigned parts."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.embedded.child import Child, Command, stop, wait_until_ready
from entrypoints.embedded.ports import HOST, free_port


@contextmanager
def running_moto(folder: Path) -> Iterator[str]:
    """The endpoint URL of an S3 without buckets; its log is kept in `folder`."""
    port = free_port()
    argv = (sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port))
    child = Child(Command(name="moto", argv=argv, environment=os.environ, log=folder / "moto.log"))
    child.start()
    try:
        wait_until_ready(child, lambda: accepts_connections(port), timeout_seconds=60)
        yield f"http://{HOST}:{port}"
    finally:
        stop([child])


def accepts_connections(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
