"""Enrolments, progress and notes, in memory and in PostgreSQL; races on PostgreSQL alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from kosu.adapters.memory.learning import MemoryLearningQueries, MemoryLearningRecords
from kosu.adapters.postgres.learning import PostgresLearningQueries, PostgresLearningRecords
from kosu.adapters.system import SystemIds
from kosu.ids import CourseId, GrantId, LessonId, NoteId, UserId
from kosu.modules.learning import LearnerEnrolled, Learning
from kosu.modules.learning.domain.enrolment import Grant
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Beat, Heard, Progress, fold
from kosu.modules.learning.ports import EnrolmentCount, GrantSourceTaken, LearningQueries, LearningRecords
from kosu.modules.learning.use_cases.count_enrolments import CountEnrolments
from kosu.ports.unit_of_work import Transaction
from tests.support.counting import counted
from tests.support.databases import Database, InPostgres
from tests.support.learning import COURSE, LAPTOP, LEARNER, LESSON, OTHER_LEARNER, PHONE, beat, no_progress

AT = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def transaction(db: Database) -> Transaction[LearningRecords]:
    return db.transaction(MemoryLearningRecords, PostgresLearningRecords)


def queries(db: Database) -> LearningQueries:
    made: LearningQueries = db.queries(MemoryLearningQueries, PostgresLearningQueries)
    return made


def a_grant(*, source_id: UUID | None = None, expires_at: datetime | None = None, hours: int = 0) -> Grant:
    return Grant(
        id=GrantId(uuid7()),
        source="order_item",
        source_id=source_id or uuid7(),
        granted_at=AT + hours * HOUR,
        expires_at=expires_at,
    )


async def granted(
    db: Database,
    *grants: Grant,
    user_id: UserId = LEARNER,
    course_id: CourseId = COURSE,
    at: datetime = AT,
) -> None:
    async with transaction(db)() as records:
        enrolment = await records.enrolments.lock(user_id=user_id, course_id=course_id, at=at)
        for grant in grants:
            enrolment, _ = enrolment.granted(grant, at=at)
        await records.enrolments.save(enrolment)


async def test_grants_come_back_as_they_were_saved(db: Database) -> None:
    grants = (a_grant(), a_grant(expires_at=AT + HOUR, hours=1))
    await granted(db, *grants)
    async with transaction(db)() as records:
        enrolment = await records.enrolments.lock(user_id=LEARNER, course_id=COURSE, at=AT + HOUR)
        assert (enrolment.grants, enrolment.enrolled_at) == (grants, AT)
        revoked, _ = enrolment.revoked(source="order_item", source_id=grants[0].source_id, at=AT + HOUR)
        await records.enrolments.save(revoked)
    async with transaction(db)() as records:
        found = await records.enrolments.lock_by_source(source="order_item", source_id=grants[0].source_id)
        assert found == revoked
        assert await records.enrolments.lock_by_source(source="free", source_id=grants[0].source_id) is None


async def test_one_source_gives_access_once(db: Database) -> None:
    source_id = uuid7()
    await granted(db, a_grant(source_id=source_id))
    with pytest.raises(GrantSourceTaken):
        await granted(db, a_grant(source_id=source_id), user_id=OTHER_LEARNER)
    assert await queries(db).enrolled(OTHER_LEARNER, [COURSE], at=AT) == {}


async def test_only_live_grants_open_and_the_longest_one_says_until_when(db: Database) -> None:
    ends, forever, ended, empty = (CourseId(uuid7()) for _ in range(4))
    await granted(db, a_grant(expires_at=AT + HOUR), a_grant(expires_at=AT + 2 * HOUR), course_id=ends)
    await granted(db, a_grant(expires_at=AT + HOUR), a_grant(), course_id=forever)
    await granted(db, a_grant(expires_at=AT), course_id=ended)
    await granted(db, course_id=empty)
    found = await queries(db).enrolled(LEARNER, [ends, forever, ended, empty], at=AT)
    assert {course_id: enrolled.expires_at for course_id, enrolled in found.items()} == {
        ends: AT + 2 * HOUR,
        forever: None,
    }
    assert await queries(db).enrolled(OTHER_LEARNER, [ends], at=AT) == {}


async def test_learners_are_counted_by_their_live_grants(db: Database) -> None:
    await granted(db, a_grant(), a_grant())
    await granted(db, a_grant(expires_at=AT + HOUR), user_id=OTHER_LEARNER)
    await granted(db, a_grant(), course_id=CourseId(uuid7()))
    await granted(db, user_id=UserId(uuid7()))
    async with transaction(db)() as records:
        assert await records.enrolments.count_live(COURSE, at=AT) == 2
        assert await records.enrolments.count_live(COURSE, at=AT + HOUR) == 1


async def test_the_last_count_is_kept(db: Database) -> None:
    async with transaction(db)() as records:
        assert await records.enrolment_counts.lock(COURSE, at=AT) == EnrolmentCount(COURSE, 0, AT)
        await records.enrolment_counts.save(EnrolmentCount(COURSE, 5, AT + HOUR))
    async with transaction(db)() as records:
        assert await records.enrolment_counts.lock(COURSE, at=AT) == EnrolmentCount(COURSE, 5, AT + HOUR)


async def test_my_courses_come_newest_first_in_pages(db: Database) -> None:
    courses = [CourseId(uuid7()) for _ in range(5)]
    for number, course_id in enumerate(courses):
        # The middle three were enrolled in at the same moment.
        await granted(db, a_grant(), course_id=course_id, at=AT + (0, 1, 1, 1, 2)[number] * HOUR)
    await granted(db, a_grant(expires_at=AT), course_id=CourseId(uuid7()), at=AT)
    seen: list[CourseId] = []
    before = None
    while True:
        entries, before = await queries(db).enrolments(LEARNER, at=AT + HOUR, before=before, limit=2)
        seen += [entry.course_id for entry in entries]
        if before is None:
            break
    assert seen == courses[::-1]
    assert entries[0].enrolled_at == AT


async def test_progress_comes_back_as_it_was_saved(db: Database) -> None:
    other = LessonId(uuid7())
    keys = {(LEARNER, LESSON): COURSE, (LEARNER, other): COURSE, (OTHER_LEARNER, LESSON): COURSE}
    async with transaction(db)() as records:
        locked = await records.progress.lock(keys)
        assert locked[LEARNER, LESSON] == no_progress()
        assert locked.keys() == keys.keys()
        changed = fold(
            locked[LEARNER, LESSON],
            [
                beat(3, (0, 10), (20, 95), at=AT),
                beat(2**53 - 1, (10, 12), at=AT + HOUR, position_ms=7, device_id=PHONE, media_revision=4),
            ],
            duration_ms=100,
        )
        untouched = locked[OTHER_LEARNER, LESSON].completed(at=AT)
        await records.progress.save([changed, untouched])
    assert await queries(db).progress(LEARNER, [LESSON]) == {LESSON: changed}
    assert await queries(db).progress(OTHER_LEARNER, [LESSON, other]) == {LESSON: untouched}
    async with transaction(db)() as records:
        assert (await records.progress.lock({(LEARNER, LESSON): COURSE}))[LEARNER, LESSON] == changed


async def test_saving_never_takes_away_what_was_watched(db: Database) -> None:
    async with transaction(db)() as records:
        (empty,) = (await records.progress.lock({(LEARNER, LESSON): COURSE})).values()
        await records.progress.save([replace(empty, watched=((0, 10),))])
        await records.progress.save([replace(empty, watched=((10, 20), (30, 40)))])
    found = await queries(db).progress(LEARNER, [LESSON])
    assert found[LESSON].watched == ((0, 20), (30, 40))


async def test_saving_never_moves_a_completion_to_a_later_moment(db: Database) -> None:
    async with transaction(db)() as records:
        (empty,) = (await records.progress.lock({(LEARNER, LESSON): COURSE})).values()
        for at in (AT + HOUR, AT, None, AT + HOUR):
            await records.progress.save([replace(empty, completed_at=at)])
    found = await queries(db).progress(LEARNER, [LESSON])
    assert found[LESSON].completed_at == AT


def a_note(body: str = "Remember", *, at_ms: int = 0, hours: int = 0, user_id: UserId = LEARNER) -> Note:
    at = AT + hours * HOUR
    return Note(
        id=NoteId(uuid7()),
        user_id=user_id,
        course_id=COURSE,
        lesson_id=LESSON,
        at_ms=at_ms,
        body=body,
        media_revision=1,
        created_at=at,
        updated_at=at,
    )


async def noted(db: Database, *notes: Note) -> None:
    async with transaction(db)() as records:
        for note in notes:
            await records.notes.add(note)


async def test_a_note_is_written_changed_and_removed_by_its_author(db: Database) -> None:
    note = a_note("<b>한글</b>", at_ms=83_500)
    await noted(db, note)
    changed = replace(note, body="Changed", at_ms=1, updated_at=AT + HOUR)
    async with transaction(db)() as records:
        assert await records.notes.lock(note.id, user_id=OTHER_LEARNER) is None
        assert await records.notes.lock(note.id, user_id=LEARNER) == note
        await records.notes.save(changed)
    assert await queries(db).notes(LEARNER, course_id=None, words=[], before=None, limit=5) == ([changed], None)
    async with transaction(db)() as records:
        assert not await records.notes.remove(note.id, user_id=OTHER_LEARNER)
        assert await records.notes.remove(note.id, user_id=LEARNER)
        assert not await records.notes.remove(note.id, user_id=LEARNER)


async def test_notes_of_a_lesson_come_by_their_moment_in_pages(db: Database) -> None:
    notes = [a_note(at_ms=at_ms) for at_ms in (500, 100, 300, 300)]
    await noted(db, *notes, a_note(user_id=OTHER_LEARNER))
    seen: list[Note] = []
    after = None
    while True:
        page, after = await queries(db).lesson_notes(LEARNER, LESSON, after=after, limit=2)
        seen += page
        if after is None:
            break
    assert seen == [notes[1], notes[2], notes[3], notes[0]]
    assert await queries(db).lesson_notes(LEARNER, LessonId(uuid7()), after=None, limit=2) == ([], None)


@pytest.mark.parametrize(
    ("words", "course_id", "found"),
    [
        ([], None, ["100% step", "Gradient Descent"]),
        (["desc", "GRAD"], None, ["Gradient Descent"]),
        (["%"], None, ["100% step"]),
        (["_"], None, []),
        ([], CourseId(UUID(int=5)), []),
        (["step"], COURSE, ["100% step"]),
    ],
)
async def test_a_search_finds_notes_newest_first(
    db: Database, words: list[str], course_id: CourseId | None, found: list[str]
) -> None:
    await noted(db, a_note("Gradient Descent"), a_note("100% step", hours=1), a_note("step", user_id=OTHER_LEARNER))
    seen: list[str] = []
    before = None
    while True:
        page, before = await queries(db).notes(LEARNER, course_id=course_id, words=words, before=before, limit=1)
        seen += [note.body for note in page]
        if before is None:
            break
    assert seen == found


async def test_an_erased_learner_leaves_nothing_but_enrolments(db: Database) -> None:
    other = a_note(user_id=OTHER_LEARNER)
    await noted(db, a_note(), a_note("Another"), other)
    async with transaction(db)() as records:
        locked = await records.progress.lock({(LEARNER, LESSON): COURSE, (OTHER_LEARNER, LESSON): COURSE})
        await records.progress.save([progress.completed(at=AT) for progress in locked.values()])
    async with transaction(db)() as records:
        await records.notes.remove_all(LEARNER)
        await records.progress.remove_all(LEARNER)
    assert await queries(db).progress(LEARNER, [LESSON]) == {}
    assert len(await queries(db).progress(OTHER_LEARNER, [LESSON])) == 1
    for learner, kept in ((LEARNER, []), (OTHER_LEARNER, [other])):
        notes, _ = await queries(db).notes(learner, course_id=None, words=[], before=None, limit=5)
        assert list(notes) == kept


async def test_orders_that_are_settled_at_once_enrol_once(postgres: InPostgres) -> None:
    open_transaction = transaction(postgres)
    learning = Learning(open_transaction, queries(postgres), postgres.clock, SystemIds())
    source_ids = [uuid7() for _ in range(4)] * 3

    async def settle(source_id: UUID) -> None:
        async with open_transaction() as records:
            await learning.grant(
                records, user_id=LEARNER, course_id=COURSE, source="order_item", source_id=source_id, at=AT
            )

    await asyncio.gather(*map(settle, source_ids))
    async with postgres.pool.connection() as connection:
        cursor = await connection.execute("SELECT name FROM messaging.outbox")
        assert await cursor.fetchall() == [("learning.LearnerEnrolled",)]
        cursor = await connection.execute("SELECT count(*) FROM learning.grants")
        assert await cursor.fetchall() == [(4,)]


async def test_a_count_waits_for_the_one_before_it(postgres: InPostgres) -> None:
    """Else the one that saw less could be told last."""
    count = CountEnrolments(transaction(postgres), postgres.clock)
    await granted(postgres, a_grant())
    await count(LearnerEnrolled(user_id=LEARNER, course_id=COURSE))
    async with transaction(postgres)() as records:
        before = await records.enrolment_counts.lock(COURSE, at=AT)
        later = asyncio.create_task(count(LearnerEnrolled(user_id=LEARNER, course_id=COURSE)))
        assert not (await asyncio.wait([later], timeout=0.2))[0]
        await records.enrolment_counts.save(replace(before, count=7, counted_at=before.counted_at + HOUR))
    await later
    async with transaction(postgres)() as records:
        after = await records.enrolment_counts.lock(COURSE, at=AT)
    assert after.count == 1
    assert after.counted_at > before.counted_at + HOUR


async def test_a_fold_waits_for_the_one_before_it(postgres: InPostgres) -> None:
    """Else it would take back the position and the numbers that the other one wrote."""
    key = {(LEARNER, LESSON): COURSE}

    async def fold_one(each: Beat) -> None:
        async with transaction(postgres)() as records:
            (before,) = (await records.progress.lock(key)).values()
            await records.progress.save([fold(before, [each], duration_ms=100)])

    await fold_one(beat(1, (0, 10), at=AT))
    async with transaction(postgres)() as records:
        (before,) = (await records.progress.lock(key)).values()
        later = asyncio.create_task(fold_one(beat(1, (80, 90), at=AT, device_id=PHONE)))
        assert not (await asyncio.wait([later], timeout=0.2))[0]
        await records.progress.save([fold(before, [beat(2, (10, 20), at=AT + HOUR)], duration_ms=100)])
    await later
    after = (await queries(postgres).progress(LEARNER, [LESSON]))[LESSON]
    assert after.watched == ((0, 20), (80, 90))
    assert [(device.device_id, device.seq) for device in after.devices] == [(LAPTOP, 2), (PHONE, 1)]


async def test_folds_at_once_lose_nothing_and_never_wait_crosswise(postgres: InPostgres) -> None:
    lessons = [LessonId(uuid7()) for _ in range(10)]

    async def fold_one(number: int) -> None:
        # Each names the lessons in another order.
        named = lessons[number:] + lessons[:number]
        async with transaction(postgres)() as records:
            locked = await records.progress.lock({(LEARNER, lesson_id): COURSE for lesson_id in named})
            device = (LAPTOP, PHONE)[number % 2]
            await records.progress.save(
                [
                    fold(
                        progress,
                        [beat(0, (number * 10, number * 10 + 10), at=AT, device_id=device)],
                        duration_ms=100,
                    )
                    for progress in locked.values()
                ]
            )

    await asyncio.gather(fold_one(0), fold_one(1))
    found: dict[LessonId, Progress] = dict(await queries(postgres).progress(LEARNER, lessons))
    assert [found[lesson_id].watched for lesson_id in lessons] == [((0, 20),)] * 10


async def test_the_moment_of_each_device_outlives_a_flush(db: Database) -> None:
    """Else the first heartbeat after it would be believed whatever it says."""
    for number in range(3):
        async with transaction(db)() as records:
            (before,) = (await records.progress.lock({(LEARNER, LESSON): COURSE})).values()
            claim = beat(number, (number * 100, number * 100 + 100), at=AT + number * timedelta(milliseconds=2_010))
            await records.progress.save([fold(before, [claim], duration_ms=1_000)])
    async with transaction(db)() as records:
        (before,) = (await records.progress.lock({(LEARNER, LESSON): COURSE})).values()
        claim = beat(9, (0, 100_000), at=AT + timedelta(milliseconds=5_020), device_id=LAPTOP)
        await records.progress.save([fold(before, [claim], duration_ms=100_000)])
    assert (await queries(db).progress(LEARNER, [LESSON]))[LESSON].watched == ((0, 4_000),)


async def test_rows_from_before_moments_were_kept_are_read(postgres: InPostgres) -> None:
    async with transaction(postgres)() as records:
        (before,) = (await records.progress.lock({(LEARNER, LESSON): COURSE})).values()
        await records.progress.save([fold(before, [beat(4, (0, 10), at=AT)], duration_ms=100)])
    async with postgres.pool.connection() as connection:
        await connection.execute("UPDATE learning.progress SET heard = DEFAULT")
    assert (await queries(postgres).progress(LEARNER, [LESSON]))[LESSON].devices == (Heard(LAPTOP, 4),)


@pytest.mark.parametrize("count", [1, 700])
async def test_a_batch_is_three_statements_however_large(postgres: InPostgres, count: int) -> None:
    lessons = {(LEARNER, LessonId(uuid7())): COURSE for _ in range(count)}
    async with transaction(postgres)() as records:
        # The first one on a connection asks what server this is.
        await records.progress.lock({(LEARNER, LESSON): COURSE})
    with counted() as trips:
        async with transaction(postgres)() as records:
            locked = await records.progress.lock(lessons)
            await records.progress.save(
                [fold(each, [beat(1, (0, 10), at=AT)], duration_ms=100) for each in locked.values()]
            )
    assert trips.postgres == 3


async def test_begun_courses_come_by_the_last_touch_after_those_that_are_named(db: Database) -> None:
    early, late, ticked, waiting, untouched, ended = (CourseId(uuid7()) for _ in range(6))
    for course_id in (early, late, ticked, waiting, untouched):
        await granted(db, a_grant(expires_at=AT + 9 * HOUR), course_id=course_id)
    await granted(db, a_grant(expires_at=AT + HOUR), course_id=ended)
    lessons = {course_id: LessonId(uuid7()) for course_id in (early, late, ticked, ended)}
    again = LessonId(uuid7())
    touches: dict[LessonId, tuple[CourseId, int]] = {
        lessons[early]: (early, 2),
        lessons[late]: (late, 3),
        again: (late, 1),
        lessons[ended]: (ended, 5),
    }
    async with transaction(db)() as records:
        locked = await records.progress.lock(
            {(LEARNER, lesson): course_id for lesson, (course_id, _) in touches.items()}
            | {(LEARNER, lessons[ticked]): ticked, (OTHER_LEARNER, lessons[early]): early}
        )
        changed = [
            fold(locked[LEARNER, lesson], [beat(1, (0, 10), at=AT + hours * HOUR)], duration_ms=100)
            for lesson, (_, hours) in touches.items()
        ]
        changed.append(locked[LEARNER, lessons[ticked]].completed(at=AT + 4 * HOUR))
        changed.append(
            fold(locked[OTHER_LEARNER, lessons[early]], [beat(1, (0, 10), at=AT + 8 * HOUR)], duration_ms=100)
        )
        await records.progress.save(changed)

    async def begun(*first: CourseId, limit: int = 9) -> list[CourseId]:
        entries = await queries(db).begun(LEARNER, at=AT + 2 * HOUR, first=first, limit=limit)
        return [entry.course_id for entry in entries]

    assert await begun() == [ticked, late, early]
    assert await begun(waiting, early) == [waiting, early, ticked, late]
    assert await begun(early, waiting) == [early, waiting, ticked, late]
    assert await begun(ended, CourseId(uuid7())) == [ticked, late, early]
    assert await begun(limit=2) == [ticked, late]
    assert await queries(db).begun(OTHER_LEARNER, at=AT, first=[early], limit=9) == []
    (entry,) = await queries(db).begun(LEARNER, at=AT + 2 * HOUR, first=[], limit=1)
    assert (entry.enrolled_at, entry.expires_at) == (AT, AT + 9 * HOUR)
