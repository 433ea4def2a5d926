"""identity in PostgreSQL: accounts, sessions, one-time tokens and the audit log."""

from kosu.adapters.postgres.identity.queries import PostgresIdentityQueries, PostgresStoredSessions
from kosu.adapters.postgres.identity.records import PostgresIdentityRecords

__all__ = ["PostgresIdentityQueries", "PostgresIdentityRecords", "PostgresStoredSessions"]
