"""What the demo's learners do: they enrol, buy, review, ask and take notes. Doing it again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypedDict
from uuid import NAMESPACE_URL, uuid5

from entrypoints.demo import content
from entrypoints.demo.accounts import UserIds
from entrypoints.demo.teaching import Courses
from kosu.container import Container
from kosu.ids import CourseId, DeviceId, LessonId, UserId
from kosu.modules.billing.domain.sandbox import SANDBOX, SandboxAction
from kosu.modules.catalog.domain.course import Course
from kosu.modules.learning.domain.questions import Question

LEARNER = "learner"
"""The key of the learner as whom visitors sign in."""

_GRANTED_BY = "demo"
_MOST_TOLD = 100
"""Notes, questions or answers of a lesson among which those of the demo are looked for."""
_DEVICE = DeviceId(uuid5(NAMESPACE_URL, "kosu:demo:device"))


class _Learner(TypedDict):
    user_id: UserId
    is_operator: bool
    lesson_id: LessonId


async def buy_and_review(container: Container, demo: content.Demo, users: UserIds, courses: Courses) -> None:
    """Orders are paid by the sandbox: workers settle its webhooks, and give access, a moment later."""
    for wanted in demo.courses:
        course = courses.get(wanted.title)
        if course is None or course.state != "published":
            continue
        for review in wanted.reviews:
            if review.by in users:
                await _let_in(container, users[review.by], course)
                await container.learning.write_review()(
                    user_id=users[review.by], slug=course.slug, rating=review.rating, body=review.body
                )
        if SANDBOX in container.gateways():
            for coupon_code, buyers in ((None, wanted.buyers), (demo.coupon.code, wanted.coupon_buyers)):
                for buyer in (buyer for buyer in buyers if buyer in users):
                    await _buy(container, users[buyer], course.id, coupon_code)


async def study(container: Container, lesson: content.Lesson, lesson_id: LessonId, users: UserIds) -> None:
    """What happens in a lesson whose video is ready: progress, notes, questions and their answers.

    Only by those who have access.
    """
    if LEARNER in users:
        await _learn(container, lesson, lesson_id, users[LEARNER])
    for question in lesson.questions:
        if question.by in users:
            await ask(container, question, lesson_id, users)


async def _let_in(container: Container, user_id: UserId, course: Course) -> None:
    if course.details.price.is_free:
        await container.learning.enrol_free()(user_id=user_id, slug=course.slug)
        return
    async with container.learning_transaction()() as records:
        await container.learning.facade().grant(
            records,
            user_id=user_id,
            course_id=course.id,
            source=_GRANTED_BY,
            source_id=uuid5(course.id, user_id.hex),
            at=datetime.now(UTC),
        )


async def _buy(container: Container, user_id: UserId, course_id: CourseId, coupon_code: str | None) -> None:
    if await container.learning.facade().enrolled(user_id, [course_id]):
        return
    order = await container.billing.place_order()(
        user_id=user_id,
        course_ids=[course_id],
        coupon_code=coupon_code,
        gateway=SANDBOX,
        idempotency_key=f"demo-{course_id}",
    )
    if order.payment is not None:
        await container.billing.act_in_sandbox()(payment_ref=order.payment.ref, action=SandboxAction.PAY)


async def _learn(container: Container, lesson: content.Lesson, lesson_id: LessonId, user_id: UserId) -> None:
    learning = container.learning
    learner = _Learner(user_id=user_id, is_operator=False, lesson_id=lesson_id)
    if lesson.watched_ms:
        await learning.record_progress()(
            **learner,
            device_id=_DEVICE,
            position_ms=lesson.watched_ms,
            watched=[(0, lesson.watched_ms)],
            seq=1,
            media_revision=1,
        )
    if lesson.done:
        await learning.complete_lesson()(**learner)
    if lesson.notes:
        kept = await learning.read_lesson_notes()(user_id=user_id, lesson_id=lesson_id, cursor=None, limit=_MOST_TOLD)
        bodies = {note.body for note in kept.items}
        for note in lesson.notes:
            if note.body not in bodies:
                await learning.write_note()(**learner, at_ms=note.at_ms, body=note.body, media_revision=None)


async def ask(container: Container, wanted: content.Question, lesson_id: LessonId, users: UserIds) -> None:
    learning = container.learning
    question = await _question(container, wanted, lesson_id, users[wanted.by])
    given, _ = await container.question_queries().answers(question.id, after=None, limit=_MOST_TOLD)
    answers = {(each.author_id, each.body): each.id for each in given}
    for answer in wanted.answers:
        author = users.get(answer.by)
        if author is None:
            continue
        answer_id = answers.get((author, answer.body))
        if answer_id is None:
            made = await learning.answer_question()(
                user_id=author, is_operator=False, question_id=question.id, body=answer.body
            )
            answer_id = made.id
        if answer.accepted and question.accepted_answer_id is None:
            await learning.accept_answer()(
                user_id=question.asker_id, is_operator=False, question_id=question.id, answer_id=answer_id
            )


async def _question(container: Container, wanted: content.Question, lesson_id: LessonId, asker: UserId) -> Question:
    """The question as it is asked by now."""
    queries = container.question_queries()
    asked, _ = await queries.lesson_questions(lesson_id, sort="newest", after=None, limit=_MOST_TOLD)
    for question in asked:
        if (question.asker_id, question.title) == (asker, wanted.title):
            return question
    await container.learning.ask_question()(
        user_id=asker,
        is_operator=False,
        lesson_id=lesson_id,
        title=wanted.title,
        body=wanted.body,
        at_ms=wanted.at_ms,
    )
    return await _question(container, wanted, lesson_id, asker)
