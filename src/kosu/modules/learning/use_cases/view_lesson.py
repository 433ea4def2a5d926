"""A lesson's page for the one who asks; a text lesson is read here."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.views import AccessView, LessonView


@dataclass(frozen=True, slots=True)
class ViewLesson:
    access: LessonAccess
    catalog: Catalog

    async def __call__(self, *, lesson_id: LessonId, user_id: UserId | None, is_operator: bool) -> LessonView:
        """The page, locked or not. Raises LessonNotFound."""
        lesson, access = await self.access.look_up(lesson_id, user_id=user_id, is_operator=is_operator)
        return LessonView(
            id=lesson.lesson_id,
            course_slug=lesson.course_slug,
            title=lesson.title,
            kind=lesson.kind,
            duration_ms=lesson.duration_ms,
            preview=lesson.preview,
            locked=not access.opens,
            body=await self.catalog.lesson_body(lesson_id) if access.opens and lesson.kind == "text" else None,
            access=AccessView.of(access),
        )
