"""A session cache that is given up on quickly, so that a frozen one costs requests next to nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from kosu.breaker import CircuitBreaker
from kosu.ids import SessionId, UserId
from kosu.modules.identity.ports import (
    Authority,
    Cached,
    LiveSession,
    SessionCache,
    SessionCacheUnavailable,
    SessionState,
)
from kosu.ports.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")


class GuardedSessionCache:
    """Passes on to `cache`, within `timeout_seconds` a call, and not at all while the breaker is open."""

    def __init__(
        self, cache: SessionCache, breaker: CircuitBreaker, clock: Clock, *, timeout_seconds: float = 0.25
    ) -> None:
        self._cache = cache
        self._breaker = breaker
        self._clock = clock
        self._timeout_seconds = timeout_seconds

    async def get(self, user_id: UserId, session_id: SessionId) -> Cached:
        return await self._guarded(lambda: self._cache.get(user_id, session_id))

    async def fill(self, state: SessionState) -> None:
        await self._guarded(lambda: self._cache.fill(state))

    async def fill_unknown(self, user_id: UserId, session_id: SessionId) -> None:
        await self._guarded(lambda: self._cache.fill_unknown(user_id, session_id))

    async def renew(self, user_id: UserId, session_id: SessionId, live: LiveSession) -> None:
        await self._guarded(lambda: self._cache.renew(user_id, session_id, live))

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        await self._guarded(lambda: self._cache.bury(user_id, ended))

    async def set_authority(self, user_id: UserId, authority: Authority) -> None:
        await self._guarded(lambda: self._cache.set_authority(user_id, authority))

    async def _guarded(self, call: Callable[[], Awaitable[T]]) -> T:
        if not self._breaker.allows(self._clock.now()):
            msg = "the session cache was away a moment ago"
            raise SessionCacheUnavailable(msg)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await call()
        except TimeoutError as error:
            self._failed("too slow")
            msg = "the session cache is too slow"
            raise SessionCacheUnavailable(msg) from error
        except SessionCacheUnavailable as error:
            self._failed(str(error))
            raise
        self._breaker.succeeded()
        return answer

    def _failed(self, why: str) -> None:
        # Not of calls that are not even made: during an outage those are all.
        log.warning("session cache away, the database decides: %s", why)
        self._breaker.failed(self._clock.now())
