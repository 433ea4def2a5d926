"""Brings a database to the newest migration, and skips Alembic, a second of imports, where it is there already."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_ASSIGNMENT = re.compile(r"""^(revision|down_revision)\b[^=]*=\s*["']([^"']+)["']""", re.MULTILINE)


def upgrade(url: str) -> bool:
    """Run all migrations that are missing from the database at `url`; answers whether there were any.

    Safe to call by several processes at once: they take turns.

    Raises:
        psycopg.OperationalError: the database cannot be reached.
    """
    if is_current(url):
        return False
    from alembic import command  # noqa: PLC0415 - seldom needed and slow to import

    with psycopg.connect(url, autocommit=True) as connection:
        while not _is_our_turn(connection):
            time.sleep(0.2)
        command.upgrade(_configuration(url), "head")
    return True


def _is_our_turn(connection: psycopg.Connection) -> bool:
    # Asked again and again: whoever waited inside of a statement would itself be waited for by the other's CREATE INDEX
    # CONCURRENTLY, for ever.
    row = connection.execute("select pg_try_advisory_lock(hashtext('kosu migrations'))").fetchone()
    return row is not None and bool(row[0])


def is_current(url: str) -> bool:
    """Whether the newest revision is the one that the database is at."""
    with psycopg.connect(url) as connection:
        return current_revision(connection) == newest_revision()


def current_revision(connection: psycopg.Connection) -> str | None:
    """The revision that a database is at; None before the first."""
    table = connection.execute("select to_regclass('public.alembic_version')").fetchone()
    if table is None or table[0] is None:
        return None
    row = connection.execute("select version_num from public.alembic_version").fetchone()
    return str(row[0]) if row else None


def revisions(folder: Path = MIGRATIONS / "versions") -> dict[str, str | None]:
    """All revisions that this release knows, each with the one that it follows, read without importing the files."""
    assigned = [dict(_ASSIGNMENT.findall(file.read_text(encoding="utf-8"))) for file in folder.glob("*.py")]
    return {found["revision"]: found.get("down_revision") for found in assigned if "revision" in found}


def newest_revision(folder: Path = MIGRATIONS / "versions") -> str | None:
    """The one revision that no other follows; None where there is none.

    Raises:
        ValueError: the revisions do not end in exactly one.
    """
    known = revisions(folder)
    heads = sorted(set(known) - set(known.values()))
    if len(heads) > 1:
        raise ValueError(f"several revisions are the newest: {', '.join(heads)}; rebase one onto the other")
    return heads[0] if heads else None


def write_revision(url: str, message: str) -> None:
    """Write a new migration file: what the tables in the code have beyond those of the database at `url`."""
    from alembic import command  # noqa: PLC0415 - seldom needed and slow to import

    command.revision(_configuration(url), message=message, autogenerate=True)


def _configuration(url: str) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - seldom needed and slow to import

    root = MIGRATIONS.parent
    config = Config(toml_file=root / "pyproject.toml")
    config.attributes["url"] = url
    return config
