"""The pages that lead to courses, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kosu.adapters.memory.catalog import MemoryCatalogQueries, cursor_of
from kosu.adapters.memory.collections import COLLECTIONS
from kosu.adapters.memory.database import MemoryDatabase
from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.listing import Sort, rank
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.views import (
    CategoryShelf,
    CollectionName,
    CollectionPage,
    CollectionShelf,
    CollectionView,
    CourseCard,
    Home,
    HomeRow,
    NewestRow,
    PopularRow,
)


class MemoryDiscovery:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._queries = MemoryCatalogQueries(database)

    async def home(self, *, row_size: int) -> Home:
        published = self._queries.published()

        def top(sort: Sort, *, category: str | None = None) -> list[CourseCard]:
            courses = [course for course in published if category in {None, course.details.category}]
            courses.sort(key=lambda course: rank(cursor_of(course, sort)))
            return self._cards(courses[:row_size])

        rows: list[HomeRow] = [
            PopularRow(top("popular")),
            NewestRow(top("newest")),
            *(
                CategoryShelf(category, top("popular", category=category.slug))
                for category in await self._queries.categories()
            ),
            *(
                CollectionShelf(
                    CollectionName(collection.slug, collection.title), self._cards(self._shown(collection)[:row_size])
                )
                for collection in self._collections()
            ),
        ]
        return Home([row for row in rows if row.items])

    async def collections(self) -> Sequence[CollectionView]:
        return [
            CollectionView(
                slug=collection.slug,
                title=collection.title,
                description=collection.description,
                course_count=len(self._shown(collection)),
            )
            for collection in self._collections()
        ]

    async def collection(self, slug: str) -> CollectionPage | None:
        found = next((collection for collection in self._collections() if collection.slug == slug), None)
        if found is None:
            return None
        return CollectionPage(
            slug=found.slug,
            title=found.title,
            description=found.description,
            items=self._cards(self._shown(found)),
        )

    def _collections(self) -> list[CourseCollection]:
        """Those that are published, in their order."""
        collections: Iterable[CourseCollection] = self._database.table(COLLECTIONS).values()
        return sorted(
            (collection for collection in collections if collection.published),
            key=lambda collection: (collection.position, collection.slug),
        )

    def _shown(self, collection: CourseCollection) -> list[Course]:
        published = {course.id: course for course in self._queries.published()}
        return [published[course_id] for course_id in collection.course_ids if course_id in published]

    def _cards(self, courses: Iterable[Course]) -> list[CourseCard]:
        return [self._queries.card(course) for course in courses]
