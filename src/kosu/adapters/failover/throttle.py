"""A throttle that goes on limiting while its shared store is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from kosu.breaker import CircuitBreaker
from kosu.ports.throttle import Bucket, Throttle, ThrottleUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")


class FailoverThrottle:
    """Asks `first`, and `second` while `first` is away or takes longer than `timeout_seconds`.

    With a `second` in memory every process counts for itself during an outage: an attacker gets a few times as many
    tries, not as many as they like, and honest people go on signing in.
    """

    def __init__(
        self, first: Throttle, second: Throttle, breaker: CircuitBreaker, *, timeout_seconds: float = 0.25
    ) -> None:
        self._first = first
        self._second = second
        self._breaker = breaker
        self._timeout_seconds = timeout_seconds

    async def take(self, buckets: Sequence[Bucket], *, at: datetime) -> timedelta | None:
        return await self._of_either(lambda throttle: throttle.take(buckets, at=at), at)

    async def give_back(self, buckets: Sequence[Bucket], *, at: datetime) -> None:
        await self._of_either(lambda throttle: throttle.give_back(buckets, at=at), at)

    async def _of_either(self, call: Callable[[Throttle], Awaitable[T]], at: datetime) -> T:
        if not self._breaker.allows(at):
            return await call(self._second)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await call(self._first)
        except (ThrottleUnavailable, TimeoutError) as error:
            log.warning("throttle: counting in this process alone: %s", str(error) or "too slow")
            self._breaker.failed(at)
            return await call(self._second)
        self._breaker.succeeded()
        return answer
