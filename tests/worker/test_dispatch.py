"""Delivering messages: at least once, by one worker at a time, and with every failure written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest

from entrypoints.worker import dispatch
from entrypoints.worker.dispatch import FIRST_RETRY, LEASE, LONGEST_RETRY, MAX_ATTEMPTS, Dispatcher
from kosu.adapters.memory.clock import MemoryClock, MemoryIds
from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, MemoryTransaction
from kosu.adapters.memory.outbox import MemoryOutboxLog, OutboxRow
from kosu.adapters.memory.queue import MemoryQueue
from kosu.errors import Unavailable
from kosu.ids import MessageId
from kosu.ports.messages import Event, Job, name_of
from kosu.ports.queue import Bell, QueueUnavailable


@dataclass(frozen=True, slots=True)
class CourseOpened(Event):
    course_id: UUID


@dataclass(frozen=True, slots=True)
class TidyUp(Job):
    pass


Reaction = Callable[[CourseOpened], Awaitable[None]]


class Desk:
    """A dispatcher over memory whose reactions the test writes."""

    def __init__(self, *reactions: Reaction) -> None:
        self.clock = MemoryClock()
        self.database = MemoryDatabase()
        self.queue = MemoryQueue()
        self.log = MemoryOutboxLog(self.database)
        self.tidied = 0

        async def tidy(_: TidyUp) -> None:
            self.tidied += 1

        self.dispatcher = Dispatcher(self.log, self.clock, {CourseOpened: reactions, TidyUp: [tidy]})

    async def write(self, course_id: UUID | None = None) -> MessageId:
        transaction = MemoryTransaction(self.database, self.queue, self.clock, MemoryIds(), MemoryRecords)
        async with transaction() as records:
            await records.outbox.add(CourseOpened(course_id or uuid4()))
        (bell,) = self.queue.take()
        return cast(Bell, bell).message_id

    def row(self, message_id: MessageId) -> OutboxRow:
        return cast(OutboxRow, self.database.table("messaging.outbox")[message_id])


async def test_reactions_get_the_event_as_it_was_written() -> None:
    seen: list[CourseOpened] = []

    async def react(event: CourseOpened) -> None:
        seen.append(event)

    desk, course = Desk(react), uuid4()
    message = await desk.write(course)
    await desk.dispatcher.deliver(message)
    assert seen == [CourseOpened(course)]
    assert desk.row(message).delivered_at == desk.clock.now()


async def test_a_second_ring_for_a_delivered_message_does_nothing() -> None:
    seen: list[CourseOpened] = []

    async def react(event: CourseOpened) -> None:
        seen.append(event)

    desk = Desk(react)
    message = await desk.write()
    for _ in range(3):
        await desk.dispatcher.deliver(message)
    assert len(seen) == 1


async def test_a_reaction_that_fails_does_not_keep_the_others_from_theirs() -> None:
    seen: list[str] = []

    async def fail(_: CourseOpened) -> None:
        seen.append("failed")
        raise ZeroDivisionError

    async def react(_: CourseOpened) -> None:
        seen.append("reacted")

    desk = Desk(fail, react)
    message = await desk.write()
    await desk.dispatcher.deliver(message)
    assert seen == ["failed", "reacted"]
    row = desk.row(message)
    assert row.delivered_at is None
    assert row.error == "ZeroDivisionError: "
    assert row.next_attempt_at == desk.clock.now() + FIRST_RETRY


async def test_attempts_grow_rarer_and_end() -> None:
    async def fail(_: CourseOpened) -> None:
        msg = "away"
        raise Unavailable(msg)

    desk = Desk(fail)
    message = await desk.write()
    waits = []
    for _ in range(MAX_ATTEMPTS - 1):
        await desk.dispatcher.deliver(message)
        due = desk.row(message).next_attempt_at
        assert due is not None
        waits.append(due - desk.clock.now())
        desk.clock.advance(waits[-1])
    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_RETRY
    await desk.dispatcher.deliver(message)
    assert desk.row(message).next_attempt_at is None
    assert desk.row(message).error == "Unavailable: away"


async def test_a_stopping_worker_hands_the_message_over_at_once() -> None:
    started = asyncio.Event()

    async def work_for_ever(_: CourseOpened) -> None:
        started.set()
        await asyncio.Event().wait()

    desk = Desk(work_for_ever)
    message = await desk.write()
    delivery = asyncio.create_task(desk.dispatcher.deliver(message))
    await started.wait()
    assert await desk.log.claim(message, at=desk.clock.now(), lease=LEASE) is None  # it is held
    delivery.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivery
    assert await desk.log.claim(message, at=desk.clock.now(), lease=LEASE) is not None


async def test_the_lease_is_renewed_while_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "RENEW_SECONDS", 0.001)
    beats = 0
    enough = asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            enough.set()

    async def work(_: CourseOpened) -> None:
        desk.clock.advance(timedelta(seconds=50))
        await enough.wait()

    desk = Desk(work)
    message = await desk.write()
    began = desk.clock.now()
    delivery = asyncio.create_task(desk.dispatcher.deliver(message, beat=beat))
    async with asyncio.timeout(5):
        await enough.wait()
    assert await desk.log.claim(message, at=began + LEASE, lease=LEASE) is None
    await delivery
    assert desk.row(message).delivered_at is not None


async def test_a_message_of_a_newer_release_waits() -> None:
    desk = Desk()
    message = await desk.write()
    older = Dispatcher(desk.log, desk.clock, {})
    await older.deliver(message)
    assert desk.row(message).next_attempt_at is not None
    assert "nobody handles" in str(desk.row(message).error)


async def test_a_bare_job_is_done_without_a_record() -> None:
    desk = Desk()
    await desk.dispatcher.run(name_of(TidyUp))
    assert desk.tidied == 1


async def test_a_bare_job_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them the queue takes it for lost, and its cron rings again while it still runs."""
    monkeypatch.setattr(dispatch, "BEAT_SECONDS", 0.001)
    desk, beaten = Desk(), asyncio.Event()

    async def work(_: TidyUp) -> None:
        await beaten.wait()

    async def beat() -> None:
        beaten.set()

    dispatcher = Dispatcher(desk.log, desk.clock, {TidyUp: [work]})
    async with asyncio.timeout(5):
        await dispatcher.run(name_of(TidyUp), beat=beat)


async def test_a_queue_that_hears_no_sign_of_life_does_not_make_the_work_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long encoding outlives a restart of Redis, and goes on renewing its lease."""
    monkeypatch.setattr(dispatch, "RENEW_SECONDS", 0.001)
    beats = 0
    enough = asyncio.Event()

    async def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 3:
            enough.set()
        msg = "away"
        raise QueueUnavailable(msg)

    async def work(_: CourseOpened) -> None:
        await enough.wait()

    desk = Desk(work)
    message = await desk.write()
    async with asyncio.timeout(5):
        await desk.dispatcher.deliver(message, beat=beat)
    assert desk.row(message).delivered_at is not None
