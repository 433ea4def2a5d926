"""What identity tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """`reason` is one of `kosu.modules.identity.domain.sessions.EndReason`."""

    broadcast: ClassVar[bool] = True

    user_id: UUID
    session_id: UUID
    device_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class AuthorityChanged(Event):
    """The roles of an account changed, or it was disabled or enabled."""

    broadcast: ClassVar[bool] = True

    user_id: UUID
    authz_epoch: int


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """The account shows another display name."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """Its owner asked for its deletion; it can be opened again until it is erased."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class AccountErased(Event):
    """Nothing may refer to the person behind this account any more."""

    user_id: UUID
