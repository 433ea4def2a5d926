"""The database as pg_dump and pg_restore see it: one snapshot out, one transaction in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from entrypoints.backup.errors import NotEmpty, ProgramFailed
from entrypoints.embedded import wheels
from entrypoints.embedded.environment import server_environment
from entrypoints.embedded.errors import ProgramMissing


def dump(url: str, file: Path) -> None:
    """Write a snapshot of the database, taken at one moment while others go on working.

    Raises:
        ProgramFailed
    """
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def load(url: str, file: Path) -> None:
    """Fill an empty database by one transaction: it is there as a whole, or still empty.

    Raises:
        ProgramFailed
    """
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", url, *options, str(file))


def require_empty(url: str) -> None:
    """Raises NotEmpty unless the database holds no table and no schema of anybody."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """SELECT nspname FROM pg_namespace
               WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
               UNION ALL
               SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"""
        ).fetchall()
    if found:
        names = ", ".join(sorted(name for (name,) in found)[:5])
        raise NotEmpty(f"the database is not empty ({names}, …): restore into a new one")


def _run(name: str, url: str, *arguments: str) -> None:
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    # Not on the command line, which everybody on the machine can read.
    password = {"PGPASSWORD": parts.pop("password")} if "password" in parts else {}
    command = [_program(name), f"--dbname={make_conninfo(**parts)}", *arguments]
    try:
        subprocess.run(  # noqa: S603 - argv without a shell
            command,
            env={**server_environment(os.environ), **password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise ProgramFailed(f"{name} failed: {error.stderr.strip()}") from error


def _program(name: str) -> str:
    try:
        return str(wheels.postgres_prefix() / "bin" / name)
    except ProgramMissing:
        found = shutil.which(name)
    if found is None:
        raise ProgramFailed(f"{name} is not installed: it comes with PostgreSQL's client programs, version 18 or later")
    return found
