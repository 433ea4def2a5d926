"""All rows, for Alembic and for the test that rows and migrations agree."""

from kosu.adapters.postgres import identity, outbox
from kosu.adapters.postgres.rows import rows_registry

__all__ = ["identity", "metadata", "outbox"]

metadata = rows_registry.metadata
