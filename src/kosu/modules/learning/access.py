"""Asking for access to a lesson: the part that playing, reading, watching and annotating share."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.catalog import Catalog, LessonOutline
from kosu.modules.learning.domain.access import Access, Asker, Terms, decide
from kosu.modules.learning.errors import LessonNotFound, LessonSignInRequired, PurchaseRequired
from kosu.modules.learning.ports import LearningQueries
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class LessonAccess:
    catalog: Catalog
    queries: LearningQueries
    clock: Clock

    async def look_up(
        self, lesson_id: LessonId, *, user_id: UserId | None, is_operator: bool, removed: bool = False
    ) -> tuple[LessonOutline, Access]:
        """The lesson, and the decision about it; `removed` finds also one that left the curriculum.

        Raises:
            LessonNotFound: also when the course is not offered and the asker has no part in it.
        """
        lesson = (await self.catalog.lessons([lesson_id])).get(lesson_id)
        if lesson is None or (lesson.position is None and not removed):
            raise LessonNotFound
        enrolled = (
            {} if user_id is None else await self.queries.enrolled(user_id, [lesson.course_id], at=self.clock.now())
        )
        access = decide(
            Terms(
                instructor_id=lesson.instructor_id,
                is_published=lesson.course_state == "published",
                is_free=lesson.price.is_free,
            ),
            Asker(user_id=user_id, is_operator=is_operator, enrolled=enrolled.get(lesson.course_id)),
            preview=lesson.preview,
        )
        if access is None:
            raise LessonNotFound
        return lesson, access

    async def open(
        self, lesson_id: LessonId, *, user_id: UserId | None, is_operator: bool, removed: bool = False
    ) -> LessonOutline:
        """The lesson, if it opens for the asker.

        Raises:
            LessonNotFound, LessonSignInRequired, PurchaseRequired
        """
        lesson, access = await self.look_up(lesson_id, user_id=user_id, is_operator=is_operator, removed=removed)
        if access.opens:
            return lesson
        if user_id is None:
            raise LessonSignInRequired("Sign in to open this lesson.")
        raise PurchaseRequired(access.reason, course_slug=lesson.course_slug)
