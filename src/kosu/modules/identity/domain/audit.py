"""The audit log: what happened to accounts and sessions, by whom and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.domain.sessions import Client

Detail = Mapping[str, str | int | bool | list[str]]


class Action(StrEnum):
    REGISTERED = "registered"
    LOGGED_IN = "logged_in"
    LOG_IN_FAILED = "log_in_failed"
    DEVICE_LIMIT_REACHED = "device_limit_reached"
    DEVICE_ADMITTED = "device_admitted"
    SESSION_ENDED = "session_ended"
    PASSWORD_RESET_REQUESTED = "password_reset_requested"  # noqa: S105 - the name of an action
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an action
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an action
    EMAIL_VERIFIED = "email_verified"
    EXPORTED = "account_exported"
    DELETION_REQUESTED = "account_deletion_requested"
    ERASED = "account_erased"
    DISABLED = "account_disabled"
    ENABLED = "account_enabled"
    ROLES_CHANGED = "roles_changed"
    SESSIONS_REVOKED = "sessions_revoked"
    ACCOUNTS_VIEWED = "accounts_viewed"
    AUDIT_VIEWED = "audit_viewed"
    HEALTH_VIEWED = "health_viewed"
    REFUND_REQUESTED = "refund_requested"
    ORDERS_VIEWED = "orders_viewed"
    ORDER_VIEWED = "order_viewed"
    LEDGER_VIEWED = "ledger_viewed"
    WEBHOOK_VIEWED = "webhook_viewed"
    WEBHOOK_REPLAYED = "webhook_replayed"
    WEBHOOK_IGNORED = "webhook_ignored"
    COUPON_CREATED = "coupon_created"
    COUPON_CHANGED = "coupon_changed"
    COUPON_ARCHIVED = "coupon_archived"
    MEDIA_VIEWED = "media_viewed"
    MEDIA_RETRIED = "media_retried"
    MEDIA_CANCELLED = "media_cancelled"
    CAPTIONS_CHANGED = "captions_changed"
    CERTIFICATE_REVOKED = "certificate_revoked"
    REVIEW_HIDDEN = "review_hidden"
    REVIEW_SHOWN = "review_shown"
    COURSES_VIEWED = "courses_viewed"
    COURSE_APPROVED = "course_approved"
    COURSE_REJECTED = "course_rejected"
    CATEGORY_CREATED = "category_created"
    CATEGORY_CHANGED = "category_changed"
    CATEGORY_REMOVED = "category_removed"
    COLLECTION_CREATED = "collection_created"
    COLLECTION_CHANGED = "collection_changed"
    COLLECTION_REMOVED = "collection_removed"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who does something, and from where; a part of Kosu itself where all is None."""

    actor_id: UserId | None = None
    session_id: SessionId | None = None
    device_id: DeviceId | None = None
    client: Client | None = None


NOBODY = Origin()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One security event. `user_id` is the account that it is about, None where there is no such account."""

    id: UUID
    at: datetime
    action: Action
    user_id: UserId | None
    origin: Origin = NOBODY
    detail: Detail = field(default_factory=dict)
