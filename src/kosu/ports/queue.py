"""The queue: a doorbell, never the only copy of anything.

What is rung is either the id of an outbox message, whose content and attempts live in PostgreSQL, or a bare job that
carries no payload ("drain the inbox") and whose work is found in PostgreSQL too. A lost ring costs time, never work:
the sweeps ring again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable
from kosu.ids import MessageId
from kosu.ports.messages import Job


class QueueUnavailable(Unavailable):
    """The queue could not be reached; nothing was enqueued for certain."""

    code = "queue_unavailable"


@dataclass(frozen=True, slots=True)
class Bell:
    """A pointer to an outbox message that wants to be delivered by a worker of `queue`."""

    message_id: MessageId
    queue: str


@runtime_checkable
class Queue(Protocol):
    async def ring(self, bells: Sequence[Bell]) -> None:
        """Ask workers to deliver these outbox messages. Ringing twice for one message is harmless.

        Raises:
            QueueUnavailable: some or all bells were not rung; the outbox sweep will ring them.
        """
        ...

    async def enqueue(self, job: Job, *, once: bool = False) -> None:
        """Ask a worker of `job.queue` to do a job that has no payload and needs no record of its own.

        With `once` nothing is added while a job of this kind that was enqueued so waits or runs.

        Raises:
            QueueUnavailable: the job was not enqueued for certain.
        """
        ...

    async def ping(self) -> None:
        """Raises QueueUnavailable unless the queue answers."""
        ...
