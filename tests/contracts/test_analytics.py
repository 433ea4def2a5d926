"""What a course's learners are counted to be, in memory and in PostgreSQL, against models that look at everything."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from kosu.adapters.memory.analytics import MemoryAnalyticsQueries
from kosu.adapters.memory.learning import MemoryLearningRecords
from kosu.adapters.postgres.learning import PostgresAnalyticsQueries, PostgresLearningRecords
from kosu.adapters.postgres.learning.analytics import EDGES, USE
from kosu.ids import CourseId, GrantId, LessonId, UserId
from kosu.modules.learning.analytics_ports import AnalyticsQueries, CourseUse, LessonUse
from kosu.modules.learning.domain.analytics import Sampling, Window
from kosu.modules.learning.domain.enrolment import Grant
from kosu.modules.learning.domain.intervals import Interval, union
from kosu.modules.learning.domain.progress import Progress, course_percent
from tests.support.databases import Database, InPostgres
from tests.support.learning import COURSE, LEARNER, LESSON, OTHER_LEARNER

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOBODY = UserId(UUID(int=0))
TEXT = LessonId(UUID(int=0xE2))


def queries(db: Database) -> AnalyticsQueries:
    made: AnalyticsQueries = db.queries(MemoryAnalyticsQueries, PostgresAnalyticsQueries)
    return made


async def enrolled(
    db: Database,
    user_id: UserId,
    *,
    at: datetime = AT,
    course_id: CourseId = COURSE,
    expires_at: datetime | None = None,
    revoked_at: datetime | None = None,
) -> None:
    async with db.transaction(MemoryLearningRecords, PostgresLearningRecords)() as records:
        enrolment = await records.enrolments.lock(user_id=user_id, course_id=course_id, at=at)
        grant = Grant(
            id=GrantId(uuid7()),
            source="test",
            source_id=uuid7(),
            granted_at=at,
            expires_at=expires_at,
            revoked_at=revoked_at,
        )
        enrolment, _ = enrolment.granted(grant, at=at)
        await records.enrolments.save(enrolment)


async def watched(
    db: Database,
    *intervals: Interval,
    user_id: UserId = LEARNER,
    lesson_id: LessonId = LESSON,
    course_id: CourseId = COURSE,
    completed_at: datetime | None = None,
    updated_at: datetime | None = AT,
) -> Progress:
    progress = Progress(
        user_id=user_id,
        lesson_id=lesson_id,
        course_id=course_id,
        watched=union(intervals),
        completed_at=completed_at,
        updated_at=updated_at,
    )
    async with db.transaction(MemoryLearningRecords, PostgresLearningRecords)() as records:
        await records.progress.lock({(user_id, lesson_id): course_id})
        await records.progress.save([progress])
    return progress


async def curve(db: Database, duration_ms: int, bucket_ms: int, *, apart_from: UserId = NOBODY) -> list[int]:
    sampling = Sampling(duration_ms, bucket_ms)
    return (await queries(db).retention(COURSE, {LESSON: sampling}, apart_from=apart_from))[LESSON]


async def use(db: Database, lessons: Mapping[LessonId, int], *, since: datetime = AT) -> CourseUse:
    return await queries(db).use(COURSE, lessons, at=AT, active_since=since)


async def test_a_bucket_counts_who_saw_any_of_it_once(db: Database) -> None:
    await watched(db, (0, 1), (500, 600), (999, 1_001), (2_999, 3_000))
    await watched(db, (1_000, 3_000), user_id=OTHER_LEARNER)
    assert await curve(db, 4_000, 1_000) == [1, 2, 2, 0]


async def test_what_lies_behind_the_end_of_the_video_does_not_count(db: Database) -> None:
    """A later revision of it may be shorter."""
    await watched(db, (1_400, 9_000))
    await watched(db, (1_500, 9_000), user_id=OTHER_LEARNER)
    assert await curve(db, 1_500, 1_000) == [0, 1]


async def test_the_instructor_and_other_courses_do_not_count(db: Database) -> None:
    await watched(db, (0, 1_000))
    await watched(db, (0, 1_000), user_id=OTHER_LEARNER)
    assert await curve(db, 1_000, 1_000, apart_from=OTHER_LEARNER) == [1]
    elsewhere = await queries(db).retention(
        CourseId(uuid7()), {LESSON: Sampling(1_000, 1_000)}, apart_from=OTHER_LEARNER
    )
    assert elsewhere == {LESSON: [0]}


async def test_nothing_is_asked_of_no_lessons(db: Database) -> None:
    assert await queries(db).retention(COURSE, {}, apart_from=NOBODY) == {}
    await enrolled(db, LEARNER)
    assert await use(db, {}) == CourseUse(enrolled=1, active=0, completed=0, percent_sum=0, lessons={})


@pytest.mark.parametrize("seed", range(8))
async def test_curves_are_those_of_a_model_that_looks_at_every_moment(db: Database, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's chance
    lessons = {LessonId(uuid7()): Sampling(chance.randint(1, 400), chance.randint(1, 50)) for _ in range(3)}
    model = {lesson_id: Counter[int]() for lesson_id in lessons}
    for learner in range(12):
        for lesson_id, sampling in lessons.items():
            starts = [chance.randint(0, 450) for _ in range(chance.randint(0, 12))]
            progress = await watched(
                db,
                *((start, start + chance.randint(1, 60)) for start in starts),
                user_id=UserId(UUID(int=learner)),
                lesson_id=lesson_id,
            )
            moments = {moment for start, end in progress.watched for moment in range(start, end)}
            seen = {moment // sampling.bucket_ms for moment in moments if moment < sampling.duration_ms}
            if learner != 0:
                model[lesson_id].update(seen)
    found = await queries(db).retention(COURSE, lessons, apart_from=NOBODY)
    assert found == {
        lesson_id: [model[lesson_id][bucket] for bucket in range(sampling.buckets)]
        for lesson_id, sampling in lessons.items()
    }


@pytest.mark.parametrize("seed", range(8))
async def test_use_is_that_of_a_model_that_looks_at_every_learner(db: Database, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's chance
    lessons = {LessonId(uuid7()): chance.choice([0, 1, 77, 300]) for _ in range(3)}
    since = AT - 2 * DAY
    learners = [UserId(UUID(int=number)) for number in range(1, 13)]
    own: dict[UserId, list[Progress | None]] = {user_id: [] for user_id in learners}
    for user_id in learners:
        for lesson_id in lessons:
            if chance.random() < 0.2:
                own[user_id].append(None)
                continue
            starts = [chance.randint(0, 320) for _ in range(chance.randint(0, 6))]
            progress = await watched(
                db,
                *((start, start + chance.randint(1, 90)) for start in starts),
                user_id=user_id,
                lesson_id=lesson_id,
                completed_at=AT - chance.randint(0, 4) * DAY if chance.random() < 0.6 else None,
                updated_at=AT - chance.randint(0, 4) * DAY if starts else None,
            )
            own[user_id].append(progress)
    live = [user_id for user_id in learners if chance.random() < 0.7]
    for user_id in learners:
        await enrolled(db, user_id, expires_at=None if user_id in live else AT)
    rows = [each for user_id in live for each in own[user_id] if each is not None]
    found = await use(db, lessons, since=since)
    assert (found.enrolled, found.percent_sum) == (
        len(live),
        sum(course_percent(zip(lessons.values(), own[user_id], strict=True)) for user_id in live),
    )
    assert found.completed == sum(all(each and each.completed_at for each in own[user_id]) for user_id in live)
    assert found.active == len({each.user_id for each in rows if each.touched_at and each.touched_at >= since})
    for lesson_id in lessons:
        of_lesson = [each for each in rows if each.lesson_id == lesson_id]
        assert found.lessons.get(lesson_id, LessonUse()) == LessonUse(
            begun=sum(bool(each.watched or each.completed_at) for each in of_lesson),
            completed=sum(each.completed_at is not None for each in of_lesson),
        )


async def test_only_those_who_are_enrolled_now_are_counted(db: Database) -> None:
    gone = UserId(UUID(int=9))
    await enrolled(db, LEARNER)
    await enrolled(db, LEARNER)
    await enrolled(db, OTHER_LEARNER, revoked_at=AT)
    await enrolled(db, gone, expires_at=AT)
    await enrolled(db, gone, course_id=CourseId(uuid7()))
    for user_id in (LEARNER, OTHER_LEARNER, gone):
        await watched(db, user_id=user_id, lesson_id=TEXT, completed_at=AT)
    assert await use(db, {TEXT: 0}) == CourseUse(
        enrolled=1, active=1, completed=1, percent_sum=100, lessons={TEXT: LessonUse(1, 1)}
    )


async def test_lessons_outside_of_the_curriculum_do_not_count(db: Database) -> None:
    await enrolled(db, LEARNER)
    await watched(db, lesson_id=TEXT, completed_at=AT)
    found = await use(db, {LESSON: 1_000})
    assert (found.completed, found.percent_sum, found.active) == (0, 0, 0)


async def test_enrolments_are_counted_by_day_in_utc(db: Database) -> None:
    midnight = datetime(2026, 3, 8, tzinfo=UTC)
    moments = [midnight - DAY, midnight - timedelta(microseconds=1), midnight, midnight + DAY, midnight + 2 * DAY]
    for number, at in enumerate(moments):
        await enrolled(db, UserId(UUID(int=number + 1)), at=at, expires_at=at)
    await enrolled(db, UserId(UUID(int=1)), at=midnight)
    await enrolled(db, LEARNER, at=midnight, course_id=CourseId(uuid7()))
    found = await queries(db).enrolments_by_day(COURSE, Window(date(2026, 3, 7), date(2026, 3, 9)))
    assert found == {date(2026, 3, 7): 2, date(2026, 3, 8): 1, date(2026, 3, 9): 1}


async def test_one_course_among_many_is_found_by_an_index(postgres: InPostgres) -> None:
    values = {
        "course_id": COURSE,
        "lesson_ids": [LESSON],
        "durations": [100_000],
        "buckets": [1_000],
        "lesson_count": 1,
        "at": AT,
        "since": AT,
        "apart_from": NOBODY,
    }
    async with postgres.pool.connection() as connection:
        await connection.execute(
            """INSERT INTO learning.progress
               SELECT uuidv7(), uuidv7(), uuidv7(), 0, 0, '{[0,1000)}', NULL, now(), 1, '[]'
               FROM generate_series(1, 20000)"""
        )
        await connection.execute("ANALYZE learning.progress")
        for statement in (USE, EDGES):
            cursor = await connection.execute(b"EXPLAIN " + statement.encode(), values)
            plan = "\n".join(line for (line,) in await cursor.fetchall())
            assert "Index Scan using ix_progress_" in plan or "Bitmap Index Scan on ix_progress_" in plan, plan
            assert "Seq Scan on progress" not in plan
