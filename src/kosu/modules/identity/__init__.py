"""identity: accounts, and device-aware sessions that each device holds and its owner can see and end."""

from kosu.modules.identity.domain.audit import Action, Origin
from kosu.modules.identity.domain.notifications import NotificationKind
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.events import (
    AccountClosed,
    AccountErased,
    AuthorityChanged,
    PasswordChanged,
    ProfileChanged,
    SessionEnded,
    UserRegistered,
)
from kosu.modules.identity.facade import AuditLog, Contact, Identity
from kosu.modules.identity.notifications import Notifications
from kosu.modules.identity.ports import SessionMark

__all__ = [
    "AccountClosed",
    "AccountErased",
    "Action",
    "AuditLog",
    "AuthorityChanged",
    "Contact",
    "Identity",
    "NotificationKind",
    "Notifications",
    "Origin",
    "PasswordChanged",
    "ProfileChanged",
    "SessionEnded",
    "SessionMark",
    "UserRegistered",
    "Viewer",
]
