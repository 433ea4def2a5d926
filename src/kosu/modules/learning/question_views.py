"""What learning answers about questions and answers. All markdown is as it was typed, to be made safe where shown."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import AnswerId, LessonId, QuestionId, UserId
from kosu.modules.catalog import LessonOutline
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.review_views import Author


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """`by_instructor`: who teaches the course wrote it; `mine`: the one who asks for it did."""

    id: AnswerId
    question_id: QuestionId
    author: Author
    body: str
    by_instructor: bool
    accepted: bool
    mine: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, answer: Answer, question: Question, *, author: str, viewer_id: UserId) -> AnswerView:
        return cls(
            id=answer.id,
            question_id=answer.question_id,
            author=Author(author),
            body=answer.body,
            by_instructor=answer.author_id == question.instructor_id,
            accepted=answer.id == question.accepted_answer_id,
            mine=answer.author_id == viewer_id,
            created_at=answer.created_at,
            updated_at=answer.updated_at,
        )


class AnswerPage(msgspec.Struct, frozen=True):
    items: list[AnswerView]
    next_cursor: str | None


class QuestionView(msgspec.Struct, frozen=True, kw_only=True):
    """`answers` holds the first few of `answer_count`. `answered`: by somebody else than who asked."""

    id: QuestionId
    lesson_id: LessonId
    lesson_title: str
    course_slug: str
    author: Author
    title: str
    body: str
    at_ms: int | None
    deep_link: str
    mine: bool
    answered: bool
    answer_count: int
    accepted_answer_id: AnswerId | None
    answers: list[AnswerView]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(
        cls, question: Question, lesson: LessonOutline, *, author: str, answers: list[AnswerView], viewer_id: UserId
    ) -> QuestionView:
        moment = "" if question.at_ms is None else f"?t={question.at_ms}"
        return cls(
            id=question.id,
            lesson_id=question.lesson_id,
            lesson_title=lesson.title,
            course_slug=lesson.course_slug,
            author=Author(author),
            title=question.title,
            body=question.body,
            at_ms=question.at_ms,
            deep_link=f"/learn/{lesson.course_slug}/{question.lesson_id}{moment}",
            mine=question.asker_id == viewer_id,
            answered=question.is_answered,
            answer_count=question.answer_count,
            accepted_answer_id=question.accepted_answer_id,
            answers=answers,
            created_at=question.created_at,
            updated_at=question.updated_at,
        )


class QuestionPage(msgspec.Struct, frozen=True):
    items: list[QuestionView]
    next_cursor: str | None


class OwnAnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """One's own answer, for the export of an account."""

    id: AnswerId
    question_id: QuestionId
    body: str
    created_at: datetime
    updated_at: datetime


class OwnAnswerPage(msgspec.Struct, frozen=True):
    items: list[OwnAnswerView]
    next_cursor: str | None
