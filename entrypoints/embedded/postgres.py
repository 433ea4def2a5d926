"""PostgreSQL 18 from a wheel, as a direct child: no `pg_ctl`, no TCP port, only a socket in our own folder."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from entrypoints.embedded import wheels
from entrypoints.embedded.child import Child, Command, Pause, run, wait_until_ready
from entrypoints.embedded.errors import HomeUnusable
from entrypoints.embedded.identity import Identity, unprivileged_identity
from entrypoints.embedded.installation import reachable, reachable_prefix

USER = "kosu"
DATABASE = "kosu"
_PORT = 5432
"""Only part of the socket's name: nothing listens on TCP."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database cluster in the folder `data`, reached by a socket in `sockets`; `prefix` is the installation."""

    data: Path
    sockets: Path
    logs: Path
    prefix: Path
    identity: Identity

    @classmethod
    def in_folders(cls, *, data: Path, sockets: Path, logs: Path) -> PostgresServer:
        """A server as whom it can run on this machine, with its files owned and reachable accordingly.

        Raises:
            ProgramMissing
            HomeUnusable: it has to run as `nobody`, who cannot reach `data`.
        """
        identity = unprivileged_identity()
        server = cls(data=data, sockets=sockets, logs=logs, prefix=wheels.postgres_prefix(), identity=identity)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if identity.uid is not None:
            server = replace(server, prefix=reachable_prefix(server.prefix))
            if not reachable(data.parent):
                raise HomeUnusable(
                    f"{data} is out of reach of the user nobody, as whom PostgreSQL must run here: use another --home"
                )
        if os.geteuid() == 0:
            server._give_files_to_owner()
        return server

    def url(self, database: str) -> str:
        """libpq URL of one of its databases."""
        return database_url(self.sockets, database)

    def initialise(self, environment: Mapping[str, str], *, pause: Pause = time.sleep) -> bool:
        """Create the cluster, unless it is there; answers whether it was created.

        A cluster whose creation was interrupted is created anew: nobody has ever used it.

        Raises:
            ChildFailed
        """
        unfinished = self.logs / "initdb.unfinished"
        if (self.data / "PG_VERSION").exists() and not unfinished.exists():
            return False
        unfinished.touch()
        for leftover in self.data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        options = "--auth=trust --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-sync"
        argv = (
            str(self.prefix / "bin/initdb"),
            "-D",
            str(self.data),
            "-U",
            USER,
            *options.split(),
            "--no-instructions",
        )
        run(self._command("initdb", argv, environment), timeout_seconds=120, pause=pause)
        unfinished.unlink()
        return True

    def command(
        self,
        environment: Mapping[str, str],
        *,
        options: Mapping[str, str] | None = None,
        inherited: tuple[int, ...] = (),
    ) -> Command:
        """What runs the server. `options` are PostgreSQL's own, beside ours."""
        settings = {
            "listen_addresses": "",
            "port": str(_PORT),
            "unix_socket_directories": str(self.sockets),
            "max_connections": "200",
            "log_min_messages": "warning",
            # Without the statements and the rows at fault: their values are people's.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "timezone": "UTC",
            **(options or {}),
        }
        arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        argv = (str(self.prefix / "bin/postgres"), "-D", str(self.data), *arguments)
        # SIGINT is the fast shutdown: open transactions are rolled back, and the data is written down.
        command = self._command("postgres", argv, environment)
        return replace(command, stop_signal=signal.SIGINT, grace_seconds=30, inherited=inherited)

    def wait_until_ready(self, child: Child, *, pause: Pause = time.sleep) -> None:
        """Raises ChildFailed. Crash recovery of a large database may take a while, and counts as not ready."""
        wait_until_ready(child, self._answers, timeout_seconds=60, pause=pause)

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create a database as a copy of another, to which nobody may be connected.

        Raises:
            psycopg.errors.DuplicateDatabase
        """
        # Copying files beats copying through the write-ahead log, for small databases by two to one.
        statement = sql.SQL("create database {} template {} strategy file_copy")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the connections to it; no error when there is none."""
        self._execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def has_database(self, name: str) -> bool:
        with psycopg.connect(self.url("postgres")) as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        return found is not None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _command(self, name: str, argv: tuple[str, ...], environment: Mapping[str, str]) -> Command:
        log = self.logs / f"{name}.log"
        return Command(name=name, argv=argv, environment=environment, log=log, identity=self.identity)

    def _give_files_to_owner(self) -> None:
        # Root may start the stack today by another identity than yesterday.
        for folder in (self.data, self.sockets):
            if folder.stat().st_uid != self.identity.owner:
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, self.identity.owner, -1, follow_symlinks=False)


def database_url(sockets: Path, database: str) -> str:
    """libpq URL of a database of the server that listens in the folder `sockets`."""
    return f"postgresql://{USER}@/{database}?host={quote(str(sockets))}&port={_PORT}"
