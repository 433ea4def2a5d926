"""What identity tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class UserRegistered(Event):
    user_id: UUID


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """`reason` is one of `kosu.modules.identity.domain.sessions.EndReason`."""

    user_id: UUID
    session_id: UUID
    reason: str
