"""A session cache that is given up on quickly, so that a frozen one costs requests next to nothing."""

from __future__ import annotations

from collections.abc import Mapping

from kosu.adapters.failover.guard import Guarded
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


class GuardedSessionCache(Guarded):
    """Passes on to `cache`, within `timeout_seconds` a call, and not at all while the breaker is open."""

    store = "session cache"
    unavailable = SessionCacheUnavailable

    def __init__(
        self, cache: SessionCache, breaker: CircuitBreaker, clock: Clock, *, timeout_seconds: float = 0.25
    ) -> None:
        super().__init__(breaker, clock, timeout_seconds=timeout_seconds)
        self._cache = cache

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
