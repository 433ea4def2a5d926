"""The queue port over SAQ. SAQ carries ids; what they mean and how often they were tried stands in PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError
from saq.job import Job as SaqJob
from saq.queue.redis import RedisQueue

from kosu import cause
from kosu.cause import Cause
from kosu.ports.messages import Job, name_of
from kosu.ports.queue import Bell, QueueUnavailable
from kosu.settings import RedisSettings

log = logging.getLogger(__name__)

DELIVER = "deliver"
HEARTBEAT_SECONDS = 60
# Of bare jobs: one whose worker was killed keeps its cron from ringing until it is missed.
BARE_HEARTBEAT_SECONDS = 20
AWAY_SECONDS = 1.0
BEAT_SECONDS = 2.0
# What SAQ's worker says of a job that it was cancelled in.
GIVEN_BACK = "cancelled"


def create_queue_redis(settings: RedisSettings) -> Redis:
    """A client for SAQ. It may wait for ever in BLMOVE, which redis-py 8's default socket timeout would break."""
    return Redis.from_url(settings.url, socket_timeout=None, socket_connect_timeout=2, health_check_interval=30)


def beat_of(job: SaqJob) -> Callable[[], Awaitable[None]]:
    """What tells SAQ that a job still runs, to be called more often than its heartbeat.

    Raises QueueUnavailable.
    """

    async def beat() -> None:
        try:
            # A queue's client waits for ever, see above, and the job must not wait with it.
            async with asyncio.timeout(BEAT_SECONDS):
                await job.update()
        except (RedisError, OSError, TimeoutError) as error:
            raise QueueUnavailable(str(error) or "queue too slow") from error

    return beat


def cause_of(job: SaqJob) -> Cause | None:
    """What the bare job was rung for by; None of a cron's."""
    return msgspec.convert(job.meta, Cause) if job.meta else None


class PatientQueue(RedisQueue):
    """A queue that waits while Redis is away, where SAQ's own would spin at full speed."""

    async def dequeue(self, timeout: float = 0.0, poll_interval: float = 0.0) -> SaqJob | None:
        try:
            return await super().dequeue(timeout, poll_interval)
        except (RedisError, OSError) as error:
            log.warning("queue %s: %s", self.name, error)
            await asyncio.sleep(AWAY_SECONDS)
            return None

    async def _retry(self, job: SaqJob, error: str | None) -> None:
        """As SAQ does; but a job that a stopping worker gives back is due at once: nothing has to recover before."""
        await super()._retry(job, error)
        if error == GIVEN_BACK:
            await self.redis.zadd(self._incomplete, {job.id: 1}, xx=True)


class SaqQueue:
    """One SAQ queue for each queue name; `queues` is also what the worker and the scheduler run."""

    def __init__(self, redis: Redis, names: Sequence[str]) -> None:
        self._redis = redis
        self.queues = {
            name: PatientQueue(
                redis, name=name, dump=msgspec.json.encode, load=msgspec.json.decode, max_concurrent_ops=64
            )
            for name in names
        }

    async def ring(self, bells: Sequence[Bell]) -> None:
        try:
            # The key de-duplicates while the message waits. A worker that dies is noticed by its missing heartbeat;
            # SAQ's attempts are without meaning here, since the outbox counts them.
            await asyncio.gather(
                *(
                    self.queues[bell.queue].enqueue(
                        SaqJob(
                            function=DELIVER,
                            key=str(bell.message_id),
                            kwargs={"message_id": str(bell.message_id)},
                            timeout=0,
                            heartbeat=HEARTBEAT_SECONDS,
                            retries=1_000,
                            retry_delay=5.0,
                            ttl=60,
                        )
                    )
                    for bell in bells
                )
            )
        except (RedisError, OSError) as error:
            raise QueueUnavailable(str(error)) from error

    async def enqueue(self, job: Job, *, once: bool = False) -> None:
        name = name_of(type(job))
        bare = SaqJob(
            function=name,
            timeout=0,
            heartbeat=BARE_HEARTBEAT_SECONDS,
            retries=1,
            ttl=60,
            meta=msgspec.to_builtins(cause.current.get()) or {},
        )
        if once:
            # SAQ's own key of a cron, which the schedulers of earlier releases use.
            bare.key = f"cron:{name}"
        try:
            await self.queues[job.queue].enqueue(bare)
        except (RedisError, OSError) as error:
            raise QueueUnavailable(str(error)) from error

    async def ping(self) -> None:
        try:
            await self._redis.ping()
        except (RedisError, OSError) as error:
            raise QueueUnavailable(str(error)) from error
