"""The pages that lead to courses: each of their rows begins at an index, and takes as many courses as it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from psycopg import sql

from kosu.adapters.postgres.catalog.columns import CARD, CARD_WIDTH, Columns, card
from kosu.adapters.postgres.catalog.listing import COURSES, storable
from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.modules.catalog.views import (
    CategoryShelf,
    CategoryView,
    CollectionName,
    CollectionPage,
    CollectionShelf,
    CollectionView,
    Home,
    HomeRow,
    NewestRow,
    PopularRow,
)

# OFFSET 0 keeps the join course by course, so that a collection is read no further than it is shown.
# Behind the card: the number of the row's kind; position, slug and name of its shelf; the course's place in it.
HOME = sql.SQL(
    """SELECT {card}, 0, 0, '', '', row_number() OVER (ORDER BY c.enrolment_count DESC, c.id DESC)
       FROM (SELECT * FROM catalog.courses c WHERE c.state = 'published'
             ORDER BY c.enrolment_count DESC, c.id DESC LIMIT %(size)s) c
       JOIN catalog.categories g ON g.slug = c.category
       UNION ALL
       SELECT {card}, 1, 0, '', '', row_number() OVER (ORDER BY c.published_at DESC, c.id DESC)
       FROM (SELECT * FROM catalog.courses c WHERE c.state = 'published'
             ORDER BY c.published_at DESC, c.id DESC LIMIT %(size)s) c
       JOIN catalog.categories g ON g.slug = c.category
       UNION ALL
       SELECT {card}, 2, g.position, g.slug, g.name,
              row_number() OVER (PARTITION BY g.slug ORDER BY c.enrolment_count DESC, c.id DESC)
       FROM catalog.categories g,
            LATERAL (SELECT * FROM catalog.courses c WHERE c.state = 'published' AND c.category = g.slug
                     ORDER BY c.enrolment_count DESC, c.id DESC LIMIT %(size)s) c
       UNION ALL
       SELECT {card}, 3, k.position, k.slug, k.title, c.place
       FROM catalog.collections k,
            LATERAL (SELECT c.*, e.position AS place
                     FROM catalog.collected_courses e,
                          LATERAL (SELECT * FROM catalog.courses c WHERE c.id = e.course_id OFFSET 0) c
                     WHERE e.collection = k.slug AND c.state = 'published' ORDER BY e.position LIMIT %(size)s) c
       JOIN catalog.categories g ON g.slug = c.category
       WHERE k.published
       ORDER BY {kind}, {shelf_position}, {shelf}, {place}"""
).format(
    card=CARD,
    kind=sql.Literal(CARD_WIDTH + 1),
    shelf_position=sql.Literal(CARD_WIDTH + 2),
    shelf=sql.Literal(CARD_WIDTH + 3),
    place=sql.Literal(CARD_WIDTH + 5),
)
COLLECTIONS = sql.SQL(
    """SELECT k.slug, k.title, k.description,
              (SELECT count(*) FROM catalog.collected_courses e JOIN catalog.courses c ON c.id = e.course_id
               WHERE e.collection = k.slug AND c.state = 'published')
       FROM catalog.collections k WHERE k.published ORDER BY k.position, k.slug"""
)
# A collection without published courses is a row with a card of nulls.
COLLECTION = sql.SQL(
    """SELECT {card}, k.slug, k.title, k.description
       FROM catalog.collections k
       LEFT JOIN (catalog.collected_courses e JOIN {courses} ON c.id = e.course_id AND c.state = 'published')
              ON e.collection = k.slug
       WHERE k.slug = %(slug)s AND k.published ORDER BY e.position"""
).format(card=CARD, courses=COURSES)


class PostgresDiscovery:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def home(self, *, row_size: int) -> Home:
        rows = await fetch_all(self._pool, HOME, {"size": row_size})
        shelf = itemgetter(CARD_WIDTH, CARD_WIDTH + 2, CARD_WIDTH + 3)
        return Home([_home_row(kind, slug, name, courses) for (kind, slug, name), courses in groupby(rows, shelf)])

    async def collections(self) -> Sequence[CollectionView]:
        return [
            CollectionView(slug=slug, title=title, description=description, course_count=course_count)
            for slug, title, description, course_count in await fetch_all(self._pool, COLLECTIONS, {})
        ]

    async def collection(self, slug: str) -> CollectionPage | None:
        rows = await fetch_all(self._pool, COLLECTION, {"slug": storable(slug)})
        if not rows:
            return None
        slug, title, description = rows[0][CARD_WIDTH:]
        cards = [card(row) for row in rows if row[0] is not None]
        return CollectionPage(slug=slug, title=title, description=description, items=cards)


def _home_row(kind: int, slug: str, name: str, courses: Iterable[Columns]) -> HomeRow:
    items = [card(course) for course in courses]
    match kind:
        case 0:
            return PopularRow(items)
        case 1:
            return NewestRow(items)
        case 2:
            return CategoryShelf(CategoryView(slug, name), items)
        case _:
            return CollectionShelf(CollectionName(slug, name), items)
