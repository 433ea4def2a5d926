"""What identity needs from the outside."""

from kosu.modules.identity.ports.credentials import AccessTokens, PasswordHasher, PasswordHashingBusy
from kosu.modules.identity.ports.notifications import NotificationBook, Recipient
from kosu.modules.identity.ports.queries import IdentityQueries
from kosu.modules.identity.ports.records import (
    AuditLog,
    IdentityRecords,
    OneTimeTokens,
    RecentEnds,
    Sessions,
    SlotTaken,
    Users,
)
from kosu.modules.identity.ports.session_state import (
    Authority,
    Cached,
    LiveSession,
    NoSuchSession,
    SessionCache,
    SessionCacheUnavailable,
    SessionMark,
    SessionState,
    StoredSessions,
    Tombstone,
)
from kosu.modules.identity.ports.stream_leases import StreamLeases, StreamLeasesUnavailable

__all__ = [
    "AccessTokens",
    "AuditLog",
    "Authority",
    "Cached",
    "IdentityQueries",
    "IdentityRecords",
    "LiveSession",
    "NoSuchSession",
    "NotificationBook",
    "OneTimeTokens",
    "PasswordHasher",
    "PasswordHashingBusy",
    "RecentEnds",
    "Recipient",
    "SessionCache",
    "SessionCacheUnavailable",
    "SessionMark",
    "SessionState",
    "Sessions",
    "SlotTaken",
    "StoredSessions",
    "StreamLeases",
    "StreamLeasesUnavailable",
    "Tombstone",
    "Users",
]
