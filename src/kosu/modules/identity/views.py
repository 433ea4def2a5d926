"""What identity answers."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.sessions import Session


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
