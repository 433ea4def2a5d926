"""How long the catalogue's pages take among 100,000 courses, each asked one after the other through its adapter."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from statistics import median, quantiles
from typing import get_args

from entrypoints import migrate
from entrypoints.embedded.temporary import temporary_postgres
from entrypoints.large_catalogue import make_courses
from kosu.adapters.postgres.catalog import PostgresBackOffice, PostgresCatalogQueries, PostgresDiscovery
from kosu.adapters.postgres.connections import Pool, create_pool
from kosu.modules.catalog.domain.listing import CourseListing, Sort
from kosu.paging import Cursor
from kosu.settings import PostgresSettings, Secret
from tests.support.curated import curate

COURSES = 100_000
ROUNDS = 100
FILTERS: Mapping[str, CourseListing] = {
    "in a category": CourseListing(category="music"),
    "of a level": CourseListing(level="advanced"),
    "in a language": CourseListing(language="ko"),
    "for free": CourseListing(price="free"),
    "in a collection": CourseListing(collection="collection-3"),
}


async def pages(pool: Pool) -> Mapping[str, Callable[[], Awaitable[object]]]:
    queries, discovery, back_office = PostgresCatalogQueries(pool), PostgresDiscovery(pool), PostgresBackOffice(pool)
    asked: dict[str, Callable[[], Awaitable[object]]] = {}
    sorts: tuple[Sort, ...] = get_args(Sort)
    for sort in sorts:
        listing = CourseListing(sort=sort)
        asked[f"by {sort}"] = partial(queries.courses, listing)
        for _ in range(50):
            following = (await queries.courses(listing)).next_cursor
            assert following is not None
            listing = replace(listing, after=Cursor.decode(following, sort=sort))
        asked[f"by {sort}, page 51"] = partial(queries.courses, listing)
        for name, filtered in FILTERS.items():
            asked[f"by {sort}, {name}"] = partial(queries.courses, replace(filtered, sort=sort))
    return asked | {
        "a course": partial(queries.detail, "course-77777"),
        "categories": queries.categories,
        "home": partial(discovery.home, row_size=12),
        "collections": discovery.collections,
        "a collection of 50": partial(discovery.collection, "collection-3"),
        "what waits for review": partial(back_office.courses, "in_review", before=None, limit=20),
    }


async def measure(url: str) -> None:
    pool = create_pool(PostgresSettings(url=Secret(url), read_pool_size=1))
    await pool.open(wait=True)
    print(f"{'':32}{'p50 ms':>8}{'p99 ms':>8}")
    for name, ask in (await pages(pool)).items():
        for _ in range(10):
            await ask()
        took: list[float] = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await ask()
            took.append((time.perf_counter() - began) * 1000)
        print(f"{name:32}{median(took):8.2f}{quantiles(took, n=100, method='inclusive')[98]:8.2f}", flush=True)
    await pool.close()


def main() -> None:
    with temporary_postgres(durable=True) as (server, _):
        server.create_database("catalog")
        url = server.url("catalog")
        migrate.upgrade(url)
        began = time.perf_counter()
        make_courses(url, COURSES)
        print(f"{COURSES} courses made in {time.perf_counter() - began:.0f} s")
        curate(url)
        asyncio.run(measure(url))


if __name__ == "__main__":
    main()
