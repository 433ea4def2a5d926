"""What a search costs in PostgreSQL: one statement, by indexes, over a bounded number of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

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
from tests.support.databases import InPostgres
from tests.support.plans import explained

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


async def plans(db: InPostgres, q: str) -> list[dict[str, Any]]:
    """The nodes of the plans of a search and of suggestions, as they were executed."""
    query = SearchQuery.of(q)
    nodes = []
    for listing in (CourseListing(q=q), CourseListing(q=q, sort="price", category="data-science", language="ko")):
        nodes += await explained(db.pool, *search_statement(query, listing))
    return nodes + await explained(db.pool, *suggest_statement(query))


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
    assert all("python" in card.title.lower() for card in page.items[:50])
    async with large.pool.connection() as connection:
        found = await connection.execute(
            "SELECT id FROM catalog.courses WHERE title LIKE 'Python %' ORDER BY enrolment_count DESC LIMIT 1"
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
