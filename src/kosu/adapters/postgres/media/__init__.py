"""media in PostgreSQL."""

from kosu.adapters.postgres.media.queries import PostgresMediaQueries
from kosu.adapters.postgres.media.records import PostgresMediaRecords

__all__ = ["PostgresMediaQueries", "PostgresMediaRecords"]
