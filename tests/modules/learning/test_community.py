"""What learners write for one another: rules that need no database, and what is left of an erased person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kosu.ids import UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.identity import AccountErased
from kosu.modules.learning.domain.note_markdown import heading, timecode
from kosu.modules.learning.domain.reviews import EMPTY, CourseRating
from kosu.modules.learning.errors import InvalidReview, QuestionNotFound
from tests.support.catalog import AT, INSTRUCTOR, OPERATOR
from tests.support.learning import COURSE, LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
def school() -> LearningInMemory:
    return LearningInMemory()


@pytest.fixture
async def course(school: LearningInMemory) -> Course:
    course = await school.catalog.course()
    for user_id in (LEARNER, OTHER_LEARNER):
        await school.enrol(course, user_id=user_id)
    return course


async def review(school: LearningInMemory, course: Course, rating: int, *, user_id: UserId = LEARNER) -> Any:
    return await school.container.write_review()(user_id=user_id, slug=course.slug, rating=rating, body="")


async def ask(school: LearningInMemory, course: Course, *, user_id: UserId = LEARNER) -> Any:
    return await school.container.ask_question()(
        user_id=user_id, is_operator=False, lesson_id=course.lessons[0].id, title="", body="Why?", at_ms=None
    )


async def answer(school: LearningInMemory, question: Any, *, user_id: UserId) -> Any:
    return await school.container.answer_question()(
        user_id=user_id, is_operator=user_id == OPERATOR, question_id=question.id, body="Because"
    )


async def test_a_count_is_newer_than_the_last_even_while_the_clock_stands_still() -> None:
    empty = CourseRating(course_id=COURSE, histogram=EMPTY, counted_at=AT)
    rating, (told,) = empty.counted((1, 0, 0, 0, 2), at=AT)
    assert (told.rating_sum, told.rating_count) == (11, 3)
    assert rating.counted_at == told.counted_at == AT + timedelta(microseconds=1)
    assert rating.counted(rating.histogram, at=AT + timedelta(hours=1)) == (rating, [])


async def test_saying_the_same_again_tells_nothing(school: LearningInMemory, course: Course) -> None:
    for rating in (4, 4, 5):
        await review(school, course, rating)
    assert school.events().count("learning.CourseRatingChanged") == 2


async def test_a_refused_rating_leaves_nothing(school: LearningInMemory, course: Course) -> None:
    await review(school, course, 3)
    for rating in (0, 6):
        with pytest.raises(InvalidReview):
            await review(school, course, rating)
    own = await school.container.read_own_review()(user_id=LEARNER, slug=course.slug)
    assert own.rating == 3


async def test_an_erased_person_leaves_only_what_others_built_on(school: LearningInMemory, course: Course) -> None:
    await review(school, course, 1)
    others = await review(school, course, 5, user_id=OTHER_LEARNER)
    vote = school.container.vote_for_review()
    for voter in (LEARNER, INSTRUCTOR):
        await vote(user_id=voter, review_id=others.id, helpful=True)
    lonely, answered = await ask(school, course), await ask(school, course)
    await answer(school, lonely, user_id=LEARNER)
    await answer(school, answered, user_id=INSTRUCTOR)
    elsewhere = await ask(school, course, user_id=OTHER_LEARNER)
    await answer(school, elsewhere, user_id=LEARNER)

    for _ in range(2):
        await school.container.erase_learner()(AccountErased(user_id=LEARNER))
    page = await school.container.read_reviews()(slug=course.slug, sort="newest", cursor=None, limit=9)
    assert [(left.id, left.helpful_count) for left in page.items] == [(others.id, 1)]
    assert page.histogram == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1}
    read = school.container.read_question()
    with pytest.raises(QuestionNotFound):
        await read(user_id=OTHER_LEARNER, is_operator=False, question_id=lonely.id)
    kept = await read(user_id=OTHER_LEARNER, is_operator=False, question_id=answered.id)
    assert (kept.body, kept.answer_count) == ("Why?", 1)
    assert (await read(user_id=OTHER_LEARNER, is_operator=False, question_id=elsewhere.id)).answer_count == 1


async def test_a_title_is_no_markup_of_the_document() -> None:
    assert heading(2, "C# [1]: *now* <b>") == "## C\\# \\[1\\]\\: \\*now\\* \\<b\\>\n\n"
    assert [timecode(at_ms) for at_ms in (0, 59_999, 3_600_000, 36_061_000)] == ["0:00", "0:59", "1:00:00", "10:01:01"]
