"""learning in PostgreSQL."""

from kosu.adapters.postgres.learning.analytics import PostgresAnalyticsQueries
from kosu.adapters.postgres.learning.certificates import PostgresCertificateQueries
from kosu.adapters.postgres.learning.queries import PostgresLearningQueries
from kosu.adapters.postgres.learning.questions import PostgresDiscussionQueries
from kosu.adapters.postgres.learning.records import PostgresLearningRecords
from kosu.adapters.postgres.learning.reviews import PostgresReviewQueries

__all__ = [
    "PostgresAnalyticsQueries",
    "PostgresCertificateQueries",
    "PostgresDiscussionQueries",
    "PostgresLearningQueries",
    "PostgresLearningRecords",
    "PostgresReviewQueries",
]
