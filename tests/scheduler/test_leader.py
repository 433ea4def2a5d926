"""What a scheduler rings for, on crons and a queue in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY

from entrypoints.scheduler import leader
from entrypoints.scheduler.leader import Scheduler, latest_slot, next_slot
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.crons import MemoryCrons
from kosu.adapters.memory.queue import MemoryQueue
from kosu.ports.messages import Job, name_of


@dataclass(frozen=True, slots=True)
class EachMinute(Job):
    pass


@dataclass(frozen=True, slots=True)
class EachNight(Job):
    pass


SCHEDULE: dict[type[Job], str] = {EachMinute: "* * * * *", EachNight: "23 2 * * *"}
NOON = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)


class Desk:
    """A scheduler whose pauses take no time and tell the test that it has looked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = MemoryClock(NOON)
        self.crons = MemoryCrons(self.clock)
        self.queue = MemoryQueue()
        self._looked = asyncio.Event()

        async def pause(_: asyncio.Event, seconds: float) -> None:
            assert seconds > 0
            self._looked.set()
            await asyncio.sleep(0)

        monkeypatch.setattr(leader, "_pause", pause)

    @asynccontextmanager
    async def running(self, *, on_ready: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
        stop = asyncio.Event()
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(Scheduler(self.crons, self.queue, SCHEDULE).run(stop, on_ready=on_ready))
            yield
            stop.set()

    async def rung(self) -> list[str]:
        """What was rung for since the last time, after two more looks."""
        for _ in range(2):
            self._looked.clear()
            await self._looked.wait()
        return sorted(type(job).__name__ for job in self.queue.take())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


async def test_each_slot_is_rung_for_once(desk: Desk) -> None:
    async with desk.running():
        assert await desk.rung() == ["EachMinute", "EachNight"]
        assert await desk.rung() == []
        desk.clock.advance(seconds=30)
        assert await desk.rung() == ["EachMinute"]
        desk.clock.advance(seconds=59)
        assert await desk.rung() == []


async def test_what_was_missed_is_rung_for_once_however_often_it_was_due(desk: Desk) -> None:
    async with desk.running():
        await desk.rung()
    desk.clock.advance(hours=30)
    async with desk.running():
        assert await desk.rung() == ["EachMinute", "EachNight"]


async def test_what_was_rung_for_by_another_leader_is_not_rung_for_again(desk: Desk) -> None:
    for expected in (["EachMinute", "EachNight"], []):
        async with desk.running():
            assert await desk.rung() == expected


async def test_who_stands_by_rings_for_nothing_until_the_leader_has_gone(desk: Desk) -> None:
    async with desk.crons.candidate() as other:
        assert await other.elected()
        async with desk.running():
            assert await desk.rung() == []
            desk.crons.leader = None
            assert await desk.rung() == ["EachMinute", "EachNight"]


async def test_a_ring_that_the_queue_does_not_take_is_tried_again(desk: Desk) -> None:
    desk.queue.available = False
    async with desk.running():
        assert await desk.rung() == []
        desk.queue.available = True
        assert await desk.rung() == ["EachMinute", "EachNight"]
        assert await desk.rung() == []


async def test_a_queue_that_never_answers_does_not_hold_the_leader_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leader, "RING_SECONDS", 0.001)
    answers = asyncio.Event()
    enqueue = desk.queue.enqueue

    async def hang(job: Job, *, once: bool = False) -> None:
        await answers.wait()
        await enqueue(job, once=once)

    monkeypatch.setattr(desk.queue, "enqueue", hang)
    async with desk.running():
        assert await desk.rung() == []
        answers.set()
        assert await desk.rung() == ["EachMinute", "EachNight"]


async def test_while_the_database_is_away_nothing_is_rung_for(desk: Desk) -> None:
    async with desk.running():
        await desk.rung()
        desk.crons.available = False
        desk.clock.advance(minutes=5)
        assert await desk.rung() == []
        desk.crons.available = True
        assert await desk.rung() == ["EachMinute"]


async def test_it_is_ready_as_soon_as_it_is_known_who_leads(desk: Desk) -> None:
    ready: list[bool] = []
    desk.crons.available = False
    async with desk.running(on_ready=lambda: ready.append(True)):
        await desk.rung()
        assert ready == []
        desk.crons.available = True
        await desk.rung()
        await desk.rung()
        assert ready == [True]


@pytest.mark.parametrize(
    ("expression", "at", "latest", "following"),
    [
        ("* * * * *", "12:00:30.5", "12:00:00", "12:01:00"),
        ("* * * * *", "12:00:00", "12:00:00", "12:01:00"),
        ("* * * * * */15", "12:00:29.999999", "12:00:15", "12:00:30"),
        ("* * * * * */15", "12:00:30", "12:00:30", "12:00:45"),
        ("* * * * * 20", "12:00:19", "11:59:20", "12:00:20"),
        ("17 * * * *", "12:16:59", "11:17:00", "12:17:00"),
    ],
)
def test_slots_are_those_that_cron_means(expression: str, at: str, latest: str, following: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(f"2026-01-01T{text}+00:00")

    assert latest_slot(expression, moment(at)) == moment(latest)
    assert next_slot(expression, moment(at)) == moment(following)


async def test_prometheus_is_told_who_leads_and_what_was_rung_for(desk: Desk) -> None:
    def figures() -> tuple[float | None, float]:
        rings = REGISTRY.get_sample_value("kosu_cron_rings_total", {"task": name_of(EachMinute)})
        return REGISTRY.get_sample_value("kosu_scheduler_leading"), rings or 0

    _, before = figures()
    async with desk.running():
        await desk.rung()
        assert figures() == (1, before + 1)
    assert figures() == (0, before + 1)
