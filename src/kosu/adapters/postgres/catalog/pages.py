"""The statement of pages of courses: all that are filtered and sorted alike, together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from psycopg import sql

from kosu.adapters.postgres.catalog.columns import CARD
from kosu.adapters.postgres.catalog.listing import BY_PRICE, BY_VALUE, COURSES, PUBLISHED, SORTED_BY, values_of
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.paging import moment


class Shape(NamedTuple):
    """What listings have alike but for their values: the statement."""

    sort: Sort
    price: str | None
    filters: tuple[str, ...]
    follows: bool

    @classmethod
    def of(cls, listing: CourseListing) -> Shape:
        return cls(listing.sort or "popular", listing.price, tuple(values_of(listing)), listing.after is not None)


def by_shape(listings: Sequence[CourseListing]) -> Iterator[tuple[Shape, list[CourseListing]]]:
    """The listings, each once, by their shapes."""
    alike: dict[Shape, dict[CourseListing, None]] = {}
    for listing in listings:
        alike.setdefault(Shape.of(listing), {})[listing] = None
    for shape, different in alike.items():
        yield shape, list(different)


def pages_statement(shape: Shape, listings: Sequence[CourseListing]) -> tuple[str, Mapping[str, Sequence[object]]]:
    """The pages one after the other: a card's columns, what it is sorted by, and the number of its listing from 1.

    Each page has one row more than its limit where another page follows.
    """
    values: dict[str, Sequence[object]] = {
        name: [values_of(listing)[name] for listing in listings] for name in shape.filters
    }
    values["most"] = [listing.limit + 1 for listing in listings]
    if shape.follows:
        last = [listing.after for listing in listings if listing.after is not None]
        by_time = shape.sort == "newest"
        values["after"] = [moment(cursor.value) if by_time else cursor.value for cursor in last]
        values["after_id"] = [cursor.id for cursor in last]
    return _statement(shape), values


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> str:
    # Kept, for there are few: composing one takes longer than most else that is done for a page.
    columns = dict.fromkeys(shape.filters, "text") | {"most": "int"}
    conditions: list[sql.Composable] = [PUBLISHED, *BY_PRICE[shape.price]]
    conditions += [BY_VALUE[name].format(sql.Identifier("asked", name)) for name in shape.filters]
    key, descending = SORTED_BY[shape.sort], shape.sort != "price"
    if shape.follows:
        columns |= {"after": "timestamptz" if shape.sort == "newest" else "bigint", "after_id": "uuid"}
        comparison = sql.SQL("<" if descending else ">")
        conditions.append(
            sql.SQL("({key}, c.id) {comparison} (asked.after, asked.after_id)").format(key=key, comparison=comparison)
        )
    statement = sql.SQL(
        """SELECT page.*, asked.number
           FROM unnest({values}) WITH ORDINALITY asked ({names}, number),
                LATERAL (SELECT {card}, {key} AS sorted_by FROM {courses} WHERE {conditions}
                         ORDER BY {key} {direction}, c.id {direction} LIMIT asked.most) page
           ORDER BY asked.number, page.sorted_by {direction}, page.id {direction}"""
    )
    return statement.format(
        values=sql.SQL(", ").join(
            sql.SQL("{}::{}[]").format(sql.Placeholder(name), sql.SQL(kind)) for name, kind in columns.items()
        ),
        names=sql.SQL(", ").join(sql.Identifier(name) for name in columns),
        card=CARD,
        key=key,
        courses=COURSES,
        conditions=sql.SQL(" AND ").join(conditions),
        direction=sql.SQL("DESC" if descending else "ASC"),
    ).as_string()
