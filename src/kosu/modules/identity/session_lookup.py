"""The state of a session: Redis first, PostgreSQL behind it, and never a guess."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import assert_never

from kosu.ids import SessionId, UserId
from kosu.modules.identity.denials import Denials
from kosu.modules.identity.errors import AuthenticationUnavailable
from kosu.modules.identity.ports import (
    Cached,
    LiveSession,
    NoSuchSession,
    SessionCache,
    SessionCacheUnavailable,
    SessionMark,
    SessionState,
    StoredSessions,
    Tombstone,
)
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)

STORE_SECONDS = 0.25
# Sessions that each process may presume; of others the cache is asked first.
REMEMBERED = 8_192


class SessionLookup:
    """Finds session states in one round trip to the cache; the database is asked where the cache cannot tell.

    Requests that ask for one session at once share one read of the database. What the database is too slow for within
    `store_seconds` is unavailable: nobody is signed out because a store is away.
    """

    def __init__(
        self,
        cache: SessionCache,
        stored: StoredSessions,
        denials: Denials,
        *,
        store_seconds: float = STORE_SECONDS,
    ) -> None:
        self._cache = cache
        self._stored = stored
        self._denials = denials
        self._store_seconds = store_seconds
        self._reads: dict[SessionId, asyncio.Task[SessionState | None]] = {}
        self._remembered: dict[SessionId, Cached] = {}

    async def find(
        self, user_id: UserId, session_id: SessionId, *, at: datetime
    ) -> SessionState | Tombstone | NoSuchSession:
        """Raises AuthenticationUnavailable: neither store could say."""
        cached = await self._cached(user_id, session_id)
        known = self._known(user_id, session_id, cached, at=at)
        if known is not None:
            if cached is not None and cached.mark is not None:
                self._remember(session_id, cached)
            return known
        state = await self._read(user_id, session_id, fill=cached is not None)
        # It may have ended while the database was being read, by a read that had begun before.
        reason = self._denials.end_reason(session_id)
        if reason is not None:
            return Tombstone(reason)
        return state or NoSuchSession()

    def remembered(
        self, user_id: UserId, session_id: SessionId, *, at: datetime
    ) -> tuple[SessionState, SessionMark] | None:
        """The state of a live session as the cache had it when this process looked last, and the mark of that; no IO.

        It holds provided that the cache still has what is marked. None: ask `find`.
        """
        cached = self._remembered.get(session_id)
        if cached is None or cached.mark is None:
            return None
        known = self._known(user_id, session_id, cached, at=at)
        return (known, cached.mark) if isinstance(known, SessionState) else None

    async def renewed(self, user_id: UserId, session_id: SessionId, live: LiveSession) -> None:
        """Let the cache know that a session was prolonged, so that it does not seem expired."""
        try:
            await self._cache.renew(user_id, session_id, live)
        except SessionCacheUnavailable as error:
            log.debug("identity: session cache not renewed: %s", error)

    def _known(
        self, user_id: UserId, session_id: SessionId, cached: Cached | None, *, at: datetime
    ) -> SessionState | Tombstone | NoSuchSession | None:
        """What is known without the database; None where it has to be asked."""
        reason = self._denials.end_reason(session_id)
        if reason is not None:
            return Tombstone(reason)
        match cached.session if cached is not None else None:
            case Tombstone() | NoSuchSession() as over:
                return over
            case LiveSession(device_id, expires_at) if expires_at > at:
                authority = cached.authority if cached is not None else None
                if authority is not None and self._denials.is_current(user_id, authority):
                    return SessionState(user_id, session_id, device_id, expires_at, authority)
            case LiveSession() | None:
                # One that seems expired may have been prolonged since: only the database refuses it.
                pass
            case unknown:
                assert_never(unknown)
        return None

    def _remember(self, session_id: SessionId, cached: Cached) -> None:
        # Those that were asked for last come last.
        self._remembered.pop(session_id, None)
        self._remembered[session_id] = cached
        if len(self._remembered) > REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    async def _cached(self, user_id: UserId, session_id: SessionId) -> Cached | None:
        """None when the cache is away."""
        try:
            return await self._cache.get(user_id, session_id)
        except SessionCacheUnavailable as error:
            # Of every request during an outage: the cache's guard says it aloud, and seldom.
            log.debug("identity: session cache away, asking the database: %s", error)
            return None

    async def _read(self, user_id: UserId, session_id: SessionId, *, fill: bool) -> SessionState | None:
        read = self._reads.get(session_id)
        if read is None:
            read = asyncio.create_task(self._read_and_fill(user_id, session_id, fill=fill))
            self._reads[session_id] = read
            read.add_done_callback(lambda done: self._forget(session_id, done))
        try:
            # Shielded, and not cancelled by the deadline either: cancelling a statement means waiting for the server.
            async with asyncio.timeout(self._store_seconds):
                return await asyncio.shield(read)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("identity: database away: %s", str(error) or "too slow")
            msg = "Sessions cannot be checked at the moment; try again."
            raise AuthenticationUnavailable(msg) from error

    def _forget(self, session_id: SessionId, read: asyncio.Task[SessionState | None]) -> None:
        self._reads.pop(session_id, None)
        if not read.cancelled():
            # Looked at, so that a failure after all who waited have gone is not reported as forgotten.
            read.exception()

    async def _read_and_fill(self, user_id: UserId, session_id: SessionId, *, fill: bool) -> SessionState | None:
        state = await self._stored.state(session_id)
        if not fill:
            return state
        try:
            if state is None:
                await self._cache.fill_unknown(user_id, session_id)
            elif state.end_reason is not None:
                await self._cache.bury(state.user_id, {session_id: state.end_reason})
            elif state.user_id == user_id:
                await self._cache.fill(state)
        except SessionCacheUnavailable as error:
            log.debug("identity: session cache not filled: %s", error)
        return state
