"""media in PostgreSQL."""

from kosu.adapters.postgres.media.board import PostgresAssetBoard
from kosu.adapters.postgres.media.queries import PostgresMediaQueries
from kosu.adapters.postgres.media.records import PostgresMediaRecords

__all__ = ["PostgresAssetBoard", "PostgresMediaQueries", "PostgresMediaRecords"]
