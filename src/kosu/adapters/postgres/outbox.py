"""The outbox in PostgreSQL: `messaging.outbox`, written in the transaction and worked through by short statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Index, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from kosu import cause
from kosu.adapters.postgres.broadcasts import CHANNEL
from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import Row
from kosu.cause import Cause
from kosu.ids import MessageId
from kosu.ports.broadcasts import Broadcast
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.messages import Event, Message, name_of
from kosu.ports.outbox import RING_INTERVAL, Backlog, ClaimedMessage
from kosu.ports.queue import Bell


class OutboxRow(Row):
    """`next_attempt_at` is null once the message is delivered or dead; `attempt` fences late workers out."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("ix_outbox_undelivered", "queue", postgresql_where=text("delivered_at IS NULL")),
        {"schema": "messaging"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    queue: Mapped[str]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    attempt: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    error: Mapped[str | None]
    cause: Mapped[dict[str, Any] | None]


class PostgresOutbox:
    def __init__(self, session: AsyncSession, clock: Clock, ids: IdSource) -> None:
        self._session = session
        self._clock = clock
        self._ids = ids
        self.bells: list[Bell] = []
        self.broadcasts: list[Event] = []
        self._messages: list[Message] = []

    async def add(self, *messages: Message) -> None:
        self._messages += messages

    async def flush(self) -> None:
        """Write all messages of the transaction, just before it commits."""
        messages, self._messages = self._messages, []
        at = self._clock.now()
        bells = [Bell(message_id=MessageId(self._ids.new()), queue=message.queue) for message in messages]
        if bells:
            await execute(
                self._session,
                """INSERT INTO messaging.outbox (id, queue, name, payload, created_at, next_attempt_at, cause)
                   SELECT id, queue, name, payload, %(at)s, %(next_attempt_at)s, %(cause)s::jsonb
                   FROM unnest(%(ids)s::uuid[], %(queues)s::text[], %(names)s::text[], %(payloads)s::jsonb[])
                        AS new (id, queue, name, payload)""",
                {
                    "at": at,
                    "next_attempt_at": at + RING_INTERVAL,
                    "cause": _written(cause.current.get()),
                    "ids": [bell.message_id for bell in bells],
                    "queues": [bell.queue for bell in bells],
                    "names": [name_of(type(message)) for message in messages],
                    "payloads": [msgspec.json.encode(message).decode() for message in messages],
                },
            )
            self.bells += bells
        for message in messages:
            if isinstance(message, Event) and message.broadcast:
                broadcast = Broadcast(name_of(type(message)), msgspec.to_builtins(message))
                # Sent by the server when the transaction commits, and never if it rolls back.
                await execute(
                    self._session,
                    "SELECT pg_notify(%(channel)s, %(payload)s)",
                    {"channel": CHANNEL, "payload": msgspec.json.encode(broadcast).decode()},
                )
                self.broadcasts.append(message)


class PostgresOutboxLog:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(self, message_id: MessageId, *, at: datetime, lease: timedelta) -> ClaimedMessage | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """UPDATE messaging.outbox
                   SET attempt = attempt + 1, leased_until = %(until)s, next_attempt_at = %(until)s
                   WHERE id = %(id)s AND next_attempt_at IS NOT NULL
                     AND (leased_until IS NULL OR leased_until <= %(at)s)
                   RETURNING name, payload, attempt, cause""",
                {"id": message_id, "at": at, "until": at + lease},
            )
            row = await cursor.fetchone()
        if row is None:
            return None
        return ClaimedMessage(
            id=message_id,
            name=row[0],
            payload=row[1],
            attempt=row[2],
            cause=None if row[3] is None else msgspec.convert(row[3], Cause),
        )

    async def renew(self, message_id: MessageId, *, attempt: int, until: datetime) -> bool:
        return await self._update(
            "leased_until = %(until)s, next_attempt_at = %(until)s", message_id, attempt, {"until": until}
        )

    async def delivered(self, message_id: MessageId, *, attempt: int, at: datetime) -> None:
        await self._update(
            "delivered_at = %(at)s, next_attempt_at = NULL, leased_until = NULL, error = NULL",
            message_id,
            attempt,
            {"at": at},
        )

    async def failed(self, message_id: MessageId, *, attempt: int, error: str, retry_at: datetime | None) -> None:
        await self._update(
            "error = %(error)s, next_attempt_at = %(retry_at)s, leased_until = NULL",
            message_id,
            attempt,
            {"error": error, "retry_at": retry_at},
        )

    async def due(self, *, at: datetime, limit: int) -> Sequence[Bell]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """UPDATE messaging.outbox SET next_attempt_at = %(later)s
                   WHERE id IN (SELECT id FROM messaging.outbox WHERE next_attempt_at <= %(at)s
                                ORDER BY next_attempt_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
                   RETURNING id, queue""",
                {"at": at, "later": at + RING_INTERVAL, "limit": limit},
            )
            rows = await cursor.fetchall()
        return [Bell(message_id=MessageId(row[0]), queue=row[1]) for row in sorted(rows)]

    async def backlogs(self) -> Sequence[Backlog]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT queue, count(next_attempt_at), min(created_at) FILTER (WHERE next_attempt_at IS NOT NULL),
                          count(*) FILTER (WHERE next_attempt_at IS NULL)
                   FROM messaging.outbox WHERE delivered_at IS NULL GROUP BY queue ORDER BY queue"""
            )
            return [Backlog(*row) for row in await cursor.fetchall()]

    async def ping(self) -> None:
        async with connection(self._pool) as conn:
            await conn.execute("SELECT 1")

    async def _update(self, changes: str, message_id: MessageId, attempt: int, values: dict[str, object]) -> bool:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                f"UPDATE messaging.outbox SET {changes} "  # noqa: S608 - `changes` is a literal of this class
                "WHERE id = %(id)s AND attempt = %(attempt)s AND next_attempt_at IS NOT NULL",
                {"id": message_id, "attempt": attempt, **values},
            )
        return cursor.rowcount == 1


def _written(caused: Cause | None) -> str | None:
    return None if caused is None else msgspec.json.encode(caused).decode()
