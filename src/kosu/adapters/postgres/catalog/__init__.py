"""catalog in PostgreSQL."""

from kosu.adapters.postgres.catalog.back_office import PostgresBackOffice
from kosu.adapters.postgres.catalog.discovery import PostgresDiscovery
from kosu.adapters.postgres.catalog.queries import PostgresCatalogQueries
from kosu.adapters.postgres.catalog.records import PostgresCatalogRecords
from kosu.adapters.postgres.catalog.search import PostgresCourseSearch

__all__ = [
    "PostgresBackOffice",
    "PostgresCatalogQueries",
    "PostgresCatalogRecords",
    "PostgresCourseSearch",
    "PostgresDiscovery",
]
