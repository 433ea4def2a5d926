"""Background work of identity."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ports.messages import Job


@dataclass(frozen=True, slots=True)
class SendPasswordReset(Job):
    """Mail a reset link to this address, if it is an account's. The request itself is answered alike in any case."""

    email: str


@dataclass(frozen=True, slots=True)
class SendEmailVerification(Job):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class EraseAccounts(Job):
    """Erase the closed accounts whose time of reflection is over."""


@dataclass(frozen=True, slots=True)
class PurgeIdentity(Job):
    """Delete what nobody needs any more: long ended sessions, used one-time tokens, old audit entries."""
