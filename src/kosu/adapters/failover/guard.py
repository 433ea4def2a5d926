"""What every guarded adapter does: give up on a store quickly, and leave it alone for a moment when it is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import ClassVar, TypeVar

from kosu.breaker import CircuitBreaker
from kosu.errors import Unavailable
from kosu.ports.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")


class Guarded:
    """Makes calls within `timeout_seconds` each, and none at all while the breaker is open.

    A subclass names the store and the error of its port, which is what callers get in every case.
    """

    store: ClassVar[str]
    unavailable: ClassVar[type[Unavailable]]

    def __init__(self, breaker: CircuitBreaker, clock: Clock, *, timeout_seconds: float) -> None:
        self._breaker = breaker
        self._clock = clock
        self._timeout_seconds = timeout_seconds

    async def _guarded(self, call: Callable[[], Awaitable[T]]) -> T:
        async def within_time() -> T:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    return await call()
            except TimeoutError as error:
                msg = f"the {self.store} is too slow"
                raise self.unavailable(msg) from error

        return await self._unless_broken(within_time)

    async def _unless_broken(self, call: Callable[[], Awaitable[T]]) -> T:
        """For a call that takes no longer than it may by itself."""
        if not self._breaker.allows(self._clock.now()):
            msg = f"the {self.store} was away a moment ago"
            raise self.unavailable(msg)
        try:
            answer = await call()
        except self.unavailable as error:
            self._failed(str(error))
            raise
        self._breaker.succeeded()
        return answer

    def _failed(self, why: str) -> None:
        # Not of calls that are not even made: during an outage those are all.
        log.warning("%s away, the database serves: %s", self.store, why)
        self._breaker.failed(self._clock.now())
