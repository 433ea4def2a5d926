"""What identity answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from kosu.ids import DeviceId, LessonId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import NOBODY, AuditEntry
from kosu.modules.identity.domain.sessions import Session
from kosu.modules.identity.domain.streams import StreamLease


class UserView(msgspec.Struct, frozen=True):
    id: UserId
    email: str
    email_verified: bool
    display_name: str
    roles: list[str]
    locale: str
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> UserView:
        return cls(
            id=user.id,
            email=user.email,
            email_verified=user.email_verified_at is not None,
            display_name=user.display_name,
            roles=sorted(user.roles),
            locale=user.locale,
            created_at=user.created_at,
        )


class SessionView(msgspec.Struct, frozen=True):
    """A device as its owner sees it; `current` marks the one that asks."""

    id: SessionId
    device_id: DeviceId
    label: str
    browser: str
    os: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    current: bool

    @classmethod
    def of(cls, session: Session, *, current: SessionId | None = None) -> SessionView:
        return cls(
            id=session.id,
            device_id=session.device_id,
            label=session.label,
            browser=session.client.browser,
            os=session.client.os,
            ip=session.client.ip,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            current=session.id == current,
        )


class StreamView(msgspec.Struct, frozen=True):
    """A device of the account that plays something."""

    device_id: DeviceId
    lesson_id: LessonId
    expires_at: datetime

    @classmethod
    def of(cls, lease: StreamLease) -> StreamView:
        return cls(device_id=lease.device_id, lesson_id=lease.lesson_id, expires_at=lease.expires_at)


class AccountView(msgspec.Struct, frozen=True):
    """An account as operators see it."""

    id: UserId
    email: str
    email_verified: bool
    display_name: str
    roles: list[str]
    disabled: bool
    erase_at: datetime | None
    live_sessions: int
    last_seen_at: datetime | None
    created_at: datetime


class AuditEntryView(msgspec.Struct, frozen=True):
    """A security event: `user_id` is the account that it is about, `actor_id` who did it."""

    id: UUID
    at: datetime
    action: str
    user_id: UserId | None
    actor_id: UserId | None
    session_id: SessionId | None
    device_id: DeviceId | None
    ip: str | None
    browser: str | None
    os: str | None
    detail: Mapping[str, str | int | bool | list[str]]

    @classmethod
    def of(cls, entry: AuditEntry, *, for_user: UserId | None = None) -> AuditEntryView:
        """The entry; `for_user` leaves out from where somebody else did it."""
        origin = entry.origin
        if for_user is not None and origin.actor_id not in {None, for_user}:
            origin = NOBODY
        client = origin.client
        return cls(
            id=entry.id,
            at=entry.at,
            action=entry.action,
            user_id=entry.user_id,
            actor_id=origin.actor_id,
            session_id=origin.session_id,
            device_id=origin.device_id,
            ip=client.ip if client else None,
            browser=client.browser if client else None,
            os=client.os if client else None,
            detail=entry.detail,
        )


class AccountExport(msgspec.Struct, frozen=True):
    """Identity's part of what Kosu keeps about a person."""

    exported_at: datetime
    account: UserView
    devices: list[SessionView]
    security_events: list[AuditEntryView]
