"""learning in PostgreSQL."""

from kosu.adapters.postgres.learning.queries import PostgresLearningQueries
from kosu.adapters.postgres.learning.questions import PostgresDiscussionQueries
from kosu.adapters.postgres.learning.records import PostgresLearningRecords
from kosu.adapters.postgres.learning.reviews import PostgresReviewQueries

__all__ = ["PostgresDiscussionQueries", "PostgresLearningQueries", "PostgresLearningRecords", "PostgresReviewQueries"]
