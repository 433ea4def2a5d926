"""The outbox in memory: rows in the MemoryDatabase's table `messaging.outbox`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import msgspec

from kosu import cause
from kosu.cause import Cause
from kosu.ids import MessageId
from kosu.ports.broadcasts import Broadcast
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.messages import Event, Message, name_of
from kosu.ports.outbox import RING_INTERVAL, Backlog, ClaimedMessage
from kosu.ports.queue import Bell

if TYPE_CHECKING:
    from kosu.adapters.memory.database import MemoryDatabase


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: MessageId
    queue: str
    name: str
    payload: Mapping[str, object]
    created_at: datetime
    next_attempt_at: datetime | None
    attempt: int = 0
    leased_until: datetime | None = None
    error: str | None = None
    delivered_at: datetime | None = None
    cause: Cause | None = None


class MemoryOutbox:
    """Gathers the messages of one transaction; `rows` joins the table when it commits."""

    def __init__(self, clock: Clock, ids: IdSource) -> None:
        self._clock = clock
        self._ids = ids
        self.rows: dict[MessageId, OutboxRow] = {}
        self.broadcasts: list[Broadcast] = []

    async def add(self, *messages: Message) -> None:
        for message in messages:
            message_id = MessageId(self._ids.new())
            self.rows[message_id] = OutboxRow(
                id=message_id,
                queue=message.queue,
                name=name_of(type(message)),
                payload=msgspec.to_builtins(message),
                created_at=self._clock.now(),
                next_attempt_at=self._clock.now() + RING_INTERVAL,
                cause=cause.current.get(),
            )
            if isinstance(message, Event) and message.broadcast:
                self.broadcasts.append(Broadcast(name_of(type(message)), msgspec.to_builtins(message)))

    def bells(self) -> Sequence[Bell]:
        return [Bell(message_id=row.id, queue=row.queue) for row in self.rows.values()]


class MemoryOutboxLog:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def claim(self, message_id: MessageId, *, at: datetime, lease: timedelta) -> ClaimedMessage | None:
        row = self._rows().get(message_id)
        if row is None or row.next_attempt_at is None or (row.leased_until is not None and row.leased_until > at):
            return None
        row = replace(row, attempt=row.attempt + 1, leased_until=at + lease, next_attempt_at=at + lease)
        self._rows()[message_id] = row
        return ClaimedMessage(id=row.id, name=row.name, payload=row.payload, attempt=row.attempt, cause=row.cause)

    async def renew(self, message_id: MessageId, *, attempt: int, until: datetime) -> bool:
        return self._update(message_id, attempt, leased_until=until, next_attempt_at=until)

    async def delivered(self, message_id: MessageId, *, attempt: int, at: datetime) -> None:
        self._update(message_id, attempt, delivered_at=at, next_attempt_at=None, leased_until=None, error=None)

    async def failed(self, message_id: MessageId, *, attempt: int, error: str, retry_at: datetime | None) -> None:
        self._update(message_id, attempt, error=error, next_attempt_at=retry_at, leased_until=None)

    async def due(self, *, at: datetime, limit: int) -> Sequence[Bell]:
        rows = sorted(
            (row for row in self._rows().values() if row.next_attempt_at is not None and row.next_attempt_at <= at),
            key=lambda row: (cast(datetime, row.next_attempt_at), row.id),
        )[:limit]
        for row in rows:
            self._rows()[row.id] = replace(row, next_attempt_at=at + RING_INTERVAL)
        return [Bell(message_id=row.id, queue=row.queue) for row in rows]

    async def backlogs(self) -> Sequence[Backlog]:
        queues: dict[str, list[OutboxRow]] = {}
        for row in self._rows().values():
            if row.delivered_at is None:
                queues.setdefault(row.queue, []).append(row)
        return [_backlog(queue, rows) for queue, rows in sorted(queues.items())]

    async def ping(self) -> None:
        self._rows()

    def _rows(self) -> dict[MessageId, OutboxRow]:
        self._database.table("messaging.outbox")  # raises while the database is away
        return self._database.tables.setdefault("messaging.outbox", {})

    def _update(self, message_id: MessageId, attempt: int, **changes: object) -> bool:
        row = self._rows().get(message_id)
        if row is None or row.attempt != attempt or row.next_attempt_at is None:
            return False
        self._rows()[message_id] = replace(row, **changes)  # type: ignore[arg-type]  # names are this module's own
        return True


def _backlog(queue: str, rows: Sequence[OutboxRow]) -> Backlog:
    waiting = [row.created_at for row in rows if row.next_attempt_at is not None]
    return Backlog(queue, len(waiting), min(waiting, default=None), len(rows) - len(waiting))
