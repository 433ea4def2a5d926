"""A course's learners, counted by PostgreSQL: one plain statement for each question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.analytics_ports import CourseUse, LessonUse
from kosu.modules.learning.domain.analytics import Sampling, Window, retention
from kosu.modules.learning.domain.progress import MAX_POSITION_MS

# The first row is of the course, the others of its lessons. A lesson's percent is that of `Progress.percent`, a
# learner's that of `course_percent`.
USE = """
    WITH lessons AS MATERIALIZED (
      SELECT lesson_id, nullif(duration_ms, 0) AS duration_ms, int4multirange(int4range(0, duration_ms)) AS whole
      FROM unnest(%(lesson_ids)s::uuid[], %(durations)s::int[]) AS lessons (lesson_id, duration_ms)
    ), learners AS MATERIALIZED (
      SELECT DISTINCT user_id FROM learning.grants
      WHERE course_id = %(course_id)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(at)s)
    ), seen AS MATERIALIZED (
      SELECT user_id, lesson_id, completed_at, updated_at, completed_at IS NOT NULL OR NOT isempty(watched) AS begun,
             CASE WHEN completed_at IS NOT NULL THEN 100
                  ELSE coalesce((
                    SELECT 100 * sum(upper(part) - lower(part))
                    FROM unnest(CASE WHEN upper(watched) > duration_ms THEN watched * whole ELSE watched END) AS part
                  ) / duration_ms, 0)
             END AS percent
      FROM learning.progress JOIN lessons USING (lesson_id) JOIN learners USING (user_id)
      WHERE course_id = %(course_id)s
    ), by_learner AS (
      SELECT max(greatest(updated_at, completed_at)) AS touched_at, count(completed_at) AS completed,
             sum(percent)::bigint / %(lesson_count)s AS percent
      FROM seen GROUP BY user_id
    )
    SELECT NULL, count(*) FILTER (WHERE touched_at >= %(since)s),
           count(*) FILTER (WHERE completed = %(lesson_count)s), coalesce(sum(percent), 0)::bigint,
           (SELECT count(*) FROM learners)
    FROM by_learner
    UNION ALL
    SELECT lesson_id, count(*) FILTER (WHERE begun), count(completed_at), 0, 0 FROM seen GROUP BY lesson_id
"""

# Where learners begin and end to have seen buckets. Several intervals of a learner may touch a bucket: each begins
# behind the bucket in which the one before it ended, and unnest answers them in ascending order.
EDGES = """
    WITH stretches AS (
      SELECT lesson_id, first, beyond, count(*) AS learners
      FROM unnest(%(lesson_ids)s::uuid[], %(durations)s::int[], %(buckets)s::int[])
             AS lessons (lesson_id, duration_ms, bucket_ms)
      JOIN learning.progress USING (lesson_id)
      CROSS JOIN LATERAL (
        SELECT greatest(lower(part) / bucket_ms, lag((upper(part) - 1) / bucket_ms + 1) OVER ()) AS first,
               (upper(part) - 1) / bucket_ms + 1 AS beyond
        FROM unnest(CASE WHEN upper(watched) > duration_ms THEN watched * int4multirange(int4range(0, duration_ms))
                         ELSE watched END) AS part
      ) AS seen
      WHERE course_id = %(course_id)s AND user_id <> %(apart_from)s
      GROUP BY lesson_id, first, beyond
    )
    SELECT lesson_id, bucket, sum(change)::bigint
    FROM stretches CROSS JOIN LATERAL (VALUES (first, learners), (beyond, -learners)) AS edges (bucket, change)
    GROUP BY lesson_id, bucket
"""


class PostgresAnalyticsQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def enrolments_by_day(self, course_id: CourseId, window: Window) -> Mapping[date, int]:
        rows = await fetch_all(
            self._pool,
            """SELECT CAST(enrolled_at AT TIME ZONE 'UTC' AS date), count(*) FROM learning.enrolments
               WHERE course_id = %(course_id)s AND enrolled_at >= %(start)s AND enrolled_at < %(end)s
               GROUP BY 1""",
            {
                "course_id": course_id,
                "start": datetime.combine(window.first, time.min, UTC),
                "end": datetime.combine(window.last + timedelta(days=1), time.min, UTC),
            },
        )
        return dict(rows)

    async def use(
        self, course_id: CourseId, lessons: Mapping[LessonId, int], *, at: datetime, active_since: datetime
    ) -> CourseUse:
        (_, active, completed, percent_sum, enrolled), *rows = await fetch_all(
            self._pool,
            USE,
            {
                "course_id": course_id,
                "lesson_ids": list(lessons),
                "durations": [min(duration_ms, MAX_POSITION_MS) for duration_ms in lessons.values()],
                "lesson_count": len(lessons),
                "at": at,
                "since": active_since,
            },
        )
        return CourseUse(
            enrolled=enrolled,
            active=active,
            completed=completed,
            percent_sum=percent_sum,
            lessons={LessonId(row[0]): LessonUse(row[1], row[2]) for row in rows},
        )

    async def retention(
        self, course_id: CourseId, lessons: Mapping[LessonId, Sampling], *, apart_from: UserId
    ) -> Mapping[LessonId, list[int]]:
        if not lessons:
            return {}
        rows = await fetch_all(
            self._pool,
            EDGES,
            {
                "course_id": course_id,
                "lesson_ids": list(lessons),
                "durations": [min(sampling.duration_ms, MAX_POSITION_MS) for sampling in lessons.values()],
                "buckets": [sampling.bucket_ms for sampling in lessons.values()],
                "apart_from": apart_from,
            },
        )
        edges = defaultdict[LessonId, list[tuple[int, int]]](list)
        for lesson_id, bucket, change in rows:
            edges[lesson_id].append((bucket, change))
        return {
            lesson_id: retention(edges[lesson_id], buckets=sampling.buckets) for lesson_id, sampling in lessons.items()
        }
