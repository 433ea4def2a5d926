"""What a search costs in PostgreSQL: one statement, by indexes, over a bounded number of rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from entrypoints.embedded.postgres import PostgresServer
from kosu.adapters.postgres.catalog import PostgresCourseSearch
from kosu.adapters.postgres.catalog.search import (
    MOST_FOUND,
    search_statement,
    suggest_statement,
)
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.domain.search import CANDIDATES, SearchQuery
from tests.contracts.test_catalog_queries import published
from tests.contracts.test_catalog_records import transaction
from tests.support.counting import counted
from tests.support.databases import InPostgres, in_postgres
from tests.support.large_catalogue import make_courses

COURSES = 20_000
# In every node of a plan.
BOUND = MOST_FOUND
ORDINARY = (
    "python",
    "linux",
    "자료구조",
    "자료 구조",
    "machine learning",
    "pyhton 강의",
    "깃허부",
    "첫",
    "gksrmf",
    "qwxzvk",
)
BROAD = ("p", "javascrpt", "python javascript react angular kotlin", "ㅍ")


@pytest.fixture(scope="module")
def large_database(postgres_server: PostgresServer, migrated_template: str) -> Iterator[str]:
    postgres_server.create_database("large", template=migrated_template)
    make_courses(postgres_server.url("large"), COURSES)
    yield postgres_server.url("large")
    postgres_server.drop_database("large")


@pytest.fixture
async def large(large_database: str) -> AsyncIterator[InPostgres]:
    async with in_postgres(large_database) as database:
        yield database


async def plans(db: InPostgres, q: str) -> list[dict[str, Any]]:
    """The nodes of the plans of a search and of suggestions, as they were executed."""
    query = SearchQuery.of(q)
    nodes = []
    for listing in (CourseListing(q=q), CourseListing(q=q, sort="price", category="data", language="ko")):
        nodes += await _explained(db, *search_statement(query, listing))
    return nodes + await _explained(db, *suggest_statement(query))


async def _explained(db: InPostgres, statement: Any, values: dict[str, object]) -> list[dict[str, Any]]:
    async with db.pool.connection() as connection:
        explained = b"EXPLAIN (ANALYZE, FORMAT JSON) " + statement.as_bytes(connection)
        row = await (await connection.execute(explained, values, prepare=False)).fetchone()
    assert row is not None
    waiting, nodes = [row[0][0]["Plan"]], []
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.get("Plans", [])
    return nodes


@pytest.mark.parametrize("q", ORDINARY)
async def test_an_ordinary_query_is_answered_by_indexes(large: InPostgres, q: str) -> None:
    """By PostgreSQL's own choice. Half of these words are in hundreds of courses, one is in every tenth."""
    nodes = await plans(large, q)
    assert {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"} == set()
    assert "ix_course_search_words" in {node.get("Index Name") for node in nodes}


@pytest.mark.parametrize("q", [*ORDINARY, *BROAD])
async def test_the_work_of_any_query_is_bounded(large: InPostgres, q: str) -> None:
    """Also where so many courses fit that reading the table until there are enough is the best way."""
    for node in await plans(large, q):
        if "Relation Name" in node:
            looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            assert looked_at * node["Actual Loops"] <= BOUND, node


async def test_of_too_many_the_popular_ones_are_found(large: InPostgres) -> None:
    page = await PostgresCourseSearch(large.pool).courses(CourseListing(q="python", limit=100))
    assert len(page.items) == CANDIDATES
    assert all("python" in card.title for card in page.items[:50])
    async with large.pool.connection() as connection:
        found = await connection.execute(
            "SELECT id FROM catalog.courses WHERE title LIKE 'python %' ORDER BY enrolment_count DESC LIMIT 1"
        )
        (most_popular,) = await found.fetchone() or (None,)
    assert most_popular in {card.id for card in page.items}


async def test_a_search_and_suggestions_are_one_statement_each(large: InPostgres) -> None:
    search = PostgresCourseSearch(large.pool)
    with counted() as trips:
        await search.courses(CourseListing(q="pyhton 강의"))
    assert trips.postgres == 1
    with counted() as trips:
        await search.suggest(SearchQuery.of("pyhton"), limit=8)
    assert trips.postgres == 1


async def test_an_enrolment_writes_nothing_into_the_indexes_of_the_search(postgres: InPostgres) -> None:
    course = await published(postgres, "Bread")

    async def version() -> Any:
        async with postgres.pool.connection() as connection:
            return await (await connection.execute("SELECT ctid FROM catalog.course_search")).fetchall()

    before = await version()
    for changed in (replace(course, enrolment_count=7), replace(course, enrolment_count=8)):
        async with transaction(postgres)() as records:
            await records.courses.lock(course.id)
            await records.courses.save(changed)
    assert await version() == before
