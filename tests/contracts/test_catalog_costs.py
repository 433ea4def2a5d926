"""What the catalogue's pages cost in PostgreSQL: by indexes, whatever the size of the catalogue."""

from __future__ import annotations

from functools import partial
from typing import Any, get_args

import pytest

from kosu.adapters.postgres.catalog import PostgresBackOffice, PostgresCatalogQueries, PostgresDiscovery
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.paging import Cursor
from tests.support.curated import curate
from tests.support.databases import InPostgres
from tests.support.plans import Node, plan_of

SORTS: tuple[Sort, ...] = get_args(Sort)
FILTERS: list[dict[str, Any]] = [
    {},
    {"category": "music"},
    {"category": "nowhere"},
    {"level": "advanced"},
    {"language": "ko"},
    {"language": "tlh"},
    {"price": "free"},
    {"price": "paid"},
    {"category": "music", "level": "beginner", "language": "en", "price": "free"},
    {"collection": "collection-3"},
    {"collection": "nowhere"},
]


@pytest.fixture(scope="session")
def curated(large_database: str) -> None:
    curate(large_database)


def by_indexes(nodes: list[Node]) -> set[str]:
    """The indexes that the plan reads. The tables that grow with the catalogue are read in no other way."""
    scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    assert scanned.isdisjoint({"courses", "sections", "lessons"}), nodes
    return {node["Index Name"] for node in nodes if "Index Name" in node}


@pytest.mark.usefixtures("curated")
@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("sort", SORTS)
async def test_a_list_is_read_by_an_index_page_after_page(
    large: InPostgres, sort: Sort, filters: dict[str, Any]
) -> None:
    queries = PostgresCatalogQueries(large.pool)
    after: Cursor | None = None
    for _ in range(3):
        listing = CourseListing(sort=sort, after=after, **filters)
        assert by_indexes(await plan_of(large.pool, partial(queries.courses, listing)))
        following = (await queries.courses(listing)).next_cursor
        if following is None:
            break
        after = Cursor.decode(following, sort=sort)


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"sort": "popular"}, "ix_courses_popular"),
        ({"sort": "newest"}, "ix_courses_newest"),
        ({"sort": "rating"}, "ix_courses_rating"),
        ({"sort": "price"}, "ix_courses_price"),
        ({"sort": "popular", "category": "music"}, "ix_courses_category"),
        ({"sort": "popular", "language": "ko"}, "ix_courses_language"),
    ],
)
async def test_a_page_reads_the_entries_that_it_shows(large: InPostgres, filters: dict[str, Any], index: str) -> None:
    """Nothing is read to be thrown away or sorted; only the pages of a statement are put in their order at the root."""
    queries = PostgresCatalogQueries(large.pool)
    listing = CourseListing(limit=100, **filters)
    for _ in range(3):
        nodes = await plan_of(large.pool, partial(queries.courses, listing))
        assert index in by_indexes(nodes)
        assert not any(node["Node Type"] in {"Sort", "Incremental Sort"} for node in nodes[1:])
        (read,) = [node for node in nodes if node.get("Index Name") == index]
        assert (read["Actual Rows"], read.get("Rows Removed by Filter", 0)) == (101, 0)
        following = (await queries.courses(listing)).next_cursor
        assert following is not None
        listing = CourseListing(limit=100, after=Cursor.decode(following, sort=listing.order), **filters)


@pytest.mark.usefixtures("curated")
async def test_each_row_of_the_home_page_reads_the_courses_that_it_shows(large: InPostgres) -> None:
    nodes = await plan_of(large.pool, partial(PostgresDiscovery(large.pool).home, row_size=12))
    assert by_indexes(nodes) >= {"ix_courses_popular", "ix_courses_newest", "ix_courses_category"}
    read = [node["Actual Rows"] * node["Actual Loops"] for node in nodes if node.get("Relation Name") == "courses"]
    # The popular, the newest, six categories and twelve collections.
    assert sum(read) == 20 * 12


@pytest.mark.usefixtures("curated")
async def test_a_collection_reads_its_own_courses(large: InPostgres) -> None:
    discovery = PostgresDiscovery(large.pool)
    for ask, entries in ((partial(discovery.collection, "collection-3"), 50), (discovery.collections, 600)):
        nodes = await plan_of(large.pool, ask)
        by_indexes(nodes)
        read = [node["Actual Rows"] * node["Actual Loops"] for node in nodes if node.get("Relation Name") == "courses"]
        assert read == [entries]


async def test_a_course_is_read_by_its_slug_and_its_curriculum_by_the_course(large: InPostgres) -> None:
    queries = PostgresCatalogQueries(large.pool)
    indexes = by_indexes(await plan_of(large.pool, partial(queries.detail, "course-77")))
    assert indexes >= {"uq_courses_slug", "ix_sections_course", "ix_lessons_section"}


@pytest.mark.parametrize("state", ["in_review", "published", None])
async def test_what_operators_list_is_read_by_an_index(large: InPostgres, state: Any) -> None:
    back_office = PostgresBackOffice(large.pool)
    page = await back_office.courses(state, before=None, limit=20)
    before = page.items[-1].id if page.items else None
    for start in (None, before):
        by_indexes(await plan_of(large.pool, partial(back_office.courses, state, before=start, limit=20)))
