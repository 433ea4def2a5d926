"""What operators read of the catalogue, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from kosu.adapters.memory.catalog import CATEGORIES, MemoryCatalogQueries
from kosu.adapters.memory.collections import COLLECTIONS
from kosu.adapters.memory.database import MemoryDatabase
from kosu.ids import CourseId
from kosu.modules.catalog.back_office_views import (
    CollectedCourse,
    OpsCategory,
    OpsCollection,
    OpsCollectionEntry,
    OpsCourse,
    OpsCoursePage,
)
from kosu.modules.catalog.domain.course import CourseState
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.paging import BY_ID, Cursor, page_of

in_order = attrgetter("position", "slug")


class MemoryBackOffice:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._queries = MemoryCatalogQueries(database)

    async def courses(self, state: CourseState | None, *, before: CourseId | None, limit: int) -> OpsCoursePage:
        found = sorted(
            (
                course
                for course in self._queries.all_courses().values()
                if state in {None, course.state} and (before is None or course.id < before)
            ),
            key=attrgetter("id"),
            reverse=True,
        )
        page, following = page_of(found, limit, lambda course: Cursor(BY_ID, course.id))
        cards = [
            OpsCourse(**self._queries.studio_fields(course), instructor_id=course.instructor_id) for course in page
        ]
        return OpsCoursePage(cards, following and following.encode())

    async def categories(self) -> Sequence[OpsCategory]:
        categories: Iterable[Category] = self._database.table(CATEGORIES).values()
        return [OpsCategory.of(category) for category in sorted(categories, key=in_order)]

    async def collections(self) -> Sequence[OpsCollectionEntry]:
        collections: Iterable[CourseCollection] = self._database.table(COLLECTIONS).values()
        return [
            OpsCollectionEntry(
                slug=collection.slug,
                title=collection.title,
                description=collection.description,
                position=collection.position,
                published=collection.published,
                course_count=len(collection.course_ids),
            )
            for collection in sorted(collections, key=in_order)
        ]

    async def collection(self, slug: str) -> OpsCollection | None:
        found: CourseCollection | None = self._database.table(COLLECTIONS).get(slug)
        if found is None:
            return None
        courses = [self._queries.all_courses()[course_id] for course_id in found.course_ids]
        return OpsCollection(
            slug=found.slug,
            title=found.title,
            description=found.description,
            position=found.position,
            published=found.published,
            course_count=len(courses),
            courses=[
                CollectedCourse(id=course.id, slug=course.slug, title=course.details.title, state=course.state)
                for course in courses
            ],
        )
