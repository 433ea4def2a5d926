"""Read a learner's notes: one, those of a lesson, or searched over all of them."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, NoteId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.learning.annotated import NoteViews
from kosu.modules.learning.errors import CourseNotFound, NoteNotFound
from kosu.modules.learning.ports import BY_CREATION, BY_MOMENT, LearningQueries
from kosu.modules.learning.views import NotePage, NoteView
from kosu.paging import Cursor
from kosu.search import words_of


@dataclass(frozen=True, slots=True)
class ReadLessonNotes:
    queries: LearningQueries
    note_views: NoteViews

    async def __call__(self, *, user_id: UserId, lesson_id: LessonId, cursor: str | None, limit: int) -> NotePage:
        """The learner's own notes by their moments, also after access has ended. Raises InvalidCursor."""
        after = None if cursor is None else Cursor.decode(cursor, sort=BY_MOMENT)
        notes, following = await self.queries.lesson_notes(user_id, lesson_id, after=after, limit=limit)
        return NotePage(await self.note_views(notes), following and following.encode())


@dataclass(frozen=True, slots=True)
class ReadNote:
    queries: LearningQueries
    note_views: NoteViews

    async def __call__(self, *, user_id: UserId, note_id: NoteId) -> NoteView:
        """The learner's own note. Raises NoteNotFound."""
        note = await self.queries.note(user_id, note_id)
        if note is None:
            raise NoteNotFound
        return (await self.note_views([note]))[0]


@dataclass(frozen=True, slots=True)
class SearchNotes:
    queries: LearningQueries
    catalog: Catalog
    note_views: NoteViews

    async def __call__(
        self, *, user_id: UserId, course_slug: str | None, q: str | None, cursor: str | None, limit: int
    ) -> NotePage:
        """The learner's own notes in which every word of `q` stands, newest first.

        Raises:
            CourseNotFound, InvalidCursor
        """
        before = None if cursor is None else Cursor.decode(cursor, sort=BY_CREATION)
        course_id = None
        if course_slug is not None:
            course = await self.catalog.course_by_slug(course_slug)
            if course is None:
                raise CourseNotFound
            course_id = course.course_id
        notes, following = await self.queries.notes(
            user_id, course_id=course_id, words=words_of(q), before=before, limit=limit
        )
        return NotePage(await self.note_views(notes), following and following.encode())
