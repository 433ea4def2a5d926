"""What identity needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from kosu.errors import Unavailable
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.domain.tokens import AccessClaims
from kosu.modules.identity.views import SessionView, UserView
from kosu.ports.unit_of_work import OpenTransaction


class Users(Protocol):
    async def add(self, user: User) -> None:
        """Raises EmailTaken."""
        ...

    async def get(self, user_id: UserId) -> User | None: ...

    async def with_email(self, email: str) -> User | None:
        """The account with this address, in its normal form."""
        ...

    async def save(self, user: User) -> None:
        """Write a changed account over the stored one. Raises EmailTaken."""
        ...


class Sessions(Protocol):
    async def lock_admissions(self, user_id: UserId) -> None:
        """Let no other transaction admit a session of this user until this one ends. Must be its first lock.

        Raises:
            DatabaseUnavailable: the lock was not to be had in time.
        """
        ...

    async def not_ended(self, user_id: UserId) -> list[Session]:
        """Sessions that nobody has ended, expired ones among them, oldest first."""
        ...

    async def lock(self, session_id: SessionId) -> Session | None:
        """The session, ended ones too, locked until the transaction ends."""
        ...

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        """Add a session if the account is still enabled and at `cred_epoch`; False when it is not.

        Raises:
            SlotTaken: the database refused a second live session on the device or in the slot.
        """
        ...

    async def save(self, session: Session) -> None: ...


class SlotTaken(Exception):  # noqa: N818
    """A racing admission took the slot or the device first; the lock was not held or not heeded."""


class IdentityRecords(OpenTransaction, Protocol):
    @property
    def users(self) -> Users: ...

    @property
    def sessions(self) -> Sessions: ...


@dataclass(frozen=True, slots=True)
class SessionState:
    """All that is needed to let a request through or to refuse it with the reason."""

    user_id: UserId
    session_id: SessionId
    device_id: DeviceId
    expires_at: datetime
    roles: frozenset[str]
    disabled: bool = False
    end_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The mark of an ended session in the cache."""

    reason: str


class IdentityQueries(Protocol):
    """Reads, and the one hot write, each a single statement outside of any transaction block."""

    async def user(self, user_id: UserId) -> UserView | None: ...

    async def live_sessions(self, user_id: UserId, *, current: SessionId, at: datetime) -> Sequence[SessionView]:
        """The user's live devices, most recently seen first."""
        ...

    async def session_state(self, session_id: SessionId) -> SessionState | None:
        """The truth about a session, ended or not; None when there never was one."""
        ...

    async def rotate(
        self, session_id: SessionId, *, device_id: DeviceId, gen: int, salt: bytes, at: datetime
    ) -> Session | None:
        """Compare and swap: make the next generation current if `gen` is current, settled and the session lives.

        One statement. None when anything differs; nothing was changed then, and the cold path judges why.
        """
        ...

    async def record_activity(self, seen: Mapping[SessionId, tuple[datetime, int]]) -> None:
        """Note when sessions were last seen and which generation they used. Never moves either backwards."""
        ...

    async def display_names(self, user_ids: Collection[UserId]) -> Mapping[UserId, str]: ...


class SessionCacheUnavailable(Unavailable):
    """The cache did not answer; the database decides."""

    code = "session_cache_unavailable"


@runtime_checkable
class SessionCache(Protocol):
    """Session states for a minute, tombstones of ended sessions for longer than any access token lives."""

    async def get(self, user_id: UserId, session_id: SessionId) -> SessionState | Tombstone | None:
        """The cached state of a live session, or the mark of an ended one; in one round trip.

        Raises:
            SessionCacheUnavailable
        """
        ...

    async def fill(self, state: SessionState) -> None:
        """Remember a live state unless the key is taken: a fill that raced a revocation must not resurrect it.

        Raises:
            SessionCacheUnavailable
        """
        ...

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        """Overwrite with tombstones (reason by session). Call after the commit that ended them.

        Raises:
            SessionCacheUnavailable
        """
        ...


@runtime_checkable
class PasswordHasher(Protocol):
    """Slow on purpose; runs on a bounded pool, so that many log-ins cannot stall the process."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether the password fits. With None it answers False and takes as long, to hide unknown accounts."""
        ...


@runtime_checkable
class AccessTokens(Protocol):
    def mint(self, claims: AccessClaims, *, at: datetime) -> str: ...

    def verify(self, token: str, *, at: datetime) -> AccessClaims:
        """Check a token without any IO.

        Raises:
            InvalidToken: malformed, forged, of another kind.
            TokenExpired
        """
        ...
