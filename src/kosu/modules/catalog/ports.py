"""What catalog needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.back_office_views import OpsCategory, OpsCollection, OpsCollectionEntry, OpsCoursePage
from kosu.modules.catalog.domain.course import Course, CourseState
from kosu.modules.catalog.domain.listing import CourseListing
from kosu.modules.catalog.domain.search import SearchQuery
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.modules.catalog.views import (
    CategoryView,
    CollectionPage,
    CollectionView,
    CourseCard,
    CourseDetail,
    CourseOutline,
    CoursePage,
    Home,
    LessonOutline,
    StudioPage,
    Suggestion,
)
from kosu.ports.unit_of_work import OpenTransaction


class Categories(Protocol):
    """Every method that writes tells everybody: CatalogueChanged."""

    async def exists(self, slug: str) -> bool:
        """Whether there is such a category; if so it stays until the transaction ends."""
        ...

    async def lock(self, slug: str) -> Category | None:
        """The category, locked until the transaction ends."""
        ...

    async def add(self, category: Category) -> None:
        """Raises CategoryTaken."""
        ...

    async def save(self, category: Category) -> None:
        """Add a category, or write it over the one with its slug, whose courses are found by its new name then."""
        ...

    async def remove(self, slug: str) -> bool:
        """Whether there was such a category. Raises CategoryInUse: it has courses, in whatever state."""
        ...


class Collections(Protocol):
    """Every method that writes tells everybody: CatalogueChanged."""

    async def add(self, collection: CourseCollection) -> None:
        """Raises CollectionTaken."""
        ...

    async def lock(self, slug: str) -> CourseCollection | None:
        """The collection, locked until the transaction ends."""
        ...

    async def save(self, collection: CourseCollection) -> None:
        """Write a locked and changed collection over the stored one."""
        ...

    async def remove(self, slug: str) -> bool:
        """Whether there was such a collection."""
        ...


class Courses(Protocol):
    """Every method that writes tells everybody: CatalogueChanged."""

    async def slug_exists(self, slug: str) -> bool: ...

    async def add(self, course: Course) -> None:
        """Raises SlugTaken."""
        ...

    async def get(self, course_id: CourseId) -> Course | None: ...

    async def lock(self, course_id: CourseId) -> Course | None:
        """The course, locked until the transaction ends."""
        ...

    async def lock_with_lesson(self, lesson_id: LessonId) -> Course | None:
        """The course whose curriculum holds the lesson, locked; None also when the lesson left the curriculum."""
        ...

    async def save(self, course: Course) -> None:
        """Write a locked and changed course over the stored one.

        A section that is no longer there is deleted. A lesson that is no longer there leaves the curriculum: outlines
        still know it.
        """
        ...

    async def rename_instructor(self, instructor_id: UserId, name: str) -> None:
        """Write the instructor's name on all of their courses, which are found by it from then on."""
        ...


class CatalogRecords(OpenTransaction, Protocol):
    @property
    def categories(self) -> Categories: ...

    @property
    def courses(self) -> Courses: ...

    @property
    def collections(self) -> Collections: ...


class CatalogQueries(Protocol):
    """Reads, one statement each. Cards and lists hold published courses only, where nothing else is said."""

    async def categories(self) -> Sequence[CategoryView]:
        """All categories by position."""
        ...

    async def courses(self, listing: CourseListing) -> CoursePage:
        """A page of a listing without a query; with one it is a search."""
        ...

    async def detail(self, slug: str) -> CourseDetail | None:
        """A course's page, in any state of the course."""
        ...

    async def cards(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseCard]:
        """Cards by course, in any state of the course."""
        ...

    async def studio_courses(self, instructor_id: UserId, *, before: CourseId | None, limit: int) -> StudioPage:
        """The instructor's courses in any state, newest first, those older than `before`."""
        ...

    async def lesson_body(self, lesson_id: LessonId) -> str | None:
        """The markdown of a text lesson of the curriculum."""
        ...

    async def lessons(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonOutline]: ...

    async def outlines(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOutline]: ...

    async def outline_with_slug(self, slug: str) -> CourseOutline | None: ...


class Discovery(Protocol):
    """The pages that lead to courses, one statement each: published courses of published collections."""

    async def home(self, *, row_size: int) -> Home:
        """The popular, the newest, the popular of each category, each collection in its own order.

        Rows without courses are left out; categories and collections come by position.
        """
        ...

    async def collections(self) -> Sequence[CollectionView]:
        """All collections by position, those without courses too."""
        ...

    async def collection(self, slug: str) -> CollectionPage | None:
        """A collection with all its courses in the curated order."""
        ...


class BackOffice(Protocol):
    """What operators read, one statement each: courses in any state, collections published or not."""

    async def courses(self, state: CourseState | None, *, before: CourseId | None, limit: int) -> OpsCoursePage:
        """Courses in the state, or in any, newest first, those older than `before`."""
        ...

    async def categories(self) -> Sequence[OpsCategory]:
        """All categories by position."""
        ...

    async def collections(self) -> Sequence[OpsCollectionEntry]:
        """All collections by position."""
        ...

    async def collection(self, slug: str) -> OpsCollection | None:
        """A collection with all its courses, in the curated order."""
        ...


class CourseSearch(Protocol):
    """Finds published courses by what somebody types, with typos or the keyboard set to another language.

    What is judged, and how, stands in `domain/search.py`. A change of a course is found as soon as it is committed.
    """

    async def courses(self, listing: CourseListing) -> CoursePage:
        """A page of a listing with a query: of the best CANDIDATES courses, in the listing's order."""
        ...

    async def suggest(self, query: SearchQuery, *, limit: int) -> Sequence[Suggestion]:
        """Courses whose titles answer what has been typed so far, the best first."""
        ...
