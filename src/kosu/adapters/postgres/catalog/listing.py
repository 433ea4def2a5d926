"""The parts of statements that lists of courses and searches share."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql

from kosu.adapters.postgres.catalog.columns import CARD_WIDTH, Columns
from kosu.modules.catalog.domain.listing import CourseListing, Order, Sort
from kosu.paging import Cursor, microseconds

COURSES = sql.SQL("catalog.courses c JOIN catalog.categories g ON g.slug = c.category")
SORTED_BY: Mapping[Sort, sql.SQL] = {
    "popular": sql.SQL("c.enrolment_count"),
    "newest": sql.SQL("c.published_at"),
    "rating": sql.SQL("coalesce(c.rating_sum * 1000 / nullif(c.rating_count, 0), 0)"),
    "price": sql.SQL("c.price_minor"),
}

# An array, so that a collection is where the list begins: it is a few courses, of which the planner knows nothing.
COLLECTED = sql.SQL(
    """c.id = ANY (ARRAY(SELECT e.course_id FROM catalog.collected_courses e
                        JOIN catalog.collections k ON k.slug = e.collection AND k.published
                        WHERE e.collection = %(collection)s))"""
)


def filters(listing: CourseListing) -> tuple[list[sql.Composable], dict[str, object]]:
    """The conditions of a listing's filters, and their values."""
    values: dict[str, object] = {}
    conditions: list[sql.Composable] = [sql.SQL("c.state = 'published'")]
    for column in ("category", "level", "language"):
        value = getattr(listing, column)
        if value is not None:
            conditions.append(sql.SQL(f"c.{column} = %({column})s"))
            values[column] = storable(value)
    if listing.collection is not None:
        conditions.append(COLLECTED)
        values["collection"] = storable(listing.collection)
    if listing.price is not None:
        conditions.append(sql.SQL("c.price_minor = 0" if listing.price == "free" else "c.price_minor > 0"))
    return conditions, values


def cursor_of(order: Order, row: Columns) -> Cursor:
    """The cursor of a row that says behind its card what it is sorted by."""
    value = row[CARD_WIDTH]
    return Cursor(order, row[0], microseconds(value) if order == "newest" else value)


def storable(text: str) -> str:
    """Text that PostgreSQL takes as a parameter: it refuses a NUL, and no slug or tag holds what stands in for it."""
    return text.replace("\0", "\ufffd")
