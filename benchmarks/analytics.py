"""How long the analytics of a course of 10,000 learners and 50 lessons take, and what of it is PostgreSQL's processor.

On a PostgreSQL of its own, through the adapter that the api uses, one after the other. Every learner began half of the
lessons, and left nine stretches of each watched. As much belongs to other courses.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from uuid import UUID

import psycopg

from benchmarks._machine import cpu_seconds
from entrypoints import migrate
from entrypoints.embedded.temporary import temporary_postgres
from kosu.adapters.postgres.connections import create_pool
from kosu.adapters.postgres.learning import PostgresAnalyticsQueries
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.domain.analytics import DETAIL_POINTS, OVERVIEW_POINTS, sampling_of, window_of
from kosu.settings import PostgresSettings, Secret

LEARNERS = 10_000
DURATION_MS = 900_000
ROUNDS = 5
COURSE, OTHER_COURSE, INSTRUCTOR = (CourseId(UUID(int=1)), CourseId(UUID(int=2)), UserId(UUID(int=3)))
LESSONS = [LessonId(UUID(int=0x1000 + number)) for number in range(50)]
OTHER_LESSONS = [LessonId(UUID(int=0x2000 + number)) for number in range(50)]

MAKE_ENROLMENTS = """
    WITH learners AS (
      INSERT INTO learning.enrolments (user_id, course_id, enrolled_at)
      SELECT uuidv7(), %(course_id)s, now() - random() * interval '60 days' FROM generate_series(1, %(learners)s)
      RETURNING user_id, course_id, enrolled_at
    )
    INSERT INTO learning.grants (id, user_id, course_id, source, source_id, granted_at)
    SELECT uuidv7(), user_id, course_id, 'benchmark', uuidv7(), enrolled_at FROM learners
"""
MAKE_PROGRESS = """
    INSERT INTO learning.progress (user_id, lesson_id, course_id, position_ms, furthest_ms, watched, completed_at,
                                   updated_at, media_revision, seqs)
    SELECT user_id, lesson_id, course_id, 0, 0,
           (SELECT range_agg(int4range(start, start + 20000 + (random() * 60000)::int))
            FROM (SELECT (%(duration_ms)s * (part + random() / 9 - 1) / 9)::int AS start
                  FROM generate_series(1, 9) AS part)
            WHERE lesson_id IS NOT NULL AND user_id IS NOT NULL),
           CASE WHEN random() < 0.4 THEN now() END, now() - random() * interval '60 days', 1, '[]'
    FROM learning.enrolments CROSS JOIN unnest(%(lesson_ids)s::uuid[]) AS lesson_id
    WHERE course_id = %(course_id)s AND random() < 0.5
"""


def make(url: str) -> None:
    with psycopg.connect(url) as connection:
        for course_id, lesson_ids in ((COURSE, LESSONS), (OTHER_COURSE, OTHER_LESSONS)):
            values = {
                "course_id": course_id,
                "lesson_ids": lesson_ids,
                "learners": LEARNERS,
                "duration_ms": DURATION_MS,
            }
            connection.execute(MAKE_ENROLMENTS, values)
            connection.execute(MAKE_PROGRESS, values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


async def measure(name: str, ask: Callable[[], Awaitable[object]], postgres: int) -> None:
    await ask()
    took: list[float] = []
    theirs, ours = cpu_seconds(postgres), time.process_time()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - began) * 1_000)
    per_round = [seconds / ROUNDS * 1_000 for seconds in (cpu_seconds(postgres) - theirs, time.process_time() - ours)]
    print(f"{name:34}{median(took):10.0f}{max(took):10.0f}{per_round[0]:16.0f}{per_round[1]:12.0f}", flush=True)


async def run(url: str, postgres: int) -> None:
    pool = create_pool(PostgresSettings(url=Secret(url), read_pool_size=1, statement_timeout_ms=120_000))
    await pool.open(wait=True)
    queries, at = PostgresAnalyticsQueries(pool), datetime.now(UTC)
    window = window_of(None, None, today=at.date())
    overview, detail = (
        sampling_of(DURATION_MS, most_points=OVERVIEW_POINTS),
        sampling_of(DURATION_MS, most_points=DETAIL_POINTS),
    )
    print(f"{'':34}{'median ms':>10}{'most ms':>10}{'PostgreSQL ms':>16}{'here ms':>12}")
    await measure("enrolments by day", lambda: queries.enrolments_by_day(COURSE, window), postgres)
    await measure(
        "who learns, and how far",
        lambda: queries.use(COURSE, dict.fromkeys(LESSONS, DURATION_MS), at=at, active_since=at - timedelta(days=30)),
        postgres,
    )
    await measure(
        "curves of 50 lessons",
        lambda: queries.retention(COURSE, dict.fromkeys(LESSONS, overview), apart_from=INSTRUCTOR),
        postgres,
    )
    await measure(
        "one lesson, second by second",
        lambda: queries.retention(COURSE, {LESSONS[0]: detail}, apart_from=INSTRUCTOR),
        postgres,
    )
    await pool.close()


def main() -> None:
    with temporary_postgres(durable=True) as (server, child):
        server.create_database("analytics")
        url = server.url("analytics")
        migrate.upgrade(url)
        began = time.perf_counter()
        make(url)
        with psycopg.connect(url) as connection:
            row = connection.execute(
                """SELECT count(*), pg_size_pretty(pg_table_size('learning.progress')),
                          pg_size_pretty(pg_indexes_size('learning.progress'))
                   FROM learning.progress WHERE course_id = %s""",
                (COURSE,),
            ).fetchone()
        print(f"made in {time.perf_counter() - began:.0f} s; rows of the course, tables and indexes of all: {row}")
        assert child.pid is not None
        asyncio.run(run(url, child.pid))


if __name__ == "__main__":
    main()
