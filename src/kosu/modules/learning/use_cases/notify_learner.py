"""Tell learners by mail what happened to their courses, where they want to be told."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.identity import NotificationKind, Notifications
from kosu.modules.learning.events import CertificateIssued, LearnerEnrolled, QuestionAnswered
from kosu.modules.learning.mails import ANSWERED, CERTIFIED, ENROLLED


@dataclass(frozen=True, slots=True)
class NotifyLearner:
    """Reactions. Each raises MailerUnavailable: the outbox tries again."""

    notifications: Notifications
    catalog: Catalog

    async def enrolled(self, event: LearnerEnrolled) -> None:
        """Once for a course, also when access was lost and given again within a month."""
        course = await self.catalog.course(CourseId(event.course_id))
        if course is not None:
            await self.notifications.send(
                UserId(event.user_id),
                NotificationKind.ENROLMENT,
                ENROLLED,
                key=f"enrolment:{event.user_id}:{event.course_id}",
                course=course.title,
                slug=course.slug,
            )

    async def answered(self, event: QuestionAnswered) -> None:
        """Nobody is told of their own answers."""
        if event.author_id == event.asker_id:
            return
        lesson_id = LessonId(event.lesson_id)
        lesson = (await self.catalog.lessons([lesson_id])).get(lesson_id)
        course = await self.catalog.course(CourseId(event.course_id))
        if lesson is not None and course is not None:
            await self.notifications.send(
                UserId(event.asker_id),
                NotificationKind.ANSWER,
                ANSWERED,
                key=f"answer:{event.answer_id}",
                course=course.title,
                slug=course.slug,
                lesson=lesson.title,
                lesson_id=lesson_id,
                question_id=event.question_id,
            )

    async def certified(self, event: CertificateIssued) -> None:
        course = await self.catalog.course(CourseId(event.course_id))
        if course is not None:
            await self.notifications.send(
                UserId(event.user_id),
                NotificationKind.CERTIFICATE,
                CERTIFIED,
                key=f"certificate:{event.code}",
                course=course.title,
                code=event.code,
            )
