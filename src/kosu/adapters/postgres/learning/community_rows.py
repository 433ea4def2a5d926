"""The rows of what learners write for one another, and how their columns become values of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row
from kosu.ids import AnswerId, CourseId, LessonId, QuestionId, ReviewId, UserId
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.domain.reviews import Review

SHOWN = text("hidden_at IS NULL")


class CourseRatingRow(Row):
    """`histogram`: how many reviews give each rating, from 1 to 5."""

    __tablename__ = "course_ratings"
    __table_args__ = ({"schema": "learning"},)

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    histogram: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    counted_at: Mapped[datetime]


class ReviewRow(Row):
    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("course_id", "user_id", name="uq_reviews_learner"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_reviews_newest", "course_id", "id", postgresql_where=SHOWN),
        Index("ix_reviews_helpful", "course_id", "helpful_count", "id", postgresql_where=SHOWN),
        Index("ix_reviews_rating", "course_id", "rating", postgresql_where=SHOWN),
        Index("ix_reviews_user", "user_id", "id"),
        {"schema": "learning"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID]
    user_id: Mapped[UUID]
    rating: Mapped[int]
    body: Mapped[str]
    helpful_count: Mapped[int]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReviewVoteRow(Row):
    """That a reader finds a review helpful."""

    __tablename__ = "review_votes"
    __table_args__ = (Index("ix_review_votes_user", "user_id", "review_id"), {"schema": "learning"})

    review_id: Mapped[UUID] = mapped_column(ForeignKey("learning.reviews.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)


class QuestionRow(Row):
    """`instructor_id` repeats who teaches the course, which never changes, for the instructor's list."""

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_lesson", "lesson_id", "id"),
        Index("ix_questions_asker", "asker_id", "id"),
        Index("ix_questions_instructor", "instructor_id", "id"),
        Index("ix_questions_unanswered", "instructor_id", "id", postgresql_where=text("NOT is_answered")),
        {"schema": "learning"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID]
    lesson_id: Mapped[UUID]
    instructor_id: Mapped[UUID]
    asker_id: Mapped[UUID]
    title: Mapped[str]
    body: Mapped[str]
    at_ms: Mapped[int | None]
    answer_count: Mapped[int]
    is_answered: Mapped[bool]
    accepted_answer_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AnswerRow(Row):
    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_question", "question_id", "id"),
        Index("ix_answers_author", "author_id", "id"),
        {"schema": "learning"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("learning.questions.id", ondelete="CASCADE"))
    author_id: Mapped[UUID]
    body: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


REVIEW_COLUMNS = "id, course_id, user_id, rating, body, helpful_count, hidden_at, hidden_reason, created_at, updated_at"
QUESTION_COLUMNS = """id, course_id, lesson_id, instructor_id, asker_id, title, body, at_ms, answer_count, is_answered,
    accepted_answer_id, created_at, updated_at"""
ANSWER_COLUMNS = "id, question_id, author_id, body, created_at, updated_at"


def review_of(columns: Sequence[Any]) -> Review:
    """From REVIEW_COLUMNS."""
    (
        review_id, course_id, user_id, rating, body, helpful_count, hidden_at, hidden_reason, created_at, updated_at,
    ) = columns  # fmt: skip
    return Review(
        id=ReviewId(review_id),
        course_id=CourseId(course_id),
        user_id=UserId(user_id),
        rating=rating,
        body=body,
        helpful_count=helpful_count,
        hidden_at=hidden_at,
        hidden_reason=hidden_reason,
        created_at=created_at,
        updated_at=updated_at,
    )


def question_of(columns: Sequence[Any]) -> Question:
    """From QUESTION_COLUMNS."""
    (
        question_id, course_id, lesson_id, instructor_id, asker_id, title, body, at_ms, answer_count, is_answered,
        accepted_answer_id, created_at, updated_at,
    ) = columns  # fmt: skip
    return Question(
        id=QuestionId(question_id),
        course_id=CourseId(course_id),
        lesson_id=LessonId(lesson_id),
        instructor_id=UserId(instructor_id),
        asker_id=UserId(asker_id),
        title=title,
        body=body,
        at_ms=at_ms,
        answer_count=answer_count,
        is_answered=is_answered,
        accepted_answer_id=None if accepted_answer_id is None else AnswerId(accepted_answer_id),
        created_at=created_at,
        updated_at=updated_at,
    )


def answer_of(columns: Sequence[Any]) -> Answer:
    """From ANSWER_COLUMNS."""
    answer_id, question_id, author_id, body, created_at, updated_at = columns
    return Answer(
        id=AnswerId(answer_id),
        question_id=QuestionId(question_id),
        author_id=UserId(author_id),
        body=body,
        created_at=created_at,
        updated_at=updated_at,
    )
