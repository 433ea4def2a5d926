"""catalog's rows, and how they become values of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row
from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.course import Course, CourseDetails, CourseState, Level
from kosu.modules.catalog.domain.curriculum import Lesson, LessonKind, Section
from kosu.money import Money

PUBLISHED = text("state = 'published'")
# What lists by rating are sorted by.
RATING = text("coalesce(rating_sum * 1000 / nullif(rating_count, 0), 0)")


class CategoryRow(Row):
    __tablename__ = "categories"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]


class CourseRow(Row):
    """A course without its curriculum.

    `duration_ms`, `lesson_count` and `has_preview` repeat what the lessons say, for the cards.
    """

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'in_review', 'published', 'archived')", name="state"),
        CheckConstraint("price_minor >= 0", name="price_minor"),
        Index("ix_courses_instructor", "instructor_id", "id"),
        Index("ix_courses_popular", "enrolment_count", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_newest", "published_at", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_rating", RATING, "id", postgresql_where=PUBLISHED),
        Index("ix_courses_price", "price_minor", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_category", "category", "enrolment_count", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_language", "language", "enrolment_count", "id", postgresql_where=PUBLISHED),
        Index("ix_courses_state", "state", "id"),
        {"schema": "catalog"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    instructor_id: Mapped[UUID]
    instructor_name: Mapped[str]
    state: Mapped[CourseState] = mapped_column(Text)
    title: Mapped[str]
    subtitle: Mapped[str]
    description: Mapped[str]
    outcomes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    category: Mapped[str] = mapped_column(ForeignKey("catalog.categories.slug"))
    level: Mapped[Level] = mapped_column(Text)
    language: Mapped[str]
    currency: Mapped[str]
    price_minor: Mapped[int]
    list_price_minor: Mapped[int | None]
    cover_url: Mapped[str | None]
    enrolment_count: Mapped[int]
    enrolment_counted_at: Mapped[datetime | None]
    rating_sum: Mapped[int]
    rating_count: Mapped[int]
    rating_counted_at: Mapped[datetime | None]
    duration_ms: Mapped[int]
    lesson_count: Mapped[int]
    has_preview: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    rejection_reason: Mapped[str | None]


class CourseSearchRow(Row):
    """What a course is found by; apart from the course, whose counts change often and would have it written anew."""

    __tablename__ = "course_search"
    __table_args__ = (
        Index("ix_course_search_words", "words", postgresql_using="gin"),
        Index("ix_course_search_grams", "grams", postgresql_using="gin"),
        {"schema": "catalog"},
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.courses.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(TSVECTOR)
    grams: Mapped[list[str]] = mapped_column(ARRAY(Text))


class SectionRow(Row):
    __tablename__ = "sections"
    __table_args__ = (Index("ix_sections_course", "course_id", "position"), {"schema": "catalog"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.courses.id"))
    title: Mapped[str]
    position: Mapped[int]


class LessonRow(Row):
    """A lesson. Without a section it has left the curriculum, and stays for progress and notes that refer to it."""

    __tablename__ = "lessons"
    __table_args__ = (
        CheckConstraint("kind IN ('video', 'text')", name="kind"),
        Index("ix_lessons_course", "course_id", "position"),
        Index("ix_lessons_section", "section_id", "position"),
        {"schema": "catalog"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.courses.id"))
    section_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.sections.id", ondelete="SET NULL"))
    title: Mapped[str]
    kind: Mapped[LessonKind] = mapped_column(Text)
    preview: Mapped[bool]
    body: Mapped[str]
    duration_ms: Mapped[int | None]
    media_revision: Mapped[int]
    position: Mapped[int]


class CollectionRow(Row):
    __tablename__ = "collections"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str]
    position: Mapped[int]
    published: Mapped[bool]


class CollectedCourseRow(Row):
    """A course of a collection; `position` counts from 0 in the order that operators gave."""

    __tablename__ = "collected_courses"
    __table_args__ = ({"schema": "catalog"},)

    collection: Mapped[str] = mapped_column(
        ForeignKey("catalog.collections.slug", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.courses.id"))


def course_values(course: Course) -> dict[str, Any]:
    """The columns of the course's own row."""
    details = course.details
    return {
        "id": course.id,
        "slug": course.slug,
        "instructor_id": course.instructor_id,
        "instructor_name": course.instructor_name,
        "state": course.state,
        "title": details.title,
        "subtitle": details.subtitle,
        "description": details.description,
        "outcomes": list(details.outcomes),
        "category": details.category,
        "level": details.level,
        "language": details.language,
        "currency": details.price.currency,
        "price_minor": details.price.amount_minor,
        "list_price_minor": details.list_price.amount_minor if details.list_price else None,
        "cover_url": details.cover_url,
        "enrolment_count": course.enrolment_count,
        "enrolment_counted_at": course.enrolment_counted_at,
        "rating_sum": course.rating_sum,
        "rating_count": course.rating_count,
        "rating_counted_at": course.rating_counted_at,
        "duration_ms": course.duration_ms,
        "lesson_count": len(course.lessons),
        "has_preview": course.has_preview,
        "created_at": course.created_at,
        "updated_at": course.updated_at,
        "published_at": course.published_at,
        "rejection_reason": course.rejection_reason,
    }


def section_values(course: Course) -> list[dict[str, Any]]:
    """The columns of the sections' rows."""
    return [
        {"id": section.id, "course_id": course.id, "title": section.title, "position": position}
        for position, section in enumerate(course.sections)
    ]


def lesson_values(course: Course) -> list[dict[str, Any]]:
    """The columns of the lessons' rows; positions count within their section."""
    return [
        {
            "id": lesson.id,
            "course_id": course.id,
            "section_id": section.id,
            "title": lesson.title,
            "kind": lesson.kind,
            "preview": lesson.preview,
            "body": lesson.body,
            "duration_ms": lesson.duration_ms,
            "media_revision": lesson.media_revision,
            "position": position,
        }
        for section in course.sections
        for position, lesson in enumerate(section.lessons)
    ]


def section_rows(course: Course) -> list[SectionRow]:
    return [SectionRow(**values) for values in section_values(course)]


def lesson_rows(course: Course) -> list[LessonRow]:
    return [LessonRow(**values) for values in lesson_values(course)]


def course_of(row: CourseRow, sections: Sequence[SectionRow], lessons: Sequence[LessonRow]) -> Course:
    """The course from its rows; sections and lessons come sorted by position."""
    return Course(
        id=CourseId(row.id),
        slug=row.slug,
        instructor_id=UserId(row.instructor_id),
        instructor_name=row.instructor_name,
        state=row.state,
        details=CourseDetails(
            title=row.title,
            subtitle=row.subtitle,
            description=row.description,
            outcomes=tuple(row.outcomes),
            category=row.category,
            level=row.level,
            language=row.language,
            price=Money(row.price_minor, row.currency),
            list_price=None if row.list_price_minor is None else Money(row.list_price_minor, row.currency),
            cover_url=row.cover_url,
        ),
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
        rejection_reason=row.rejection_reason,
        enrolment_count=row.enrolment_count,
        enrolment_counted_at=row.enrolment_counted_at,
        rating_sum=row.rating_sum,
        rating_count=row.rating_count,
        rating_counted_at=row.rating_counted_at,
        sections=tuple(
            Section(
                id=SectionId(section.id),
                title=section.title,
                lessons=tuple(_lesson_of(lesson) for lesson in lessons if lesson.section_id == section.id),
            )
            for section in sections
        ),
    )


def _lesson_of(row: LessonRow) -> Lesson:
    return Lesson(
        id=LessonId(row.id),
        title=row.title,
        kind=row.kind,
        preview=row.preview,
        body=row.body,
        duration_ms=row.duration_ms,
        media_revision=row.media_revision,
    )
