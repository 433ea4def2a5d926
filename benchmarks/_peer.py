"""A peer of another make, measured by the rules of its own folder: see CONTRACT.md there.

The folder may be read-only: it is built in a copy, which is kept for the next run.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks._machine import API_CORE, process
from benchmarks._sides import RunningApi, wait_until_up
from entrypoints.embedded.ports import HOST, free_port

COPY = Path(tempfile.gettempdir()) / "kosu-bench-peers"


class Peers:
    """The folder's copy, and the PostgreSQL and Redis that it runs on the last core until `close`."""

    def __init__(self, folder: Path) -> None:
        for file in folder.rglob("*"):
            if file.is_file() and not {"node_modules", "dist"} & set(file.parts):
                copy = COPY / file.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
        sys.path.insert(0, str(COPY))
        self.stack = importlib.import_module("stack")
        self.load = importlib.import_module("load")
        self.loadgen = COPY / "tools" / "loadgen.c"
        self.stack.up()
        self.database_url: str = self.stack.DSN
        self.database_pid: int = self.stack.pids()["postgres"]
        self.redis_pid: int = self.stack.pids()["redis"]
        # A peer has database 0 to itself.
        self.kosu_redis_url: str = self.stack.REDIS_URL.removesuffix("/0") + "/1"

    def close(self) -> None:
        self.stack.down()


class Peer:
    def __init__(self, name: str, peers: Peers) -> None:
        self.name = name
        self._peers = peers
        self._folder = COPY / name
        self._commands = json.loads((self._folder / "peer.json").read_text())
        if not (self._folder / self._commands["built"]).exists():
            for command in self._commands["build"]:
                subprocess.run(command, cwd=self._folder, check=True, stdout=subprocess.DEVNULL)
        self._port = free_port(0)
        self.database_pid = peers.database_pid
        self.load = peers.load

    @contextmanager
    def api(self) -> Iterator[RunningApi]:
        self._peers.stack.reset()
        with self._process("server") as server:
            url = f"http://{HOST}:{self._port}"
            wait_until_up(server, f"{url}/health")
            yield RunningApi(url, server.pid)

    @contextmanager
    def worker(self) -> Iterator[int]:
        with self._process("worker") as worker:
            yield worker.pid

    def captures(self, numbers: range) -> list[bytes]:
        return [self._capture(number + 1) for number in numbers]

    def requests(self, target: str) -> list[bytes]:
        """The driver's own, to be sent over and over."""
        requests, mode, _ = self.load.build(target, 0, 0)
        assert mode == "cycle"
        return list(requests)

    def settled(self) -> int:
        return self._count("SELECT count(*) FROM enrolments")

    def opened(self) -> int:
        return self._count(
            """SELECT count(*) FROM orders JOIN enrolments ON enrolments.order_id = orders.id
               WHERE orders.status = 'paid'"""
        )

    def _capture(self, number: int) -> bytes:
        name, body = self.load.event_id(number), self.load.webhook_body(number)
        request: bytes = self.load.http_bytes(
            "POST", "/webhooks/sandbox", self.load.webhook_headers(name, int(time.time()), body), body
        )
        return request

    @contextmanager
    def _process(self, which: str) -> Iterator[subprocess.Popen[bytes]]:
        environment = os.environ | self._peers.stack.settings() | self._commands.get("env", {})
        with (
            (self._folder / f"{which}.log").open("wb") as log,
            process(
                self._commands[which],
                core=API_CORE,
                environment=environment | {"PORT": str(self._port)},
                log=log,
                folder=self._folder,
            ) as running,
        ):
            yield running

    def _count(self, statement: str) -> int:
        with psycopg.connect(self._peers.database_url) as connection:
            row = connection.execute(statement).fetchone()
        assert row is not None
        return int(row[0])
