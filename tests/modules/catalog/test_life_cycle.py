"""The states of a course: what its instructor does, what operators do, and what neither can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kosu.ids import CourseId
from kosu.modules.catalog.domain.course import Course, CourseState
from kosu.modules.catalog.errors import (
    CourseNotFound,
    CourseStateConflict,
    CurriculumEmpty,
    InvalidCourse,
    NotCourseOwner,
    ReviewRequired,
)
from kosu.modules.identity import Origin
from kosu.paging import InvalidCursor
from tests.support.catalog import (
    AT,
    INSTRUCTOR,
    OPERATOR,
    OTHER_INSTRUCTOR,
    CatalogInMemory,
    a_course,
    a_lesson,
    a_section,
)

LATER = AT + timedelta(hours=1)
REVIEWER = Origin(actor_id=OPERATOR)
TRANSITIONS: dict[str, Callable[[Course], Course]] = {
    "submitted": lambda course: course.submitted(at=LATER),
    "withdrawn": lambda course: course.withdrawn(at=LATER),
    "approved": lambda course: course.approved(at=LATER),
    "rejected": lambda course: course.rejected("Too short.", at=LATER),
    "published": lambda course: course.published(at=LATER),
    "archived": lambda course: course.archived(at=LATER),
}


def in_state(state: CourseState) -> Course:
    return a_course(state=state, sections=(a_section(a_lesson()),))


@pytest.mark.parametrize(
    ("transition", "to", "sources"),
    [
        ("submitted", "in_review", {"draft", "in_review", "archived"}),
        ("withdrawn", "draft", {"draft", "in_review"}),
        ("approved", "published", {"in_review", "published"}),
        ("rejected", "draft", {"in_review"}),
        ("published", "published", {"draft", "in_review", "published", "archived"}),
        ("archived", "archived", {"draft", "in_review", "published", "archived"}),
    ],
)
def test_each_transition_leads_to_one_state_from_those_where_it_makes_sense(
    transition: str, to: CourseState, sources: set[CourseState]
) -> None:
    states: tuple[CourseState, ...] = ("draft", "in_review", "published", "archived")
    for state in states:
        course = in_state(state)
        if state in sources:
            changed = TRANSITIONS[transition](course)
            assert changed.state == to
            assert changed.updated_at == (course.updated_at if state == to else LATER), state
        else:
            with pytest.raises(CourseStateConflict) as refusal:
                TRANSITIONS[transition](course)
            assert refusal.value.state == state


@pytest.mark.parametrize("transition", ["submitted", "approved", "published"])
def test_nothing_without_lessons_is_offered(transition: str) -> None:
    with pytest.raises(CurriculumEmpty):
        TRANSITIONS[transition](a_course(state="in_review"))


def test_a_rejection_says_why_until_the_course_is_handed_in_or_published() -> None:
    rejected = in_state("in_review").rejected("Too short.", at=LATER)
    assert rejected.rejection_reason == "Too short."
    assert rejected.submitted(at=LATER).rejection_reason is None
    assert rejected.published(at=LATER).rejection_reason is None


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001, "a\0b"])
def test_a_rejection_has_a_reason_that_can_be_read(reason: str) -> None:
    with pytest.raises(InvalidCourse) as refusal:
        in_state("in_review").rejected(reason, at=LATER)
    assert refusal.value.field == "reason"


class Reviewed:
    """A catalogue with review, and a course that is handed in."""

    def __init__(self, studio: CatalogInMemory, course: Course) -> None:
        self.studio = studio
        self.course = course

    @property
    def as_instructor(self) -> dict[str, Any]:
        return {"user_id": INSTRUCTOR, "is_operator": False, "course_id": self.course.id}


@pytest.fixture
async def reviewed() -> Reviewed:
    studio = CatalogInMemory(review_required=True)
    course = await studio.course(published=False)
    await studio.container.submit_course()(user_id=INSTRUCTOR, is_operator=False, course_id=course.id)
    return Reviewed(studio, course)


async def test_an_approval_publishes_and_is_audited_once(reviewed: Reviewed) -> None:
    approve = reviewed.studio.container.approve_course()
    for _ in range(2):
        course = await approve(course_id=reviewed.course.id, origin=REVIEWER)
        assert course.state == "published"
    assert reviewed.studio.audited() == [("course_approved", INSTRUCTOR, {"course_id": str(reviewed.course.id)})]
    assert (await reviewed.studio.read(reviewed.course)).published_at == reviewed.studio.clock.now()


async def test_a_rejection_is_read_by_the_instructor_and_audited(reviewed: Reviewed) -> None:
    reject = reviewed.studio.container.reject_course()
    await reject(course_id=reviewed.course.id, reason="Too short.", origin=REVIEWER)
    read = await reviewed.studio.read(reviewed.course)
    assert (read.state, read.rejection_reason) == ("draft", "Too short.")
    with pytest.raises(CourseStateConflict):
        await reject(course_id=reviewed.course.id, reason="Again.", origin=REVIEWER)
    assert reviewed.studio.audited() == [
        ("course_rejected", INSTRUCTOR, {"course_id": str(reviewed.course.id), "reason": "Too short."})
    ]


async def test_a_course_is_withdrawn_by_its_own_instructor(reviewed: Reviewed) -> None:
    withdraw = reviewed.studio.container.withdraw_course()
    with pytest.raises(NotCourseOwner):
        await withdraw(user_id=OTHER_INSTRUCTOR, is_operator=False, course_id=reviewed.course.id)
    assert (await withdraw(**reviewed.as_instructor)).state == "draft"
    with pytest.raises(CourseStateConflict):
        await reviewed.studio.container.approve_course()(course_id=reviewed.course.id, origin=REVIEWER)


async def test_with_review_on_an_archived_course_comes_back_through_a_review(reviewed: Reviewed) -> None:
    container = reviewed.studio.container
    await container.approve_course()(course_id=reviewed.course.id, origin=REVIEWER)
    first = (await reviewed.studio.read(reviewed.course)).published_at
    await container.archive_course()(**reviewed.as_instructor)
    with pytest.raises(ReviewRequired):
        await container.publish_course()(**reviewed.as_instructor)
    reviewed.studio.clock.advance(hours=1)
    assert (await container.submit_course()(**reviewed.as_instructor)).state == "in_review"
    again = await container.approve_course()(course_id=reviewed.course.id, origin=REVIEWER)
    assert (again.state, again.published_at) == ("published", first)


async def test_what_is_not_there_is_not_reviewed(reviewed: Reviewed) -> None:
    unknown = CourseId(a_course().id)
    with pytest.raises(CourseNotFound):
        await reviewed.studio.container.approve_course()(course_id=unknown, origin=REVIEWER)
    with pytest.raises(CourseNotFound):
        await reviewed.studio.container.reject_course()(course_id=unknown, reason="No.", origin=REVIEWER)
    assert reviewed.studio.audited() == []


async def test_operators_find_what_waits_and_that_they_looked_is_audited(reviewed: Reviewed) -> None:
    out = await reviewed.studio.course("Out already", published=False)
    await reviewed.studio.container.publish_course()(user_id=OPERATOR, is_operator=True, course_id=out.id)
    find = reviewed.studio.container.find_courses()
    waiting = await find(state="in_review", cursor=None, limit=20, origin=REVIEWER)
    assert [(card.id, card.state, card.instructor_id) for card in waiting.items] == [
        (reviewed.course.id, "in_review", INSTRUCTOR)
    ]
    first = await find(state=None, cursor=None, limit=1, origin=REVIEWER)
    second = await find(state=None, cursor=first.next_cursor, limit=1, origin=REVIEWER)
    assert [card.title for card in (*first.items, *second.items)] == ["Out already", reviewed.course.details.title]
    assert second.next_cursor is None
    assert reviewed.studio.audited()[:2] == [
        ("courses_viewed", None, {"state": "in_review"}),
        ("courses_viewed", None, {"state": ""}),
    ]
    with pytest.raises(InvalidCursor):
        await find(state=None, cursor="made up", limit=1, origin=REVIEWER)
