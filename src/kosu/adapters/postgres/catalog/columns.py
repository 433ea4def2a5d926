"""From the columns that catalog's statements select to the views that they answer with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from psycopg import sql

from kosu.ids import LessonId
from kosu.modules.catalog.domain.curriculum import LessonKind
from kosu.modules.catalog.views import (
    CategoryView,
    CourseCard,
    CourseOutline,
    InstructorName,
    LessonOutline,
    RatingView,
)
from kosu.money import Money

Columns = tuple[Any, ...]
LessonColumns = tuple[LessonId, str, LessonKind, bool, int | None]

CARD = sql.SQL(
    """c.id, c.slug, c.title, c.subtitle, c.cover_url, c.instructor_name, c.category, g.name, c.level, c.language,
       c.currency, c.price_minor, c.list_price_minor, c.rating_sum, c.rating_count, c.enrolment_count, c.duration_ms,
       c.lesson_count, c.has_preview"""
)
CARD_WIDTH = 19
SLUG = 1
STUDIO_FIELDS = ("state", "created_at", "updated_at", "published_at", "rejection_reason")
# A page of cards has few of these, again and again.
_money = lru_cache(maxsize=4096)(Money)
_category = lru_cache(maxsize=1024)(CategoryView)
_instructor = lru_cache(maxsize=4096)(InstructorName)
_rating = lru_cache(maxsize=4096)(RatingView.of)
STUDIO = sql.SQL(", ").join(sql.SQL("c.") + sql.Identifier(field) for field in STUDIO_FIELDS)


def card(row: Columns) -> CourseCard:
    (
        course_id, slug, title, subtitle, cover_url, instructor_name, category, category_name, level, language,
        currency, price_minor, list_price_minor, rating_sum, rating_count, enrolment_count, duration_ms, lesson_count,
        has_preview,
    ) = row[:CARD_WIDTH]  # fmt: skip
    return CourseCard(
        id=course_id,
        slug=slug,
        title=title,
        subtitle=subtitle,
        cover_url=cover_url,
        instructor=_instructor(instructor_name),
        category=_category(category, category_name),
        level=level,
        language=language,
        price=_money(price_minor, currency),
        list_price=None if list_price_minor is None else _money(list_price_minor, currency),
        rating=_rating(rating_sum, rating_count),
        enrolment_count=enrolment_count,
        duration_ms=duration_ms,
        lesson_count=lesson_count,
        has_preview=has_preview,
    )


def studio_fields(row: Columns) -> dict[str, Any]:
    """The fields of a studio's card, from CARD and STUDIO."""
    return msgspec.structs.asdict(card(row)) | dict(zip(STUDIO_FIELDS, row[CARD_WIDTH:], strict=False))


def lesson_outline(row: Columns) -> LessonOutline:
    (
        lesson_id, course_id, course_slug, title, kind, preview, instructor_id, course_state, price_minor, currency,
        duration_ms, position,
    ) = row  # fmt: skip
    return LessonOutline(
        lesson_id=lesson_id,
        course_id=course_id,
        course_slug=course_slug,
        title=title,
        kind=kind,
        preview=preview,
        instructor_id=instructor_id,
        course_state=course_state,
        price=Money(price_minor, currency),
        duration_ms=duration_ms,
        position=position,
    )


def course_outline(row: Columns) -> CourseOutline:
    course_id, slug, title, instructor_id, state, price_minor, currency, lessons = row
    price = Money(price_minor, currency)
    return CourseOutline(
        course_id=course_id,
        slug=slug,
        title=title,
        instructor_id=instructor_id,
        state=state,
        price=price,
        lessons=tuple(
            LessonOutline(
                lesson_id=lesson_id,
                course_id=course_id,
                course_slug=slug,
                title=lesson_title,
                kind=kind,
                preview=preview,
                instructor_id=instructor_id,
                course_state=state,
                price=price,
                duration_ms=duration_ms,
                position=position,
            )
            for position, (lesson_id, lesson_title, kind, preview, duration_ms) in enumerate(
                msgspec.convert(lessons, list[LessonColumns])
            )
        ),
    )
