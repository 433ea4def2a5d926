"""catalog in PostgreSQL."""

from kosu.adapters.postgres.catalog.queries import PostgresCatalogQueries
from kosu.adapters.postgres.catalog.records import PostgresCatalogRecords

__all__ = ["PostgresCatalogQueries", "PostgresCatalogRecords"]
