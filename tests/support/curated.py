"""Collections for a large catalogue."""

from __future__ import annotations

import psycopg


def curate(url: str) -> None:
    """Twelve published collections of 50 courses each, from all over the catalogue, which has 600 or more."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """INSERT INTO catalog.collections
               SELECT 'collection-' || n, 'Collection ' || n, '', n, true FROM generate_series(1, 12) n"""
        )
        connection.execute(
            """INSERT INTO catalog.collected_courses
               SELECT 'collection-' || number % 12 + 1, number / 12, id
               FROM (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS number FROM catalog.courses) numbered
               WHERE number <= 600"""
        )
        connection.execute("ANALYZE catalog.collections, catalog.collected_courses")
