"""learning in PostgreSQL."""

from kosu.adapters.postgres.learning.analytics import PostgresAnalyticsQueries
from kosu.adapters.postgres.learning.certificates import PostgresCertificateQueries
from kosu.adapters.postgres.learning.queries import PostgresLearningQueries
from kosu.adapters.postgres.learning.records import PostgresLearningRecords

__all__ = [
    "PostgresAnalyticsQueries",
    "PostgresCertificateQueries",
    "PostgresLearningQueries",
    "PostgresLearningRecords",
]
