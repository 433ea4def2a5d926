"""A course's page for the one who asks: what it says, and what of it opens."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.catalog import Catalog, CourseCard, CourseDetail, DetailLesson
from kosu.modules.learning.domain.access import Asker, Terms, decide
from kosu.modules.learning.errors import CourseNotFound
from kosu.modules.learning.ports import LearningQueries
from kosu.modules.learning.views import AccessView, CourseLesson, CourseSection, CourseView
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ViewCourse:
    catalog: Catalog
    queries: LearningQueries
    clock: Clock

    async def __call__(self, *, slug: str, user_id: UserId | None, is_operator: bool) -> CourseView:
        """Raises CourseNotFound: also when the course is not offered and the asker has no part in it."""
        detail = await self.catalog.detail(slug)
        if detail is None:
            raise CourseNotFound
        terms = Terms(
            instructor_id=detail.instructor_id,
            is_published=detail.state == "published",
            is_free=detail.price.is_free,
        )
        asker = await self._asker(detail, user_id, is_operator=is_operator)
        access = decide(terms, asker)
        if access is None:
            raise CourseNotFound

        # Lessons differ in this alone.
        preview_access = decide(terms, asker, preview=True)
        preview_locked = preview_access is None or not preview_access.opens

        def lesson_view(lesson: DetailLesson) -> CourseLesson:
            return CourseLesson(
                id=lesson.id,
                title=lesson.title,
                kind=lesson.kind,
                duration_ms=lesson.duration_ms,
                preview=lesson.preview,
                locked=preview_locked if lesson.preview else not access.opens,
            )

        return CourseView(
            **{field: getattr(detail, field) for field in CourseCard.__struct_fields__},
            description=detail.description,
            outcomes=detail.outcomes,
            curriculum=[
                CourseSection(
                    section_id=section.section_id,
                    section=section.section,
                    lessons=[lesson_view(lesson) for lesson in section.lessons],
                )
                for section in detail.curriculum
            ],
            access=AccessView.of(access),
        )

    async def _asker(self, detail: CourseDetail, user_id: UserId | None, *, is_operator: bool) -> Asker:
        if user_id is None:
            return Asker(user_id=None)
        enrolled = await self.queries.enrolled(user_id, [detail.id], at=self.clock.now())
        return Asker(user_id=user_id, is_operator=is_operator, enrolled=enrolled.get(detail.id))
