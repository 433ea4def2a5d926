"""All rows, for Alembic and for the test that rows and migrations agree."""

from kosu.adapters.postgres import cron_rows as crons
from kosu.adapters.postgres import outbox
from kosu.adapters.postgres.billing import rows as billing
from kosu.adapters.postgres.catalog import rows as catalog
from kosu.adapters.postgres.identity import rows as identity
from kosu.adapters.postgres.learning import community_rows as community
from kosu.adapters.postgres.learning import rows as learning
from kosu.adapters.postgres.media import rows as media
from kosu.adapters.postgres.rows import Row

__all__ = ["billing", "catalog", "community", "crons", "identity", "learning", "media", "metadata", "outbox", "schemas"]

metadata = Row.metadata
schemas = frozenset(table.schema for table in metadata.tables.values())
"""One for each module: what else a database holds is not ours."""
