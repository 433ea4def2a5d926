"""catalog in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from kosu.adapters.memory.collections import COLLECTIONS, MemoryCollections
from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.domain.course import Course, CourseDetails
from kosu.modules.catalog.domain.curriculum import Lesson
from kosu.modules.catalog.domain.listing import CourseListing, Order, page_of_all
from kosu.modules.catalog.domain.shelves import Category, CourseCollection
from kosu.modules.catalog.errors import CategoryInUse, CategoryTaken, SlugTaken
from kosu.modules.catalog.events import CatalogueChanged
from kosu.modules.catalog.views import (
    CategoryView,
    CourseCard,
    CourseDetail,
    CourseOutline,
    CoursePage,
    CurriculumJson,
    DetailLesson,
    DetailSection,
    InstructorName,
    LessonOutline,
    RatingView,
    StudioCard,
    StudioPage,
)
from kosu.paging import BY_ID, Cursor, microseconds, page_of

CATEGORIES = "catalog.categories"
COURSES = "catalog.courses"
REMOVED_LESSONS = "catalog.removed_lessons"


@dataclass(frozen=True, slots=True)
class RemovedLesson:
    course_id: CourseId
    lesson: Lesson


class MemoryCategories:
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        self._workspace = workspace
        self._outbox = outbox

    async def exists(self, slug: str) -> bool:
        return slug in self._workspace.table(CATEGORIES)

    async def lock(self, slug: str) -> Category | None:
        return self._workspace.table(CATEGORIES).get(slug)

    async def add(self, category: Category) -> None:
        if self._workspace.table(CATEGORIES).setdefault(category.slug, category) is not category:
            raise CategoryTaken
        await self._outbox.add(CatalogueChanged())

    async def save(self, category: Category) -> None:
        self._workspace.table(CATEGORIES)[category.slug] = category
        await self._outbox.add(CatalogueChanged())

    async def remove(self, slug: str) -> bool:
        if any(course.details.category == slug for course in self._workspace.table(COURSES).values()):
            raise CategoryInUse
        await self._outbox.add(CatalogueChanged())
        return self._workspace.table(CATEGORIES).pop(slug, None) is not None


class MemoryCourses:
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        self._workspace = workspace
        self._outbox = outbox

    async def slug_exists(self, slug: str) -> bool:
        return any(course.slug == slug for course in self._courses())

    async def add(self, course: Course) -> None:
        if await self.slug_exists(course.slug):
            raise SlugTaken
        self._workspace.table(COURSES)[course.id] = course
        await self._outbox.add(CatalogueChanged())

    async def get(self, course_id: CourseId) -> Course | None:
        return self._workspace.table(COURSES).get(course_id)

    lock = get  # one transaction at a time

    async def lock_with_lesson(self, lesson_id: LessonId) -> Course | None:
        holders = (course for course in self._courses() if any(lesson.id == lesson_id for lesson in course.lessons))
        return next(holders, None)

    async def save(self, course: Course) -> None:
        stored: Course = self._workspace.table(COURSES)[course.id]
        kept = {lesson.id for lesson in course.lessons}
        self._workspace.table(REMOVED_LESSONS).update(
            {lesson.id: RemovedLesson(course.id, lesson) for lesson in stored.lessons if lesson.id not in kept}
        )
        self._workspace.table(COURSES)[course.id] = course
        await self._outbox.add(CatalogueChanged())

    async def rename_instructor(self, instructor_id: UserId, name: str) -> None:
        for course in [course for course in self._courses() if course.instructor_id == instructor_id]:
            self._workspace.table(COURSES)[course.id] = replace(course, instructor_name=name)
        await self._outbox.add(CatalogueChanged())

    def _courses(self) -> Iterable[Course]:
        return self._workspace.table(COURSES).values()


class MemoryCatalogRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        self.categories = MemoryCategories(workspace, outbox)
        self.courses = MemoryCourses(workspace, outbox)
        self.collections = MemoryCollections(workspace, outbox)


class MemoryCatalogQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def categories(self) -> Sequence[CategoryView]:
        categories = sorted(self._categories().values(), key=lambda category: (category.position, category.slug))
        return [CategoryView(category.slug, category.name) for category in categories]

    async def courses(self, listing: CourseListing) -> CoursePage:
        fitting = ((cursor_of(course, listing.order), course) for course in self.fitting(listing))
        page, following = page_of_all(fitting, listing)
        return CoursePage([self.card(course) for course in page], following and following.encode())

    async def detail(self, slug: str) -> CourseDetail | None:
        course = self._with_slug(slug)
        if course is None:
            return None
        return CourseDetail(
            card=self.card(course),
            description=course.details.description,
            outcomes=list(course.details.outcomes),
            state=course.state,
            instructor_id=course.instructor_id,
            curriculum=_curriculum(course),
        )

    async def cards(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseCard]:
        courses = self.all_courses()
        return {course_id: self.card(courses[course_id]) for course_id in course_ids if course_id in courses}

    async def studio_courses(self, instructor_id: UserId, *, before: CourseId | None, limit: int) -> StudioPage:
        found = sorted(
            (
                course
                for course in self.all_courses().values()
                if course.instructor_id == instructor_id and (before is None or course.id < before)
            ),
            key=lambda course: course.id,
            reverse=True,
        )
        page, following = page_of(found, limit, lambda course: Cursor(BY_ID, course.id))
        cards = [StudioCard(**self.studio_fields(course)) for course in page]
        return StudioPage(cards, following and following.encode())

    async def lesson_body(self, lesson_id: LessonId) -> str | None:
        bodies = (
            lesson.body
            for course in self.all_courses().values()
            for lesson in course.lessons
            if lesson.id == lesson_id and lesson.kind == "text"
        )
        return next(bodies, None)

    async def lessons(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonOutline]:
        courses = self.all_courses()
        outlines = {
            outline.lesson_id: outline for course in courses.values() for outline in _course_outline(course).lessons
        }
        removed: dict[LessonId, RemovedLesson] = self._database.table(REMOVED_LESSONS)
        for lesson_id, entry in removed.items():
            outlines[lesson_id] = _lesson_outline(courses[entry.course_id], entry.lesson, None)
        return {lesson_id: outlines[lesson_id] for lesson_id in lesson_ids if lesson_id in outlines}

    async def outlines(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOutline]:
        courses = self.all_courses()
        return {course_id: _course_outline(courses[course_id]) for course_id in course_ids if course_id in courses}

    async def outline_with_slug(self, slug: str) -> CourseOutline | None:
        course = self._with_slug(slug)
        return None if course is None else _course_outline(course)

    def _categories(self) -> Mapping[str, Category]:
        return self._database.table(CATEGORIES)

    def all_courses(self) -> Mapping[CourseId, Course]:
        return self._database.table(COURSES)

    def published(self) -> list[Course]:
        return [course for course in self.all_courses().values() if course.state == "published"]

    def fitting(self, listing: CourseListing) -> list[Course]:
        """Published courses that pass the filters of the listing."""
        collections: Mapping[str, CourseCollection] = self._database.table(COLLECTIONS)
        collection = collections.get(listing.collection or "")
        collected = collection.course_ids if collection is not None and collection.published else ()
        return [
            course
            for course in self.published()
            if _fits(course.details, listing) and (listing.collection is None or course.id in collected)
        ]

    def _with_slug(self, slug: str) -> Course | None:
        return next((course for course in self.all_courses().values() if course.slug == slug), None)

    def studio_fields(self, course: Course) -> dict[str, Any]:
        """The fields of a studio's card."""
        return msgspec.structs.asdict(self.card(course)) | {
            "state": course.state,
            "created_at": course.created_at,
            "updated_at": course.updated_at,
            "published_at": course.published_at,
            "rejection_reason": course.rejection_reason,
        }

    def card(self, course: Course) -> CourseCard:
        details = course.details
        return CourseCard(
            id=course.id,
            slug=course.slug,
            title=details.title,
            subtitle=details.subtitle,
            cover_url=details.cover_url,
            instructor=InstructorName(course.instructor_name),
            category=CategoryView(details.category, self._categories()[details.category].name),
            level=details.level,
            language=details.language,
            price=details.price,
            list_price=details.list_price,
            rating=RatingView.of(course.rating_sum, course.rating_count),
            enrolment_count=course.enrolment_count,
            duration_ms=course.duration_ms,
            lesson_count=len(course.lessons),
            has_preview=course.has_preview,
        )


def _curriculum(course: Course) -> CurriculumJson:
    sections = [
        DetailSection(
            section_id=section.id,
            section=section.title,
            lessons=[msgspec.convert(lesson, DetailLesson, from_attributes=True) for lesson in section.lessons],
        )
        for section in course.sections
    ]
    return CurriculumJson(msgspec.json.encode(sections).decode())


def _fits(details: CourseDetails, listing: CourseListing) -> bool:
    return (
        listing.category in {None, details.category}
        and listing.level in {None, details.level}
        and listing.language in {None, details.language}
        and (listing.price is None or details.price.is_free == (listing.price == "free"))
    )


def cursor_of(course: Course, order: Order, *, relevance: int = 0) -> Cursor:
    match order:
        case "popular":
            value = course.enrolment_count
        case "newest":
            value = microseconds(course.published_at or course.created_at)
        case "rating":
            value = course.rating_sum * 1000 // course.rating_count if course.rating_count else 0
        case "price":
            value = course.details.price.amount_minor
        case "relevance":
            value = relevance
    return Cursor(order, course.id, value)


def _course_outline(course: Course) -> CourseOutline:
    return CourseOutline(
        course_id=course.id,
        slug=course.slug,
        title=course.details.title,
        instructor_id=course.instructor_id,
        state=course.state,
        price=course.details.price,
        lessons=tuple(_lesson_outline(course, lesson, position) for position, lesson in enumerate(course.lessons)),
    )


def _lesson_outline(course: Course, lesson: Lesson, position: int | None) -> LessonOutline:
    return LessonOutline(
        lesson_id=lesson.id,
        course_id=course.id,
        course_slug=course.slug,
        title=lesson.title,
        kind=lesson.kind,
        preview=lesson.preview,
        instructor_id=course.instructor_id,
        course_state=course.state,
        price=course.details.price,
        duration_ms=lesson.duration_ms,
        position=position,
    )
