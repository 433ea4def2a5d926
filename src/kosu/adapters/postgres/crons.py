"""Crons in PostgreSQL: the leader's session holds an advisory lock, and what was claimed stands in `messaging.crons`.

Claims go through the session that holds the lock, so that who has lost the one cannot make the other. It has to be a
session of its own: a pooler in between must not share it among clients.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg import AsyncConnection

from kosu.ports.unit_of_work import DatabaseUnavailable
from kosu.settings import PostgresSettings

# A leader that was stopped, or whose network was cut, holds its lock for so long; it speaks once a second.
PATIENCE_SECONDS = 15
STATEMENT_SECONDS = 5


class PostgresCrons:
    def __init__(self, settings: PostgresSettings, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._url = settings.url
        self._patience_ms = int(patience_seconds * 1000)

    @asynccontextmanager
    async def candidate(self) -> AsyncIterator[PostgresCandidate]:
        # The server itself ends the session of whoever is silent: nobody has to guess whether a leader still lives.
        options = (
            f"-c idle_session_timeout={self._patience_ms} -c statement_timeout={STATEMENT_SECONDS * 1000} "
            "-c timezone=UTC -c application_name=kosu-scheduler"
        )
        try:
            connection = await AsyncConnection.connect(
                str.__str__(self._url), autocommit=True, connect_timeout=5, options=options
            )
        except (psycopg.OperationalError, OSError) as error:
            raise DatabaseUnavailable(str(error)) from error
        async with connection:
            yield PostgresCandidate(connection)


class PostgresCandidate:
    def __init__(self, connection: AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection

    async def elected(self) -> bool:
        # Who holds the lock gets it again; it goes with the session in any case.
        ((leads,),) = await self._fetch("SELECT pg_try_advisory_lock(hashtext('kosu scheduler'))")
        return bool(leads)

    async def now(self) -> datetime:
        ((now,),) = await self._fetch("SELECT clock_timestamp()")
        at: datetime = now
        return at

    async def claim(self, slots: Mapping[str, datetime]) -> Sequence[str]:
        rows = await self._fetch(
            """INSERT INTO messaging.crons AS held (name, slot)
               SELECT name, slot FROM unnest(%(names)s::text[], %(slots)s::timestamptz[]) AS due (name, slot)
               ON CONFLICT (name) DO UPDATE SET slot = excluded.slot WHERE held.slot < excluded.slot
               RETURNING name""",
            {"names": list(slots), "slots": list(slots.values())},
        )
        return sorted(name for (name,) in rows)

    async def give_back(self, name: str, slot: datetime) -> None:
        await self._fetch(
            """UPDATE messaging.crons SET slot = slot - interval '1 microsecond'
               WHERE name = %(name)s AND slot = %(slot)s RETURNING name""",
            {"name": name, "slot": slot},
        )

    async def _fetch(
        self, statement: LiteralString, values: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        try:
            async with asyncio.timeout(STATEMENT_SECONDS):
                cursor = await self._connection.execute(statement, values)
                return await cursor.fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
            raise DatabaseUnavailable(str(error) or "too slow") from error
