"""catalog in PostgreSQL."""

from kosu.adapters.postgres.catalog.queries import PostgresCatalogQueries
from kosu.adapters.postgres.catalog.records import PostgresCatalogRecords
from kosu.adapters.postgres.catalog.search import PostgresCourseSearch

__all__ = ["PostgresCatalogQueries", "PostgresCatalogRecords", "PostgresCourseSearch"]
