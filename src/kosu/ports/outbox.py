"""The transactional outbox: messages written in the transaction that caused them, delivered at least once after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from kosu.cause import Cause
from kosu.ids import MessageId
from kosu.ports.messages import Message
from kosu.ports.queue import Bell, Queue, QueueUnavailable

log = logging.getLogger(__name__)

PUBLISH_SECONDS = 0.25
# A rung message is not rung again before this has passed: a long queue must not grow by its own sweep.
RING_INTERVAL = timedelta(seconds=60)


class Outbox(Protocol):
    """The writing side, part of every module's records."""

    async def add(self, *messages: Message) -> None:
        """Write messages in the open transaction. They are rung after it commits, and never if it rolls back.

        What is the cause of the work at hand becomes theirs.
        """
        ...


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this worker holds until its lease ends. `payload` is the message's fields as JSON values."""

    id: MessageId
    name: str
    payload: Mapping[str, object]
    attempt: int
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a queue's messages wait for: `waiting` are to be delivered still, since `oldest_at`; `dead` are given up."""

    queue: str
    waiting: int
    oldest_at: datetime | None
    dead: int


@runtime_checkable
class OutboxLog(Protocol):
    """The delivering side, used by workers and by the sweep. Each method is its own short transaction."""

    async def claim(self, message_id: MessageId, *, at: datetime, lease: timedelta) -> ClaimedMessage | None:
        """Take a message for delivery and count the attempt.

        None when it is already delivered, dead, or held by a live lease: another ring has it.
        """
        ...

    async def renew(self, message_id: MessageId, *, attempt: int, until: datetime) -> bool:
        """Prolong the lease of `attempt`; False when another attempt has taken the message over."""
        ...

    async def delivered(self, message_id: MessageId, *, attempt: int, at: datetime) -> None:
        """Mark the message done. Ignored when `attempt` no longer holds it."""
        ...

    async def failed(self, message_id: MessageId, *, attempt: int, error: str, retry_at: datetime | None) -> None:
        """Record why an attempt failed; `retry_at=None` makes the message dead, kept for an operator."""
        ...

    async def due(self, *, at: datetime, limit: int) -> Sequence[Bell]:
        """Messages that nobody holds and whose time has come, oldest first: lost rings, retries, dead workers.

        Each is not due again before RING_INTERVAL has passed, unless an attempt sets another time.
        """
        ...

    async def backlogs(self) -> Sequence[Backlog]:
        """Of the queues that have messages which are not delivered, by name."""
        ...

    async def ping(self) -> None:
        """Raises DatabaseUnavailable unless the database answers."""
        ...


async def ring_after_commit(queue: Queue, bells: Sequence[Bell]) -> None:
    """Ring for freshly committed messages: best effort, bounded in time. What is missed here, the sweep rings."""
    if not bells:
        return
    try:
        async with asyncio.timeout(PUBLISH_SECONDS):
            await queue.ring(bells)
    except (QueueUnavailable, TimeoutError) as error:
        log.warning("outbox: %d message(s) left to the sweep: %s", len(bells), str(error) or "queue too slow")
