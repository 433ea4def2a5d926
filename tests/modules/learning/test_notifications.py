"""What learners are told of by mail."""

from __future__ import annotations

from uuid import UUID

import pytest

from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.events import CertificateIssued, LearnerEnrolled, QuestionAnswered
from tests.support.certificates import a_code
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory

QUESTION, ANSWER = UUID(int=7), UUID(int=8)


@pytest.fixture
async def school() -> LearningInMemory:
    school = LearningInMemory()
    await school.account(display_name="Ada")
    return school


def answered(course: Course, *, author_id: UUID = OTHER_LEARNER) -> QuestionAnswered:
    return QuestionAnswered(
        question_id=QUESTION,
        answer_id=ANSWER,
        lesson_id=course.lessons[0].id,
        course_id=course.id,
        asker_id=LEARNER,
        author_id=author_id,
    )


async def test_who_is_enrolled_is_told_once_where_to_begin(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    for _ in range(2):
        await school.container.notify_learner().enrolled(LearnerEnrolled(user_id=LEARNER, course_id=course.id))
    (mail,) = school.mailer.sent
    assert mail.subject == "You are enrolled: Data by demonstration"
    assert f"https://kosu.test/courses/{course.slug}\n" in mail.body
    assert mail.key == f"enrolment:{LEARNER}:{course.id}"


async def test_who_asked_is_told_of_an_answer(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    await school.container.notify_learner().answered(answered(course))
    (mail,) = school.mailer.sent
    assert mail.to == f"{LEARNER.hex}@kosu.test"
    assert mail.subject == "Your question was answered: Welcome"
    assert f"/learn/{course.slug}/{course.lessons[0].id}?question={QUESTION}\n" in mail.body
    assert mail.key == f"answer:{ANSWER}"


async def test_nobody_is_told_of_their_own_answer(school: LearningInMemory) -> None:
    course = await school.catalog.course()
    await school.container.notify_learner().answered(answered(course, author_id=LEARNER))
    assert school.mailer.sent == []


async def test_who_is_certified_is_told_where_the_certificate_is(school: LearningInMemory) -> None:
    course, code = await school.catalog.course(), a_code()
    await school.account(locale="ko")
    await school.container.notify_learner().certified(
        CertificateIssued(code=code, user_id=LEARNER, course_id=course.id)
    )
    (mail,) = school.mailer.sent
    assert mail.subject == "수료증이 발급되었습니다: Data by demonstration"
    assert f"https://kosu.test/certificates/{code}\n" in mail.body
    assert mail.key == f"certificate:{code}"


async def test_nothing_is_told_of_a_course_that_is_not_there(school: LearningInMemory) -> None:
    notify, course = school.container.notify_learner(), await school.catalog.course()
    nowhere = UUID(int=1)
    await notify.enrolled(LearnerEnrolled(user_id=LEARNER, course_id=nowhere))
    await notify.certified(CertificateIssued(code=a_code(), user_id=LEARNER, course_id=nowhere))
    event = answered(course)
    await notify.answered(
        QuestionAnswered(event.question_id, event.answer_id, nowhere, course.id, event.asker_id, event.author_id)
    )
    assert school.mailer.sent == []
