"""Broadcasts: told with the commit, to everybody who listens, and to nobody if there is none."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from kosu.adapters.memory.broadcasts import MemoryBroadcasts
from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords
from kosu.adapters.postgres.broadcasts import PostgresBroadcasts
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ports.broadcasts import Broadcast
from kosu.ports.messages import Event, name_of
from kosu.ports.unit_of_work import DatabaseUnavailable, Transaction
from kosu.settings import PostgresSettings, Secret
from tests.support.databases import Database, InPostgres


@dataclass(frozen=True, slots=True)
class EverybodyMustKnow(Event):
    broadcast: ClassVar[bool] = True

    thing_id: UUID
    reason: str = "한글 and 'quotes'"


@dataclass(frozen=True, slots=True)
class OnlyTheWorkerCares(Event):
    thing_id: UUID


def transaction(db: Database) -> Transaction[Any]:
    return db.transaction(MemoryRecords, PostgresRecords)


async def tell(db: Database, *events: Event) -> None:
    async with transaction(db)() as records:
        await records.outbox.add(*events)


def as_told(event: EverybodyMustKnow) -> Broadcast:
    return Broadcast(name_of(EverybodyMustKnow), {"thing_id": str(event.thing_id), "reason": event.reason})


async def test_everybody_who_listens_is_told_what_was_committed(db: Database) -> None:
    events = [EverybodyMustKnow(uuid4()) for _ in range(3)]
    async with db.broadcasts.listen() as one, db.broadcasts.listen() as other:
        await tell(db, events[0], OnlyTheWorkerCares(uuid4()), events[1])
        await tell(db, events[2])
        for heard in (one, other):
            async with asyncio.timeout(5):
                assert [await anext(heard) for _ in range(3)] == [as_told(event) for event in events]


async def test_what_was_rolled_back_is_told_to_nobody(db: Database) -> None:
    committed = EverybodyMustKnow(uuid4())
    async with db.broadcasts.listen() as heard:
        with suppress(ZeroDivisionError):
            async with transaction(db)() as records:
                await records.outbox.add(EverybodyMustKnow(uuid4()))
                raise ZeroDivisionError
        await tell(db, committed)
        async with asyncio.timeout(5):
            assert await anext(heard) == as_told(committed)


async def test_it_is_told_with_the_commit_and_not_before(db: Database) -> None:
    async with db.broadcasts.listen() as heard:
        waiting = asyncio.ensure_future(anext(heard))
        async with transaction(db)() as records:
            await records.outbox.add(EverybodyMustKnow(uuid4()))
            await asyncio.sleep(0.1)
            assert not waiting.done()
        async with asyncio.timeout(5):
            await waiting


async def test_what_was_told_before_is_not_repeated(db: Database) -> None:
    """Whoever begins to listen reads the present state instead."""
    late = EverybodyMustKnow(uuid4())
    await tell(db, EverybodyMustKnow(uuid4()))
    async with db.broadcasts.listen() as heard:
        await tell(db, late)
        async with asyncio.timeout(5):
            assert await anext(heard) == as_told(late)


async def test_a_lost_connection_is_said_as_such(postgres: InPostgres) -> None:
    """Silence would look like nothing having happened."""

    async def hear() -> None:
        async with asyncio.timeout(5), postgres.broadcasts.listen() as heard:
            async with postgres.pool.connection() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                )
            await anext(heard)

    with pytest.raises(DatabaseUnavailable):
        await hear()


async def test_a_database_that_is_away_is_said_as_such() -> None:
    away = MemoryDatabase()
    away.available = False
    nowhere = PostgresSettings(url=Secret("postgresql://kosu@127.0.0.1:1/kosu"))
    for broadcasts in (MemoryBroadcasts(away), PostgresBroadcasts(nowhere)):
        with pytest.raises(DatabaseUnavailable):
            async with broadcasts.listen():
                pass
