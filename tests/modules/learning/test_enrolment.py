"""Grants, what they tell the others, and how learners are counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from kosu.modules.learning.errors import CourseNotFound, PurchaseRequired
from kosu.modules.learning.events import EnrolmentEnded, LearnerEnrolled
from tests.support.catalog import FREE
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


async def test_only_the_first_live_grant_enrols(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    first = await school.enrol(course)
    await school.enrol(course)
    second = await school.enrol(course, source_id=UUID(int=2))
    assert school.events() == ["learning.LearnerEnrolled"]

    await school.revoke(first)
    assert await school.learning.enrolled(LEARNER, [course.id]) == {course.id}
    await school.revoke(second)
    assert await school.learning.enrolled(LEARNER, [course.id]) == frozenset()
    await school.revoke(second)
    assert school.events() == ["learning.LearnerEnrolled", "learning.EnrolmentEnded"]


async def test_a_revoked_source_may_grant_again(school: LearningInMemory) -> None:
    """A dispute that is won gives back what it took."""
    course = await school.catalog.course()
    source = await school.enrol(course)
    await school.revoke(source)
    await school.enrol(course, source_id=source)
    assert await school.learning.enrolled(LEARNER, [course.id]) == {course.id}
    assert school.events() == ["learning.LearnerEnrolled", "learning.EnrolmentEnded", "learning.LearnerEnrolled"]


async def test_revoking_what_was_never_granted_changes_nothing(school: LearningInMemory) -> None:
    await school.revoke(UUID(int=3))
    assert school.events() == []


async def test_a_grant_is_undone_with_the_transaction_that_it_joined(school: LearningInMemory) -> None:
    course = await school.catalog.course()

    async def grant_and_fail() -> None:
        async with school.transaction() as records:
            await school.learning.grant(
                records,
                user_id=LEARNER,
                course_id=course.id,
                source="order_item",
                source_id=UUID(int=1),
                at=school.clock.now(),
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await grant_and_fail()
    assert await school.learning.enrolled(LEARNER, [course.id]) == frozenset()
    assert school.events() == []


async def test_learners_are_counted_anew_and_the_count_is_told_when_it_changed(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    count = school.container.count_enrolments()
    sources = [await school.enrol(course, user_id=user_id) for user_id in (LEARNER, OTHER_LEARNER)]
    for _ in range(3):
        await count(LearnerEnrolled(user_id=LEARNER, course_id=course.id))
    await school.revoke(sources[0])
    await count(EnrolmentEnded(user_id=LEARNER, course_id=course.id))

    told: list[Any] = [
        row.payload
        for row in school.database.tables["messaging.outbox"].values()
        if row.name == "learning.EnrolmentCountChanged"
    ]
    assert [payload["enrolment_count"] for payload in told] == [2, 1]
    # The clock stood still, and yet the second count is the newer one.
    first, second = (datetime.fromisoformat(payload["counted_at"]) for payload in told)
    assert first < second


async def test_enrolling_in_a_free_course_twice_enrols_once(school: LearningInMemory) -> None:
    course = await school.catalog.course(price=FREE)
    for _ in range(2):
        await school.container.enrol_free()(user_id=LEARNER, slug=course.slug)
    assert school.events() == ["learning.LearnerEnrolled"]
    assert await school.learning.enrolled(LEARNER, [course.id]) == {course.id}


async def test_a_paid_course_is_not_to_be_had_for_free(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    with pytest.raises(PurchaseRequired) as refusal:
        await school.container.enrol_free()(user_id=LEARNER, slug=course.slug)
    assert refusal.value.course_slug == course.slug


async def test_a_draft_cannot_be_enrolled_in(school: LearningInMemory) -> None:
    draft = await school.catalog.course(price=FREE, published=False)
    for slug in (draft.slug, "nowhere"):
        with pytest.raises(CourseNotFound):
            await school.container.enrol_free()(user_id=LEARNER, slug=slug)


async def test_my_courses_say_how_far_i_am_and_where_i_was_last(school: LearningInMemory) -> None:
    older = await school.catalog.course("Older", lessons=[("video", False), ("text", False)])
    newer = await school.catalog.course("Newer")
    for course in (older, newer):
        await school.enrol(course)
        school.clock.advance(minutes=1)
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=older.lessons[1].id)
    await school.watch(older.lessons[0].id, (0, 50_000))

    page = await school.container.list_enrolments()(user_id=LEARNER, cursor=None, limit=1)
    assert [(each.title, each.percent, each.last_lesson) for each in page.items] == [("Newer", 0, None)]
    page = await school.container.list_enrolments()(user_id=LEARNER, cursor=page.next_cursor, limit=1)
    (entry,) = page.items
    assert (entry.title, entry.percent, page.next_cursor) == ("Older", 75, None)
    assert entry.last_lesson is not None
    assert (entry.last_lesson.id, entry.position_ms) == (older.lessons[0].id, 50_000)
