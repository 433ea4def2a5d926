"""Transactions over SQLAlchemy sessions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.connections import Sessions, database_errors
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.messages import Event
from kosu.ports.outbox import ring_after_commit
from kosu.ports.queue import Queue
from kosu.ports.unit_of_work import OpenTransaction


class PostgresRecords:
    """Base of every module's records: the open session and the outbox that belongs to it."""

    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        self.session = session
        self.outbox = outbox


R = TypeVar("R", bound=PostgresRecords)


class PostgresTransaction(Generic[R]):
    """`kosu.ports.unit_of_work.Transaction` at READ COMMITTED; `records` is the module's records class.

    `told` hears of the broadcasts of a transaction as soon as it is committed.
    """

    def __init__(
        self,
        sessions: Sessions,
        queue: Queue,
        clock: Clock,
        ids: IdSource,
        records: Callable[[AsyncSession, PostgresOutbox], R],
        *,
        told: Callable[[Sequence[Event]], None] = lambda _: None,
    ) -> None:
        self._sessions = sessions
        self._queue = queue
        self._clock = clock
        self._ids = ids
        self._records = records
        self._told = told

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[R]:
        async with database_errors(), self._sessions.begin() as session:
            outbox = PostgresOutbox(session, self._clock, self._ids)
            yield self._records(session, outbox)
            await outbox.flush()
        self._told(outbox.broadcasts)
        await ring_after_commit(self._queue, outbox.bells)

    def join(self, open_transaction: OpenTransaction) -> R:
        if not isinstance(open_transaction, PostgresRecords):
            msg = "a transaction of another database cannot be joined"
            raise TypeError(msg)
        return self._records(open_transaction.session, open_transaction.outbox)
