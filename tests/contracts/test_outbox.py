"""The outbox: written with the transaction or not at all, delivered at least once, and by one worker at a time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from kosu import cause
from kosu.adapters.memory.database import MemoryRecords
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.cause import Cause
from kosu.ports.messages import Event, Job, name_of
from kosu.ports.outbox import RING_INTERVAL, Backlog
from kosu.ports.queue import Bell
from kosu.ports.unit_of_work import Transaction
from tests.support.databases import Database, InPostgres

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SomethingHappened(Event):
    thing_id: UUID


@dataclass(frozen=True, slots=True)
class DoSomethingLong(Job):
    queue = "media"


def transaction(db: Database) -> Transaction[Any]:
    return db.transaction(MemoryRecords, PostgresRecords)


async def written(db: Database) -> Bell:
    """One message, written and rung for."""
    async with transaction(db)() as records:
        await records.outbox.add(SomethingHappened(uuid4()))
    (bell,) = db.queue.take()
    assert isinstance(bell, Bell)
    return bell


async def test_messages_are_rung_for_after_the_commit_on_their_queues(db: Database) -> None:
    async with transaction(db)() as records:
        await records.outbox.add(SomethingHappened(uuid4()), DoSomethingLong())
        assert db.queue.take() == []
    assert [bell.queue for bell in db.queue.take() if isinstance(bell, Bell)] == ["default", "media"]


async def test_a_rolled_back_message_never_was(db: Database) -> None:
    with suppress(ZeroDivisionError):
        async with transaction(db)() as records:
            await records.outbox.add(SomethingHappened(uuid4()))
            raise ZeroDivisionError
    assert db.queue.take() == []
    assert await db.outbox_log.due(at=db.clock.now() + timedelta(days=1), limit=10) == []


async def test_a_message_carries_what_caused_it(db: Database) -> None:
    for caused in (None, Cause("r-1"), Cause("r-2", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")):
        token = cause.current.set(caused)
        try:
            bell = await written(db)
        finally:
            cause.current.reset(token)
        message = await db.outbox_log.claim(bell.message_id, at=db.clock.now(), lease=LEASE)
        assert message is not None
        assert message.cause == caused


async def test_a_message_arrives_as_it_was_written(db: Database) -> None:
    thing = uuid4()
    async with transaction(db)() as records:
        await records.outbox.add(SomethingHappened(thing))
    (bell,) = db.queue.take()
    assert isinstance(bell, Bell)
    message = await db.outbox_log.claim(bell.message_id, at=db.clock.now(), lease=LEASE)
    assert message is not None
    assert (message.name, dict(message.payload), message.attempt) == (
        name_of(SomethingHappened),
        {"thing_id": str(thing)},
        1,
    )


async def test_a_lost_ring_is_due_later(db: Database) -> None:
    db.queue.available = False
    async with transaction(db)() as records:
        await records.outbox.add(SomethingHappened(uuid4()))
    at = db.clock.now()
    assert await db.outbox_log.due(at=at + RING_INTERVAL - timedelta(seconds=1), limit=10) == []
    assert len(await db.outbox_log.due(at=at + RING_INTERVAL, limit=10)) == 1
    assert await db.outbox_log.due(at=at + RING_INTERVAL, limit=10) == []  # rung, and not again so soon


async def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(db: Database) -> None:
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    assert await log.claim(bell.message_id, at=at, lease=LEASE)
    assert await log.claim(bell.message_id, at=at + LEASE - timedelta(seconds=1), lease=LEASE) is None
    again = await log.claim(bell.message_id, at=at + LEASE, lease=LEASE)
    assert again is not None
    assert again.attempt == 2


async def test_a_renewed_lease_holds_longer(db: Database) -> None:
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    assert await log.claim(bell.message_id, at=at, lease=LEASE)
    assert await log.renew(bell.message_id, attempt=1, until=at + 2 * LEASE)
    assert await log.claim(bell.message_id, at=at + LEASE, lease=LEASE) is None


async def test_a_delivered_message_is_over(db: Database) -> None:
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    await log.claim(bell.message_id, at=at, lease=LEASE)
    await log.delivered(bell.message_id, attempt=1, at=at)
    assert await log.claim(bell.message_id, at=at + timedelta(days=9), lease=LEASE) is None
    assert await log.due(at=at + timedelta(days=9), limit=10) == []


async def test_a_failed_message_comes_back_at_its_time(db: Database) -> None:
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    await log.claim(bell.message_id, at=at, lease=LEASE)
    await log.failed(bell.message_id, attempt=1, error="away", retry_at=at + timedelta(minutes=5))
    assert await log.due(at=at + timedelta(minutes=4), limit=10) == []
    assert await log.due(at=at + timedelta(minutes=5), limit=10) == [bell]


async def test_a_dead_message_stays_dead(db: Database) -> None:
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    await log.claim(bell.message_id, at=at, lease=LEASE)
    await log.failed(bell.message_id, attempt=1, error="poison", retry_at=None)
    assert await log.due(at=at + timedelta(days=9), limit=10) == []
    assert await log.claim(bell.message_id, at=at + timedelta(days=9), lease=LEASE) is None


async def test_a_late_worker_cannot_speak_for_its_successor(db: Database) -> None:
    """The first worker was away for longer than its lease; what it then reports must not end the second attempt."""
    bell, at, log = await written(db), db.clock.now(), db.outbox_log
    await log.claim(bell.message_id, at=at, lease=LEASE)
    await log.claim(bell.message_id, at=at + LEASE, lease=LEASE)
    assert not await log.renew(bell.message_id, attempt=1, until=at + 5 * LEASE)
    await log.delivered(bell.message_id, attempt=1, at=at + LEASE)
    await log.failed(bell.message_id, attempt=1, error="late", retry_at=None)
    third = await log.claim(bell.message_id, at=at + 2 * LEASE, lease=LEASE)
    assert third is not None
    assert third.attempt == 3


async def test_due_messages_come_oldest_first_and_in_batches(db: Database) -> None:
    bells = []
    for _ in range(3):
        bells.append(await written(db))
        db.clock.advance(seconds=1)
    at = db.clock.now() + RING_INTERVAL
    assert await db.outbox_log.due(at=at, limit=2) == bells[:2]
    assert await db.outbox_log.due(at=at, limit=2) == bells[2:]


async def test_twenty_workers_and_one_message(postgres: InPostgres) -> None:
    bell, at = await written(postgres), postgres.clock.now()
    claims = await asyncio.gather(*(postgres.outbox_log.claim(bell.message_id, at=at, lease=LEASE) for _ in range(20)))
    assert sum(claim is not None for claim in claims) == 1


async def test_a_joined_transaction_commits_and_rolls_back_as_one(db: Database) -> None:
    outer = transaction(db)
    with suppress(ZeroDivisionError):
        async with outer() as records:
            await outer.join(records).outbox.add(SomethingHappened(uuid4()))
            raise ZeroDivisionError
    assert db.queue.take() == []
    async with outer() as records:
        await outer.join(records).outbox.add(SomethingHappened(uuid4()))
    assert len(db.queue.take()) == 1


async def test_backlogs_tell_what_waits_and_what_was_given_up(db: Database) -> None:
    first_written = db.clock.now()
    waiting, dead, delivered = [(await written(db)).message_id for _ in range(3)]
    db.clock.advance(LEASE)
    async with transaction(db)() as records:
        await records.outbox.add(DoSomethingLong())
    for message_id in (dead, delivered):
        await db.outbox_log.claim(message_id, at=db.clock.now(), lease=LEASE)
    await db.outbox_log.failed(dead, attempt=1, error="boom", retry_at=None)
    await db.outbox_log.delivered(delivered, attempt=1, at=db.clock.now())

    assert await db.outbox_log.backlogs() == [
        Backlog("default", waiting=1, oldest_at=first_written, dead=1),
        Backlog("media", waiting=1, oldest_at=db.clock.now(), dead=0),
    ]
    await db.outbox_log.claim(waiting, at=db.clock.now(), lease=LEASE)
    assert (await db.outbox_log.backlogs())[0].waiting == 1, "what a worker holds is not delivered"
