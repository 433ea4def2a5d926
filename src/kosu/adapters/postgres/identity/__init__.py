"""identity in PostgreSQL: accounts, sessions, one-time tokens, the audit log and notifications."""

from kosu.adapters.postgres.identity.notifications import PostgresNotificationBook
from kosu.adapters.postgres.identity.queries import PostgresIdentityQueries, PostgresStoredSessions
from kosu.adapters.postgres.identity.records import PostgresIdentityRecords

__all__ = ["PostgresIdentityQueries", "PostgresIdentityRecords", "PostgresNotificationBook", "PostgresStoredSessions"]
