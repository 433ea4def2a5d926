"""A database in memory and a real one behind one face, so that one suite holds for both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from kosu.adapters.memory.broadcasts import MemoryBroadcasts
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.outbox import MemoryOutboxLog
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.postgres.broadcasts import PostgresBroadcasts
from kosu.adapters.postgres.connections import Pool, create_engine, create_pool, create_sessions
from kosu.adapters.postgres.outbox import PostgresOutboxLog
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.adapters.system import SystemIds
from kosu.ports.broadcasts import Broadcasts
from kosu.ports.outbox import OutboxLog
from kosu.ports.unit_of_work import Transaction
from kosu.settings import PostgresSettings, Secret

RecordsClass = Callable[..., Any]
QueriesClass = Callable[[Any], Any]


class Database(Protocol):
    """What a contract suite asks for; each method takes the memory class and the PostgreSQL class of one port."""

    name: str
    clock: MemoryClock
    queue: MemoryQueue
    outbox_log: OutboxLog
    broadcasts: Broadcasts

    def transaction(self, memory: RecordsClass, postgres: RecordsClass) -> Transaction[Any]: ...

    def queries(self, memory: QueriesClass, postgres: QueriesClass) -> Any: ...


class InMemory:
    name = "memory"

    def __init__(self) -> None:
        self.clock = MemoryClock()
        self.queue = MemoryQueue()
        self.database = MemoryDatabase()
        self.outbox_log: OutboxLog = MemoryOutboxLog(self.database)
        self.broadcasts: Broadcasts = MemoryBroadcasts(self.database)
        self._ids = SystemIds()

    def transaction(self, memory: RecordsClass, postgres: RecordsClass) -> Transaction[Any]:
        return MemoryTransaction(self.database, self.queue, self.clock, self._ids, memory)

    def queries(self, memory: QueriesClass, postgres: QueriesClass) -> Any:
        return memory(self.database)


class InPostgres:
    name = "postgres"

    def __init__(self, settings: PostgresSettings, pool: Pool) -> None:
        self.clock = MemoryClock()
        self.queue = MemoryQueue()
        self.pool = pool
        self.engine = create_engine(settings)
        self.outbox_log: OutboxLog = PostgresOutboxLog(pool)
        self.broadcasts: Broadcasts = PostgresBroadcasts(settings)
        self._sessions = create_sessions(self.engine)
        self._ids = SystemIds()

    def transaction(self, memory: RecordsClass, postgres: RecordsClass) -> Transaction[Any]:
        return PostgresTransaction(self._sessions, self.queue, self.clock, self._ids, postgres)

    def queries(self, memory: QueriesClass, postgres: QueriesClass) -> Any:
        return postgres(self.pool)


@asynccontextmanager
async def in_postgres(url: str) -> AsyncIterator[InPostgres]:
    """The migrated database at `url`, with enough connections for tests that race."""
    settings = PostgresSettings(url=Secret(url), pool_size=24, read_pool_size=24)
    async with AsyncExitStack() as stack:
        pool = create_pool(settings)
        await pool.open(wait=True)
        stack.push_async_callback(pool.close)
        database = InPostgres(settings, pool)
        stack.push_async_callback(database.engine.dispose)
        yield database
