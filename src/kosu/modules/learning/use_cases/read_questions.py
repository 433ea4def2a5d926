"""Read questions and answers: of a lesson, of one question, of all of an instructor's courses, or one's own."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import AnswerId, LessonId, QuestionId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.discussions import Discussions
from kosu.modules.learning.errors import CourseNotFound
from kosu.modules.learning.question_ports import DiscussionQueries, QuestionSort
from kosu.modules.learning.question_views import AnswerPage, OwnAnswerPage, OwnAnswerView, QuestionPage, QuestionView
from kosu.paging import BY_ID, Cursor


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    queries: DiscussionQueries
    access: LessonAccess
    discussions: Discussions

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        lesson_id: LessonId,
        sort: QuestionSort,
        cursor: str | None,
        limit: int,
    ) -> QuestionPage:
        """The lesson's questions; also of a lesson that left the curriculum.

        Raises:
            LessonNotFound, PurchaseRequired, InvalidCursor
        """
        after = None if cursor is None else Cursor.decode(cursor, sort=sort)
        await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator, removed=True)
        found, following = await self.queries.lesson_questions(lesson_id, sort=sort, after=after, limit=limit)
        return QuestionPage(await self.discussions.views(found, viewer_id=user_id), following and following.encode())


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    discussions: Discussions

    async def __call__(self, *, user_id: UserId, is_operator: bool, question_id: QuestionId) -> QuestionView:
        """Raises QuestionNotFound, LessonNotFound, PurchaseRequired."""
        question, _ = await self.discussions.open(question_id, user_id=user_id, is_operator=is_operator)
        return (await self.discussions.views([question], viewer_id=user_id))[0]


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    queries: DiscussionQueries
    discussions: Discussions

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, question_id: QuestionId, cursor: str | None, limit: int
    ) -> AnswerPage:
        """All answers of a question, oldest first.

        Raises:
            QuestionNotFound, LessonNotFound, PurchaseRequired, InvalidCursor
        """
        after = None if cursor is None else AnswerId(Cursor.decode(cursor, sort=BY_ID).id)
        question, _ = await self.discussions.open(question_id, user_id=user_id, is_operator=is_operator)
        found, following = await self.queries.answers(question_id, after=after, limit=limit)
        views = await self.discussions.answer_views(question, found, viewer_id=user_id)
        return AnswerPage(views, following and following.encode())


@dataclass(frozen=True, slots=True)
class ListInstructorQuestions:
    queries: DiscussionQueries
    catalog: Catalog
    discussions: Discussions

    async def __call__(
        self, *, user_id: UserId, course_slug: str | None, unanswered: bool, cursor: str | None, limit: int
    ) -> QuestionPage:
        """Questions about all courses that the user teaches, or one of them, newest first.

        Raises:
            CourseNotFound: also for somebody else's course.
            InvalidCursor
        """
        before = _before(cursor)
        course_id = None
        if course_slug is not None:
            course = await self.catalog.course_by_slug(course_slug)
            if course is None or course.instructor_id != user_id:
                raise CourseNotFound
            course_id = course.course_id
        found, following = await self.queries.instructor_questions(
            user_id, course_id=course_id, unanswered=unanswered, before=before, limit=limit
        )
        return QuestionPage(await self.discussions.views(found, viewer_id=user_id), following and following.encode())


@dataclass(frozen=True, slots=True)
class ListOwnQuestions:
    queries: DiscussionQueries
    discussions: Discussions

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> QuestionPage:
        """All that the user asked, newest first, without the answers of others. Raises InvalidCursor."""
        found, following = await self.queries.questions_by(user_id, before=_before(cursor), limit=limit)
        views = await self.discussions.views(found, viewer_id=user_id, with_answers=False)
        return QuestionPage(views, following and following.encode())


@dataclass(frozen=True, slots=True)
class ListOwnAnswers:
    queries: DiscussionQueries

    async def __call__(self, *, user_id: UserId, cursor: str | None, limit: int) -> OwnAnswerPage:
        """All that the user answered, newest first. Raises InvalidCursor."""
        before = None if cursor is None else AnswerId(Cursor.decode(cursor, sort=BY_ID).id)
        found, following = await self.queries.answers_by(user_id, before=before, limit=limit)
        items = [
            OwnAnswerView(
                id=answer.id,
                question_id=answer.question_id,
                body=answer.body,
                created_at=answer.created_at,
                updated_at=answer.updated_at,
            )
            for answer in found
        ]
        return OwnAnswerPage(items, following and following.encode())


def _before(cursor: str | None) -> QuestionId | None:
    return None if cursor is None else QuestionId(Cursor.decode(cursor, sort=BY_ID).id)
