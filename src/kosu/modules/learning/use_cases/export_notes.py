"""A learner's notes as a Markdown document."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.catalog import Catalog, CourseOutline, LessonOutline
from kosu.modules.learning.domain.note_markdown import heading, note_entry
from kosu.modules.learning.errors import CourseNotFound
from kosu.modules.learning.ports import LearningQueries
from kosu.modules.media import Media

PAGE = 100


@dataclass(frozen=True, slots=True)
class ExportNotes:
    queries: LearningQueries
    catalog: Catalog
    media: Media
    web_url: str

    async def __call__(self, *, user_id: UserId, course_slug: str | None) -> AsyncIterator[str]:
        """The document in pieces of one page of notes at most, so that its length costs no memory.

        By course, then by lesson in the order of the curriculum and those last that left it, then by moment. Raises
        CourseNotFound before the first piece.
        """
        course_id = None
        if course_slug is not None:
            course = await self.catalog.course_by_slug(course_slug)
            if course is None:
                raise CourseNotFound
            course_id = course.course_id
        noted = await self.queries.noted_lessons(user_id, course_id=course_id)
        courses = await self.catalog.courses({course_id for course_id, _ in noted})
        return self._document(user_id, noted, sorted(courses.values(), key=lambda course: course.title))

    async def _document(
        self, user_id: UserId, noted: Sequence[tuple[CourseId, LessonId]], courses: Sequence[CourseOutline]
    ) -> AsyncIterator[str]:
        yield heading(1, "Notes")
        for course in courses:
            yield heading(2, course.title)
            lesson_ids = {lesson_id for course_id, lesson_id in noted if course_id == course.course_id}
            for lesson in await self._in_order(lesson_ids):
                yield heading(3, lesson.title)
                async for piece in self._notes(user_id, lesson):
                    yield piece

    async def _in_order(self, lesson_ids: Collection[LessonId]) -> Sequence[LessonOutline]:
        lessons = await self.catalog.lessons(lesson_ids)
        return sorted(
            lessons.values(), key=lambda lesson: (lesson.position is None, lesson.position or 0, lesson.lesson_id)
        )

    async def _notes(self, user_id: UserId, lesson: LessonOutline) -> AsyncIterator[str]:
        published = (await self.media.published([lesson.lesson_id])).get(lesson.lesson_id)
        revision = None if published is None else published.revision
        after = None
        while True:
            notes, after = await self.queries.lesson_notes(user_id, lesson.lesson_id, after=after, limit=PAGE)
            yield "".join(
                note_entry(
                    note,
                    course_slug=lesson.course_slug,
                    web_url=self.web_url,
                    is_stale=note.is_stale(revision),
                )
                for note in notes
            )
            if after is None:
                return
