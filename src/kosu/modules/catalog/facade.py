"""What sibling modules may ask of catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog.errors import CourseNotFound, NotCourseOwner
from kosu.modules.catalog.ports import CatalogQueries, Discovery
from kosu.modules.catalog.views import CourseCard, CourseDetail, CourseOffer, CourseOutline, Home, LessonOutline


class Catalog:
    def __init__(self, queries: CatalogQueries, discovery: Discovery) -> None:
        self._queries = queries
        self._discovery = discovery

    async def home(self, *, row_size: int) -> Home:
        """The rows of the home page that are the same for everybody."""
        return await self._discovery.home(row_size=row_size)

    async def lesson(self, lesson_id: LessonId) -> LessonOutline | None:
        """The lesson, unless it left the curriculum."""
        lesson = (await self._queries.lessons([lesson_id])).get(lesson_id)
        return None if lesson is None or lesson.position is None else lesson

    async def lessons(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonOutline]:
        """Lessons by id, also those that left the curriculum."""
        return await self._queries.lessons(lesson_ids) if lesson_ids else {}

    async def lesson_body(self, lesson_id: LessonId) -> str | None:
        """The markdown of a text lesson of the curriculum; whether the asker may read it is not decided here."""
        return await self._queries.lesson_body(lesson_id)

    async def course(self, course_id: CourseId) -> CourseOutline | None:
        return (await self._queries.outlines([course_id])).get(course_id)

    async def courses(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOutline]:
        return await self._queries.outlines(course_ids) if course_ids else {}

    async def course_by_slug(self, slug: str) -> CourseOutline | None:
        return await self._queries.outline_with_slug(slug)

    async def detail(self, slug: str) -> CourseDetail | None:
        """A course's page in any state of the course; who may see it is not decided here."""
        return await self._queries.detail(slug)

    async def cards(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseCard]:
        """Cards by course, in any state of the course."""
        return await self._queries.cards(course_ids) if course_ids else {}

    async def offers(self, course_ids: Collection[CourseId]) -> Mapping[CourseId, CourseOffer]:
        """What each course costs, and whether it can be bought now; courses that do not exist are left out."""
        return {
            course.course_id: CourseOffer(
                course_id=course.course_id,
                slug=course.slug,
                title=course.title,
                price=course.price,
                instructor_id=course.instructor_id,
                purchasable=course.state == "published",
            )
            for course in (await self.courses(course_ids)).values()
        }

    async def taught(self, course_id: CourseId, *, user_id: UserId, is_operator: bool) -> CourseOutline:
        """The course, for its instructor and for operators.

        Raises:
            CourseNotFound, NotCourseOwner
        """
        course = await self.course(course_id)
        if course is None:
            raise CourseNotFound
        if course.instructor_id != user_id and not is_operator:
            raise NotCourseOwner
        return course

    async def may_attach(self, *, user_id: UserId, lesson_id: LessonId) -> bool:
        """Whether the user may give the lesson its video: it is a video lesson of the user's own course."""
        lesson = await self.lesson(lesson_id)
        return lesson is not None and lesson.kind == "video" and lesson.instructor_id == user_id

    async def video_lessons(self, course_id: CourseId, *, user_id: UserId, is_operator: bool) -> Sequence[LessonId]:
        """The lessons of a course that take a video, in order, for its instructor and for operators.

        Raises:
            CourseNotFound, NotCourseOwner
        """
        course = await self.taught(course_id, user_id=user_id, is_operator=is_operator)
        return [lesson.lesson_id for lesson in course.lessons if lesson.kind == "video"]
