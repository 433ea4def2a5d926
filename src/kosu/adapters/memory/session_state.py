"""Session states in memory: what is stored, and what is cached of it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.identity import SESSIONS, USERS
from kosu.ids import SessionId, UserId
from kosu.modules.identity.ports import (
    Authority,
    Cached,
    LiveSession,
    NoSuchSession,
    SessionCacheUnavailable,
    SessionMark,
    SessionState,
    Tombstone,
)


class MemoryStoredSessions:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def state(self, session_id: SessionId) -> SessionState | None:
        session = self._database.table(SESSIONS).get(session_id)
        if session is None:
            return None
        user = self._database.table(USERS)[session.user_id]
        return SessionState(
            user_id=session.user_id,
            session_id=session.id,
            device_id=session.device_id,
            expires_at=min(session.idle_expires_at, session.expires_at),
            authority=Authority(roles=user.roles, disabled=user.disabled, authz_epoch=user.authz_epoch),
            end_reason=None if session.end_reason is None else session.end_reason.value,
        )


class MemorySessionCache:
    """Keeps for ever what it is told; `available = False` makes it behave as an unreachable cache."""

    def __init__(self) -> None:
        self.available = True
        self._sessions: dict[tuple[UserId, SessionId], LiveSession | Tombstone | NoSuchSession] = {}
        self._authorities: dict[UserId, Authority] = {}

    async def get(self, user_id: UserId, session_id: SessionId) -> Cached:
        self._check()
        session, authority = self._sessions.get((user_id, session_id)), self._authorities.get(user_id)
        mark = None
        if session is not None and authority is not None:
            mark = SessionMark(
                user_id, session_id, session=msgspec.json.encode(session), authority=msgspec.json.encode(authority)
            )
        return Cached(session, authority, mark)

    async def holds(self, mark: SessionMark) -> bool:
        """Whether what was marked is there and unchanged."""
        return (await self.get(mark.user_id, mark.session_id)).mark == mark

    async def fill(self, state: SessionState) -> None:
        self._check()
        self._sessions.setdefault((state.user_id, state.session_id), LiveSession(state.device_id, state.expires_at))
        await self.set_authority(state.user_id, state.authority)

    async def fill_unknown(self, user_id: UserId, session_id: SessionId) -> None:
        self._check()
        self._sessions.setdefault((user_id, session_id), NoSuchSession())

    async def renew(self, user_id: UserId, session_id: SessionId, live: LiveSession) -> None:
        self._check()
        if not isinstance(self._sessions.get((user_id, session_id)), Tombstone):
            self._sessions[user_id, session_id] = live

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        self._check()
        for session_id, reason in ended.items():
            self._sessions[user_id, session_id] = Tombstone(reason)

    async def set_authority(self, user_id: UserId, authority: Authority) -> None:
        self._check()
        known = self._authorities.get(user_id)
        if known is None or known.authz_epoch < authority.authz_epoch:
            self._authorities[user_id] = authority

    def forget(self) -> None:
        """What FLUSHALL does."""
        self._sessions.clear()
        self._authorities.clear()

    def _check(self) -> None:
        if not self.available:
            msg = "the session cache is away"
            raise SessionCacheUnavailable(msg)
