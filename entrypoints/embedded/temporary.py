"""PostgreSQL and Redis for a while, in a temporary folder: for tests, benchmarks and the writing of migrations."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.embedded.child import Child, stop
from entrypoints.embedded.home import Home
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer

# A killed server loses nothing by these, only a crashed machine would, and with it goes the folder.
_WITHOUT_CARE_FOR_POWER_CUTS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@contextmanager
def temporary_postgres(*, durable: bool = False) -> Iterator[tuple[PostgresServer, Child]]:
    """A fresh, running cluster and its process; both are gone afterwards. The process may be killed and restarted.

    With `durable` a commit costs what it costs elsewhere: for measurements.

    Raises:
        ChildFailed
    """
    with _temporary_home() as home:
        server = PostgresServer.in_folders(data=home.path / "postgres", sockets=home.sockets, logs=home.logs)
        server.initialise(os.environ)
        child = Child(server.command(os.environ, options={} if durable else _WITHOUT_CARE_FOR_POWER_CUTS))
        with _running(child):
            server.wait_until_ready(child)
            yield server, child


@contextmanager
def temporary_redis() -> Iterator[tuple[RedisServer, Child]]:
    """A fresh, running Redis and its process, likewise.

    Raises:
        ChildFailed
    """
    with _temporary_home() as home:
        server = RedisServer(data=home.path / "redis", sockets=home.sockets, logs=home.logs)
        child = Child(server.command(os.environ))
        with _running(child):
            server.wait_until_ready(child)
            yield server, child


@contextmanager
def _temporary_home() -> Iterator[Home]:
    home = Home(Path(tempfile.mkdtemp(prefix="kosu-")).resolve())
    home.path.chmod(0o711)
    home.prepare()
    try:
        yield home
    finally:
        home.remove_sockets()
        shutil.rmtree(home.path)


@contextmanager
def _running(child: Child) -> Iterator[None]:
    child.start()
    try:
        yield
    finally:
        stop([child])
