"""What identity writes, all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.modules.identity.domain.one_time_tokens import OneTimeToken, Purpose
from kosu.modules.identity.domain.sessions import Session
from kosu.ports.unit_of_work import OpenTransaction


class Users(Protocol):
    async def add(self, user: User) -> None:
        """Raises EmailTaken."""
        ...

    async def get(self, user_id: UserId) -> User | None: ...

    async def lock(self, user_id: UserId) -> User | None:
        """The account, with no other writer until the transaction ends. Rows that refer to it can still be added."""
        ...

    async def with_email(self, email: str) -> User | None:
        """The account with this address, in its normal form."""
        ...

    async def save(self, user: User) -> None:
        """Write a changed account over the stored one, which was locked. Raises EmailTaken."""
        ...

    async def replace_hash(self, user: User, password_hash: str) -> None:
        """Store another hash of the same password, unless the credentials have changed since `user` was read."""
        ...

    async def forget(self, user_id: UserId) -> None:
        """Delete the account's sessions, one-time tokens and notifications, and take from its audit entries where they
        came from.
        """
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

    async def knows(self, user_id: UserId, device_id: DeviceId) -> bool:
        """Whether the account has ever been signed in on the device, as far as the rows go back."""
        ...

    async def admit(self, session: Session, *, cred_epoch: int) -> bool:
        """Add a session if the account is still enabled and at `cred_epoch`; False when it is not.

        Raises:
            SlotTaken: a live session holds the device or the slot, or there is no such slot. The transaction stays
                usable in the first two cases.
        """
        ...

    async def save(self, session: Session) -> None: ...


class SlotTaken(Exception):  # noqa: N818
    """A racing admission took the slot or the device first; the lock was not held or not heeded."""


class OneTimeTokens(Protocol):
    async def add(self, token: OneTimeToken) -> None: ...

    async def find(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        """An unused token within its time; not locked."""
        ...

    async def use(self, digest: bytes, purpose: Purpose, *, at: datetime) -> OneTimeToken | None:
        """Use a token up; of any number of racing transactions one gets it, and the others None."""
        ...


class AuditLog(Protocol):
    async def add(self, entry: AuditEntry) -> None: ...


class IdentityRecords(OpenTransaction, Protocol):
    @property
    def users(self) -> Users: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def one_time_tokens(self) -> OneTimeTokens: ...

    @property
    def audit(self) -> AuditLog: ...


@dataclass(frozen=True, slots=True)
class RecentEnds:
    """What a process that did not listen for a while has to learn: reasons by session, newest epoch by account."""

    sessions: Mapping[SessionId, str]
    authz_epochs: Mapping[UserId, int]
