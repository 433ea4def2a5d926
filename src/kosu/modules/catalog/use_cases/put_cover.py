"""Give a course its cover."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.covers import Cover
from kosu.modules.catalog.editing import editable_course
from kosu.modules.catalog.ports import CatalogRecords
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction

IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class PutCover:
    transaction: Transaction[CatalogRecords]
    store: ObjectStore
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId, image: bytes) -> Course:
        """Show the course with this picture from now on. Repeatable.

        The picture before stays in the store: pages that were kept still show it.

        Raises:
            NotACover, CoverTooLarge, CourseNotFound, NotCourseOwner, StoreUnavailable
        """
        cover = Cover(image)
        async with self.transaction() as records:
            await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
        key = cover.key_for(course_id)
        await self.store.put(key, _whole(image), content_type=cover.kind.content_type, cache_control=IMMUTABLE)
        async with self.transaction() as records:
            course = await editable_course(records, course_id, user_id=user_id, is_operator=is_operator)
            if course.details.cover_url != f"/{key}":
                course = course.edited({"cover_url": f"/{key}"}, at=self.clock.now())
                await records.courses.save(course)
        return course


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
