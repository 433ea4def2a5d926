"""Whether SAQ's workers live, by what they write of themselves every ten seconds."""

from __future__ import annotations

import asyncio
import logging

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kosu.ports.queue import QueueUnavailable

log = logging.getLogger(__name__)

ANSWER_SECONDS = 0.25


class SaqWorkers:
    """Redis itself lets the sign of life of a queue's last worker expire, so that no clocks are compared.

    After a flush of Redis workers are missed until they write again.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def are_online(self, queue: str) -> bool | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                # SAQ's own key, which each `worker_info` writes.
                return bool(await self._redis.exists(f"saq:{queue}:stats"))
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("workers of %s: nobody can tell: %s", queue, str(error) or "Redis too slow")
            return None

    async def waiting(self, queue: str) -> int:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                # SAQ's own list of jobs that were rung for and not taken.
                return int(await self._redis.llen(f"saq:{queue}:queued"))
        except (RedisError, OSError, TimeoutError) as error:
            raise QueueUnavailable(str(error) or "Redis too slow") from error
