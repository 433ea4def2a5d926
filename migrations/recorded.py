"""What a migration would say to PostgreSQL, without a PostgreSQL: its statements in order.

A migration that looks at rows finds none, so that what it does with each is not seen: that it looks is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

# Numbered parameters are PostgreSQL's own, and so its grammar reads them.
_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    in_transaction: bool
    """Of the migration; outside of it, in an `autocommit_block`, each statement is a transaction by itself."""


def statements(migration: ModuleType) -> list[Statement]:
    """What its `upgrade` executes."""
    recorder = _Recorder()
    context = MigrationContext(_DIALECT, cast(Connection, recorder), {})
    with Operations.context(context):
        migration.upgrade()
    return recorder.statements


class _Recorder:
    """As much of a connection as migrations use."""

    dialect = _DIALECT

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._autocommit = False

    def execute(self, construct: Any, parameters: Any = None) -> _NoRows:
        del parameters
        self.statements.append(Statement(str(construct.compile(dialect=_DIALECT)), not self._autocommit))
        return _NoRows()

    def execution_options(self, *, isolation_level: str) -> _Recorder:
        self._autocommit = isolation_level == "AUTOCOMMIT"
        return self

    def get_isolation_level(self) -> str:
        return "READ COMMITTED"

    def in_transaction(self) -> bool:
        return False

    def begin(self) -> _NoTransaction:
        return _NoTransaction()


class _NoRows:
    rowcount = 0

    def all(self) -> list[Any]:
        return []

    def scalars(self) -> _NoRows:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())


class _NoTransaction:
    def commit(self) -> None:
        """There is nothing to commit."""
