"""learning in PostgreSQL."""

from kosu.adapters.postgres.learning.queries import PostgresLearningQueries
from kosu.adapters.postgres.learning.records import PostgresLearningRecords

__all__ = ["PostgresLearningQueries", "PostgresLearningRecords"]
