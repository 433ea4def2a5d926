"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import socket

from entrypoints.embedded.errors import NoFreePort

HOST = "127.0.0.1"


def free_port(wanted: int = 0) -> int:
    """The port `wanted`, or the next one after it that is free; with 0, any free port.

    Raises:
        NoFreePort: none of the hundred ports from there on is free.
    """
    for port in (wanted,) if wanted == 0 else range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as listener:
            # As servers do: a port whose last connections are only being wound up counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    raise NoFreePort(f"no port from {wanted} to {wanted + 99} is free")
