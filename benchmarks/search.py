"""How long searches and suggestions take among 100,000 courses, and what of it is PostgreSQL's processor time.

On a PostgreSQL of its own, through the adapter that the api uses, one after the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from statistics import median, quantiles

import psycopg

from benchmarks._machine import cpu_seconds
from entrypoints import migrate
from entrypoints.embedded.temporary import temporary_postgres
from entrypoints.large_catalogue import make_courses
from kosu.adapters.postgres.catalog import PostgresCourseSearch
from kosu.adapters.postgres.connections import create_pool
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.domain.search import SearchQuery
from kosu.settings import PostgresSettings, Secret

COURSES = 100_000
ROUNDS = 30
QUERIES = {
    "a rare word": "통계학 4711",
    "a word of every 40th course": "writing",
    "a word of every tenth": "python",
    "two words": "machine learning",
    "other spaces": "자료 구조",
    "a typo": "kubernets",
    "a typo in Korean": "파이선",
    "a typo in a frequent word": "javascrpt",
    "the other keyboard": "gksrmf",
    "six frequent words": "python javascript react angular kotlin swift",
    "one letter": "p",
    "nonsense": "qwxzvk",
}


async def measure(search: Callable[[str], Awaitable[object]], postgres: int) -> None:
    print(f"{'':28}{'p50 ms':>8}{'p99 ms':>8}{'CPU µs of PostgreSQL':>24}{'of this process':>18}")
    for name, q in QUERIES.items():
        await search(q)
        took: list[float] = []
        theirs, ours = cpu_seconds(postgres), time.process_time()
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await search(q)
            took.append((time.perf_counter() - began) * 1000)
        per_query = [
            seconds / ROUNDS * 1_000_000 for seconds in (cpu_seconds(postgres) - theirs, time.process_time() - ours)
        ]
        print(f"{name:28}{median(took):8.1f}{_p99(took):8.1f}{per_query[0]:24.0f}{per_query[1]:18.0f}", flush=True)


async def run(url: str, postgres: int) -> None:
    pool = create_pool(PostgresSettings(url=Secret(url), read_pool_size=1))
    await pool.open(wait=True)
    search = PostgresCourseSearch(pool)
    print("searches")
    await measure(lambda q: search.courses(CourseListing(q=q)), postgres)
    print("suggestions")
    await measure(lambda q: search.suggest(SearchQuery.of(q), limit=8), postgres)
    await pool.close()


def main() -> None:
    with temporary_postgres(durable=True) as (server, child):
        server.create_database("search")
        url = server.url("search")
        migrate.upgrade(url)
        began = time.perf_counter()
        make_courses(url, COURSES)
        with psycopg.connect(url) as connection:
            row = connection.execute(
                """SELECT pg_size_pretty(pg_table_size('catalog.course_search')),
                          pg_size_pretty(pg_indexes_size('catalog.course_search'))"""
            ).fetchone()
        print(f"{COURSES} courses made in {time.perf_counter() - began:.0f} s; index and its indexes: {row}")
        assert child.pid is not None
        asyncio.run(run(url, child.pid))


def _p99(took: Sequence[float]) -> float:
    return quantiles(took, n=100, method="inclusive")[98]


if __name__ == "__main__":
    main()
