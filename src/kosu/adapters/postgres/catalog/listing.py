"""The parts of statements that lists of courses and searches share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

BY_VALUE: Mapping[str, sql.SQL] = {
    "category": sql.SQL("c.category = {}"),
    "level": sql.SQL("c.level = {}"),
    "language": sql.SQL("c.language = {}"),
    # An array, so that a collection is where the list begins: it is a few courses, of which the planner knows nothing.
    "collection": sql.SQL(
        """c.id = ANY (ARRAY(SELECT e.course_id FROM catalog.collected_courses e
                            JOIN catalog.collections k ON k.slug = e.collection AND k.published
                            WHERE e.collection = {}))"""
    ),
}
"""The filters that compare with what is asked for, by their names in a CourseListing."""
BY_PRICE: Mapping[str | None, Sequence[sql.SQL]] = {
    None: (),
    "free": [sql.SQL("c.price_minor = 0")],
    "paid": [sql.SQL("c.price_minor > 0")],
}
PUBLISHED = sql.SQL("c.state = 'published'")


def values_of(listing: CourseListing) -> dict[str, str]:
    """The values of those filters BY_VALUE that the listing has."""
    values = ((name, getattr(listing, name)) for name in BY_VALUE)
    return {name: storable(value) for name, value in values if value is not None}


def filters(listing: CourseListing) -> tuple[list[sql.Composable], dict[str, object]]:
    """The conditions of a listing's filters, and their values."""
    values = values_of(listing)
    conditions = (BY_VALUE[name].format(sql.Placeholder(name)) for name in values)
    return [PUBLISHED, *BY_PRICE[listing.price], *conditions], dict(values)


def cursor_of(order: Order, row: Columns) -> Cursor:
    """The cursor of a row that says behind its card what it is sorted by."""
    value = row[CARD_WIDTH]
    return Cursor(order, row[0], microseconds(value) if order == "newest" else value)


def storable(text: str) -> str:
    """Text that PostgreSQL takes as a parameter: it refuses a NUL, and no slug or tag holds what stands in for it."""
    return text.replace("\0", "\ufffd")
