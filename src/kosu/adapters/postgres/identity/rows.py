"""identity's tables, and the way between rows and domain values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from kosu.adapters.postgres.rows import Row
from kosu.ids import DeviceId, UserId
from kosu.modules.identity.domain.accounts import User
from kosu.modules.identity.domain.audit import AuditEntry
from kosu.modules.identity.domain.one_time_tokens import OneTimeToken, Purpose
from kosu.modules.identity.domain.sessions import Client, EndReason, Session

NOT_ENDED = text("ended_at IS NULL")


class UserRow(Row):
    __tablename__ = "users"
    __table_args__ = (
        Index("ix_users_authz_changed_at", "authz_changed_at"),
        Index("ix_users_erase_at", "erase_at", postgresql_where=text("erase_at IS NOT NULL")),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    display_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    locale: Mapped[str]
    cred_epoch: Mapped[int]
    authz_epoch: Mapped[int] = mapped_column(server_default="1")
    authz_changed_at: Mapped[datetime] = mapped_column(server_default=text("'epoch'::timestamptz"))
    disabled: Mapped[bool]
    email_verified_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SessionRow(Row):
    """The unique indices hold the device limit even if the advisory lock were forgotten."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("uq_sessions_live_device", "user_id", "device_id", unique=True, postgresql_where=NOT_ENDED),
        Index("uq_sessions_live_slot", "user_id", "slot", unique=True, postgresql_where=NOT_ENDED),
        Index("ix_sessions_user_id_device_id", "user_id", "device_id"),
        Index("ix_sessions_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        CheckConstraint("slot BETWEEN 0 AND 63", name="slot_in_range"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"))
    device_id: Mapped[UUID]
    slot: Mapped[int]
    gen: Mapped[int]
    acked_gen: Mapped[int]
    salt: Mapped[bytes]
    label: Mapped[str]
    ip: Mapped[str]
    browser: Mapped[str]
    os: Mapped[str]
    idle_seconds: Mapped[int]
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_expires_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class OneTimeTokenRow(Row):
    """Found by the digest of what was handed out; a copy of this table opens nothing."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        Index("ix_one_time_tokens_user_id", "user_id"),
        Index("ix_one_time_tokens_expires_at", "expires_at"),
        {"schema": "identity"},
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"))
    email: Mapped[str]
    cred_epoch: Mapped[int]
    device_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditRow(Row):
    """Ids are in the order of time; `user_id` refers to nothing, for the log outlives accounts."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_user_id_id", "user_id", "id"),
        Index("ix_audit_log_actor_id_id", "actor_id", "id"),
        Index("ix_audit_log_at", "at"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str]
    user_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    ip: Mapped[str | None]
    browser: Mapped[str | None]
    os: Mapped[str | None]
    detail: Mapped[dict[str, Any]]


class MutedNotificationRow(Row):
    """That an account has turned a kind of mail off."""

    __tablename__ = "muted_notifications"
    __table_args__ = ({"schema": "identity"},)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class SentNotificationRow(Row):
    """That a mail which can be turned off was handed over, by the mail's key."""

    __tablename__ = "sent_notifications"
    __table_args__ = (
        Index("ix_sent_notifications_sent_at", "sent_at"),
        {"schema": "identity"},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]


def user_values(user: User) -> dict[str, Any]:
    return {**asdict(user), "roles": sorted(user.roles)}


def user_of(row: UserRow | None) -> User | None:
    return None if row is None else User(**{**row.to_dict(), "roles": frozenset(row.roles)})


def session_values(session: Session) -> dict[str, Any]:
    values = asdict(session)
    client = values.pop("client")
    idle = values.pop("idle")
    return {**values, **client, "idle_seconds": int(idle.total_seconds())}


def session_of(row: SessionRow) -> Session:
    values = row.to_dict()
    client = Client(**{name: values.pop(name) for name in ("ip", "browser", "os")})
    idle = timedelta(seconds=values.pop("idle_seconds"))
    end_reason = values.pop("end_reason")
    return Session(**values, client=client, idle=idle, end_reason=None if end_reason is None else EndReason(end_reason))


def token_of(row: OneTimeTokenRow) -> OneTimeToken:
    return OneTimeToken(
        digest=row.digest,
        purpose=Purpose(row.purpose),
        user_id=UserId(row.user_id),
        email=row.email,
        cred_epoch=row.cred_epoch,
        device_id=None if row.device_id is None else DeviceId(row.device_id),
        expires_at=row.expires_at,
    )


def audit_values(entry: AuditEntry) -> dict[str, Any]:
    origin, client = entry.origin, entry.origin.client
    return {
        "id": entry.id,
        "at": entry.at,
        "action": entry.action.value,
        "user_id": entry.user_id,
        "actor_id": origin.actor_id,
        "session_id": origin.session_id,
        "device_id": origin.device_id,
        "ip": client.ip if client else None,
        "browser": client.browser if client else None,
        "os": client.os if client else None,
        "detail": dict(entry.detail),
    }
