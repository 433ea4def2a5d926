"""Begin a course."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course, CourseDetails
from kosu.modules.catalog.domain.slug import slug_of
from kosu.modules.catalog.errors import UnknownCategory
from kosu.modules.catalog.ports import CatalogRecords
from kosu.modules.identity import Identity
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CreateCourse:
    transaction: Transaction[CatalogRecords]
    identity: Identity
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, details: CourseDetails) -> Course:
        """A new draft of the user's own, with a slug made from the title.

        Raises:
            UnknownCategory
            SlugTaken: lost a race for the slug; safe to retry.
        """
        names = await self.identity.display_names([user_id])
        course_id = CourseId(self.ids.new())
        at = self.clock.now()
        async with self.transaction() as records:
            if not await records.categories.exists(details.category):
                raise UnknownCategory(details.category)
            slug = slug_of(details.title, course_id)
            if await records.courses.slug_exists(slug):
                slug = slug_of(details.title, course_id, distinct=True)
            course = Course(
                id=course_id,
                slug=slug,
                instructor_id=user_id,
                instructor_name=names.get(user_id, ""),
                details=details,
                created_at=at,
                updated_at=at,
            )
            await records.courses.add(course)
        return course
