"""What lets a request through: the state of its session, from the cache and from behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable
from kosu.ids import DeviceId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class Authority:
    """What an account may do. `authz_epoch` counts changes of it: of two, the one with the higher epoch is true."""

    roles: frozenset[str]
    disabled: bool
    authz_epoch: int


@dataclass(frozen=True, slots=True)
class SessionState:
    """All that is needed to let a request through or to refuse it with the reason."""

    user_id: UserId
    session_id: SessionId
    device_id: DeviceId
    expires_at: datetime
    authority: Authority
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A cached session; `expires_at` may have moved since."""

    device_id: DeviceId
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The mark of an ended session in the cache."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoSuchSession:
    """The database was asked a moment ago and knew no such session."""


@dataclass(frozen=True, slots=True)
class SessionMark:
    """What the cache held of a session and its account's authority, byte for byte.

    For a write beside the cache that is made only while it still holds exactly that: whatever ends or changes the
    session changes the bytes. They mean nothing to anybody else.
    """

    user_id: UserId
    session_id: SessionId
    session: bytes
    authority: bytes


@dataclass(frozen=True, slots=True)
class Cached:
    """What the cache knows; None where it knows nothing. Where it knows both there is a mark of it."""

    session: LiveSession | Tombstone | NoSuchSession | None
    authority: Authority | None
    mark: SessionMark | None = field(default=None, compare=False)


class SessionCacheUnavailable(Unavailable):
    """The cache did not answer; the database decides."""

    code = "session_cache_unavailable"


@runtime_checkable
class SessionCache(Protocol):
    """Live sessions and authorities for a minute, tombstones of ended sessions for longer than any access token lives.

    Every method is one round trip, and raises SessionCacheUnavailable when the cache is away.
    """

    async def get(self, user_id: UserId, session_id: SessionId) -> Cached: ...

    async def fill(self, state: SessionState) -> None:
        """Remember a live state as it was read from the database a moment ago.

        The session is left alone if its key is taken: a fill that raced a revocation must not resurrect it. The
        authority is left alone if the cache has one as new.
        """
        ...

    async def fill_unknown(self, user_id: UserId, session_id: SessionId) -> None:
        """Remember for some seconds that there is no such session, unless the key is taken."""
        ...

    async def renew(self, user_id: UserId, session_id: SessionId, live: LiveSession) -> None:
        """Put a session's new expiry over its old one. Never over a tombstone."""
        ...

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        """Overwrite with tombstones (reason by session). Call after the commit that ended them."""
        ...

    async def set_authority(self, user_id: UserId, authority: Authority) -> None:
        """Make an authority known. Call after its commit; an older one than the cache has is ignored."""
        ...


@runtime_checkable
class StoredSessions(Protocol):
    """The truth behind the cache, by primary key and in one statement."""

    async def state(self, session_id: SessionId) -> SessionState | None:
        """A session, ended or not; None when there never was one.

        Raises:
            DatabaseUnavailable
        """
        ...
