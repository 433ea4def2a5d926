"""From a rung bell to the use case: claims the message, holds its lease while the work goes on, and writes down how it
went. Attempts and dead letters live in PostgreSQL, so that a lost Redis loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import msgspec

from entrypoints import logs, metrics, tracing
from entrypoints.worker.subscriptions import subscriptions
from entrypoints.worker.tasks import Doer, tasks
from kosu import cause
from kosu.cause import Cause
from kosu.container import Container
from kosu.errors import Unavailable
from kosu.ids import MessageId
from kosu.ports.clock import Clock
from kosu.ports.messages import Message, name_of
from kosu.ports.outbox import ClaimedMessage, OutboxLog

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 20
BEAT_SECONDS = 5
MAX_ATTEMPTS = 12
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=6)

Beat = Callable[[], Awaitable[object]]


def dispatcher_of(container: Container) -> Dispatcher:
    """The dispatcher over the tables of tasks.py and subscriptions.py."""
    table: dict[type[Message], Sequence[Doer]] = {job: [doer] for job, doer in tasks(container).items()}
    table.update(subscriptions(container).items())
    return Dispatcher(container.outbox_log(), container.clock(), table)


class Dispatcher:
    """Delivers messages and does bare jobs; `table` says who handles which message."""

    def __init__(self, outbox_log: OutboxLog, clock: Clock, table: Mapping[type[Message], Sequence[Doer]]) -> None:
        self._log = outbox_log
        self._clock = clock
        self._types = {name_of(message): message for message in table}
        self._doers = {name_of(message): doers for message, doers in table.items()}

    @property
    def names(self) -> Sequence[str]:
        """Wire names of all that can be handled."""
        return sorted(self._doers)

    async def run(self, name: str, *, job_id: str = "-", caused: Cause | None = None, beat: Beat | None = None) -> None:
        """Do a bare job, one without a payload and without a record of its own; `beat` is awaited now and then."""
        with _at_hand(name, caused, job=name, job_id=job_id), metrics.job(name):
            async with _repeated(beat, every_seconds=BEAT_SECONDS):
                await self._handle(name, {})

    async def deliver(self, message_id: MessageId, *, beat: Beat | None = None) -> None:
        """Deliver an outbox message, unless somebody else has it or has delivered it.

        A failure is written down with the time of the next attempt; it does not raise. `beat` is awaited with every
        renewal of the lease, for queues that want a sign of life.
        """
        message = await self._log.claim(message_id, at=self._clock.now(), lease=LEASE)
        if message is None:
            return
        known = {"message_id": str(message.id), "message": message.name, "attempt": message.attempt}
        with _at_hand(message.name, message.cause, **known):
            try:
                with metrics.job(message.name):
                    async with self._lease(message, beat):
                        await self._handle(message.name, message.payload)
            except asyncio.CancelledError:
                # The worker is stopping: let another one take over at once. This attempt has not failed.
                await self._log.failed(
                    message.id, attempt=message.attempt, error="interrupted", retry_at=self._clock.now()
                )
                raise
            except Exception as error:
                await self._failed(message, error)
            else:
                await self._log.delivered(message.id, attempt=message.attempt, at=self._clock.now())
                log.info("delivered")

    async def _handle(self, name: str, payload: Mapping[str, object]) -> None:
        if name not in self._types:
            msg = f"nobody handles {name}: it may have been written by a newer release"
            raise LookupError(msg)
        message = msgspec.convert(payload, self._types[name])
        failures: list[Exception] = []
        for doer in self._doers[name]:
            # One reaction that fails must not keep the others from theirs.
            try:
                await doer(message)
            except Exception as error:
                failures.append(error)
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ExceptionGroup(name, failures)

    async def _failed(self, message: ClaimedMessage, error: Exception) -> None:
        retry_at = None
        if message.attempt < MAX_ATTEMPTS:
            retry_at = self._clock.now() + min(FIRST_RETRY * 2 ** (message.attempt - 1), LONGEST_RETRY)
        if isinstance(error, Unavailable):
            log.warning("attempt failed: %s", error)
        else:
            log.error("attempt failed", exc_info=error)
        await self._log.failed(
            message.id, attempt=message.attempt, error=f"{type(error).__name__}: {error}", retry_at=retry_at
        )

    @asynccontextmanager
    async def _lease(self, message: ClaimedMessage, beat: Beat | None) -> AsyncIterator[None]:
        """Renews the lease for as long as the block runs."""

        async def renew() -> None:
            await self._log.renew(message.id, attempt=message.attempt, until=self._clock.now() + LEASE)

        async with _repeated(renew, every_seconds=RENEW_SECONDS), _repeated(beat, every_seconds=RENEW_SECONDS):
            yield


@asynccontextmanager
async def _repeated(action: Beat | None, *, every_seconds: float) -> AsyncIterator[None]:
    """Awaits `action` at intervals for as long as the block runs. That what it needs is away does not end the block."""

    async def repeat(action: Beat) -> None:
        while True:
            await asyncio.sleep(every_seconds)
            try:
                await action()
            except Unavailable as error:
                log.warning("a sign of life failed: %s", error)

    if action is None:
        yield
        return
    task = asyncio.create_task(repeat(action))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def _at_hand(name: str, caused: Cause | None, **known: object) -> Iterator[None]:
    """For logs, traces, and the messages that the work writes in turn: what it is, and what caused it."""
    with tracing.job(name, caused) as going_on:
        tokens = cause.current.set(going_on), logs.context.set(known)
        try:
            yield
        finally:
            cause.current.reset(tokens[0])
            logs.context.reset(tokens[1])
