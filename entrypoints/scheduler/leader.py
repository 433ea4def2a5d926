"""Rings at set times for as long as it leads, and stands by for as long as another scheduler does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from croniter import croniter  # type: ignore[import-untyped]

from entrypoints.scheduler import metrics
from kosu.ports.crons import Candidate, Crons
from kosu.ports.messages import Job, name_of
from kosu.ports.queue import Queue, QueueUnavailable
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)

# How soon somebody who stands by notices that nobody leads, and how soon one looks again for a database that is away.
STAND_BY_SECONDS = 2.0
RING_SECONDS = 5.0


class Scheduler:
    """`schedule` says when which job is rung for: cron expressions in UTC, whose sixth field is of seconds.

    What was due while nobody led is rung for once when somebody does, however often it was due.
    """

    def __init__(self, crons: Crons, queue: Queue, schedule: Mapping[type[Job], str]) -> None:
        self._crons = crons
        self._queue = queue
        self._jobs = {name_of(job): job for job in schedule}
        self._expressions = {name_of(job): expression for job, expression in schedule.items()}

    async def run(self, stop: asyncio.Event, *, on_ready: Callable[[], None] = lambda: None) -> None:
        """Stand by and lead until it is told to stop; then another one may lead at once.

        `on_ready` is called as soon as it is known who leads.
        """
        was_told = False
        while not stop.is_set():
            try:
                async with self._crons.candidate() as candidate:
                    while not stop.is_set():
                        leads = await candidate.elected()
                        if not was_told:
                            on_ready()
                            was_told = True
                        if leads:
                            log.info("leading")
                            with metrics.LEADING.track_inprogress():
                                await self._lead(candidate, stop)
                        else:
                            await _pause(stop, STAND_BY_SECONDS)
            except DatabaseUnavailable as error:
                log.warning("neither leading nor standing by: %s", error)
                await _pause(stop, STAND_BY_SECONDS)

    async def _lead(self, candidate: Candidate, stop: asyncio.Event) -> None:
        """Raises DatabaseUnavailable when it leads no longer."""
        following: dict[str, datetime] = {}
        while not stop.is_set():
            at = await candidate.now()
            due = [name for name in self._jobs if following.get(name, at) <= at]
            if due:
                slots = {name: latest_slot(self._expressions[name], at) for name in due}
                claimed = await candidate.claim(slots)
                rung = await asyncio.gather(*(self._ring(name) for name in claimed))
                missed = {name for name, was_rung in zip(claimed, rung, strict=True) if not was_rung}
                for name in missed:
                    await candidate.give_back(name, slots[name])
                following |= {name: next_slot(self._expressions[name], at) for name in set(due) - missed}
            await _pause(stop, 1 - at.microsecond / 1_000_000)

    async def _ring(self, name: str) -> bool:
        """Whether the queue has taken it."""
        try:
            async with asyncio.timeout(RING_SECONDS):
                await self._queue.enqueue(self._jobs[name](), once=True)
        except (QueueUnavailable, TimeoutError) as error:
            log.warning("%s: not rung for: %s", name, str(error) or "queue too slow")
            return False
        metrics.CRON_RINGS.labels(name).inc()
        return True


def latest_slot(expression: str, at: datetime) -> datetime:
    """The last time at or before `at` that a cron expression names, in UTC."""
    # What the library answers is before what it is given.
    slot: datetime = croniter(expression, _whole_second(at) + timedelta(seconds=1)).get_prev(datetime)
    return slot


def next_slot(expression: str, at: datetime) -> datetime:
    """The first time after `at` that it names."""
    slot: datetime = croniter(expression, _whole_second(at)).get_next(datetime)
    return slot


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
