"""Tables in memory with real transactions: serial, atomic, rolled back on an exception."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ports.broadcasts import Broadcast
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.outbox import ring_after_commit
from kosu.ports.queue import Queue
from kosu.ports.unit_of_work import DatabaseUnavailable, OpenTransaction

Table = dict[Any, Any]


class MemoryDatabase:
    """Named tables of frozen values. One transaction at a time, as if every transaction were serialisable."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.available = True
        self.lock = asyncio.Lock()
        self.listeners: list[asyncio.Queue[Broadcast]] = []

    def table(self, name: str) -> Table:
        """The committed rows of a table, for reads outside of a transaction; do not write to it."""
        if not self.available:
            msg = "the database is away"
            raise DatabaseUnavailable(msg)
        return self.tables.get(name, {})


class Workspace:
    """What an open transaction sees: copies of the tables that it touched."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self.touched: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        # Values are frozen, so a shallow copy isolates.
        if name not in self.touched:
            self.touched[name] = dict(self._database.table(name))
        return self.touched[name]


class MemoryRecords:
    """Base of every module's records in memory."""

    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        self.workspace = workspace
        self.outbox = outbox


R = TypeVar("R", bound=MemoryRecords)


class MemoryTransaction(Generic[R]):
    """`kosu.ports.unit_of_work.Transaction` over a MemoryDatabase; `records` is the module's records class."""

    def __init__(
        self,
        database: MemoryDatabase,
        queue: Queue,
        clock: Clock,
        ids: IdSource,
        records: Callable[[Workspace, MemoryOutbox], R],
    ) -> None:
        self._database = database
        self._queue = queue
        self._clock = clock
        self._ids = ids
        self._records = records

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[R]:
        if not self._database.available:
            msg = "the database is away"
            raise DatabaseUnavailable(msg)
        async with self._database.lock:
            workspace = Workspace(self._database)
            outbox = MemoryOutbox(self._clock, self._ids)
            yield self._records(workspace, outbox)
            self._database.tables.update(workspace.touched)
            # Added, not replaced: deliveries are marked outside of transactions and may have gone on meanwhile.
            self._database.tables.setdefault("messaging.outbox", {}).update(outbox.rows)
            for broadcast in outbox.broadcasts:
                for listener in self._database.listeners:
                    listener.put_nowait(broadcast)
        await ring_after_commit(self._queue, outbox.bells())

    def join(self, open_transaction: OpenTransaction) -> R:
        if not isinstance(open_transaction, MemoryRecords):
            msg = "a transaction of another database cannot be joined"
            raise TypeError(msg)
        return self._records(open_transaction.workspace, open_transaction.outbox)
