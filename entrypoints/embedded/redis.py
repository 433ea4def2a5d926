"""Redis from a wheel, as a direct child, on a socket in our own folder; its append-only file survives restarts."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from entrypoints.embedded import wheels
from entrypoints.embedded.child import Child, Command, Pause, wait_until_ready


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A server with its data in the folder `data` and its socket in `sockets`."""

    data: Path
    sockets: Path
    logs: Path

    @property
    def socket_path(self) -> Path:
        return _socket(self.sockets)

    def url(self, database: int = 0) -> str:
        """redis-py URL of one of its 16 databases."""
        return redis_url(self.sockets, database)

    def command(self, environment: Mapping[str, str], *, inherited: tuple[int, ...] = ()) -> Command:
        """What runs the server. Raises ProgramMissing."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        arguments = [argument for name, value in settings.items() for argument in (f"--{name}", value)]
        return Command(
            name="redis",
            argv=(str(wheels.redis_server()), *arguments),
            environment=environment,
            log=self.logs / "redis.log",
            inherited=inherited,
        )

    def wait_until_ready(self, child: Child, *, pause: Pause = time.sleep) -> None:
        """Raises ChildFailed. While it still loads its data it is not ready."""
        wait_until_ready(child, self._answers, timeout_seconds=60, pause=pause)

    def _answers(self) -> bool:
        # Two lines of the protocol, rather than half a second for importing the client.
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket_path))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def redis_url(sockets: Path, database: int = 0) -> str:
    """redis-py URL of a database of the server that listens in the folder `sockets`."""
    return f"unix://{quote(str(_socket(sockets)))}?db={database}"


def _socket(sockets: Path) -> Path:
    return sockets / "redis.sock"
