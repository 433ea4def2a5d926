"""What catalog answers: cards and pages for readers, the course as its instructor sees it, outlines for siblings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType, TypeAlias

import msgspec

from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.course import Course, CourseState, Level
from kosu.modules.catalog.domain.curriculum import Lesson, LessonKind, Section
from kosu.money import Money


class InstructorName(msgspec.Struct, frozen=True):
    display_name: str


class CategoryView(msgspec.Struct, frozen=True):
    slug: str
    name: str


class RatingView(msgspec.Struct, frozen=True):
    """`average` of 1 to 5 to one decimal; null before the first review."""

    average: float | None
    count: int

    @classmethod
    def of(cls, rating_sum: int, rating_count: int) -> RatingView:
        return cls(round(rating_sum / rating_count, 1) if rating_count else None, rating_count)


class CourseCard(msgspec.Struct, frozen=True, kw_only=True):
    """A course in a list. `has_preview`: one of its lessons can be looked into by everybody, now."""

    id: CourseId
    slug: str
    title: str
    subtitle: str
    cover_url: str | None
    instructor: InstructorName
    category: CategoryView
    level: Level
    language: str
    price: Money
    list_price: Money | None
    rating: RatingView
    enrolment_count: int
    duration_ms: int
    lesson_count: int
    has_preview: bool


class CoursePage(msgspec.Struct, frozen=True):
    items: list[CourseCard]
    next_cursor: str | None


class Suggestion(msgspec.Struct, frozen=True):
    """A course that somebody may be about to look for."""

    title: str
    slug: str


class CollectionName(msgspec.Struct, frozen=True):
    slug: str
    title: str


class CollectionView(msgspec.Struct, frozen=True, kw_only=True):
    """`course_count` counts the courses that are published."""

    slug: str
    title: str
    description: str
    course_count: int


class CollectionPage(msgspec.Struct, frozen=True, kw_only=True):
    """A collection with all its courses, which are few, in the curated order."""

    slug: str
    title: str
    description: str
    items: list[CourseCard]
    next_cursor: str | None = None


class PopularRow(msgspec.Struct, frozen=True, tag_field="kind", tag="popular"):
    """A row of the home page. Readers name it in their own language, as they do the newest."""

    items: list[CourseCard]


class NewestRow(msgspec.Struct, frozen=True, tag_field="kind", tag="newest"):
    items: list[CourseCard]


class CategoryShelf(msgspec.Struct, frozen=True, tag_field="kind", tag="category"):
    category: CategoryView
    items: list[CourseCard]


class CollectionShelf(msgspec.Struct, frozen=True, tag_field="kind", tag="collection"):
    collection: CollectionName
    items: list[CourseCard]


HomeRow: TypeAlias = PopularRow | NewestRow | CategoryShelf | CollectionShelf


class Home(msgspec.Struct, frozen=True):
    rows: list[HomeRow]


class DetailLesson(msgspec.Struct, frozen=True, kw_only=True):
    id: LessonId
    title: str
    kind: LessonKind
    duration_ms: int | None
    preview: bool


class DetailSection(msgspec.Struct, frozen=True, kw_only=True):
    section_id: SectionId
    section: str
    lessons: list[DetailLesson]


CurriculumJson = NewType("CurriculumJson", str)
"""A list of DetailSection as JSON, in which each lesson ends with `"preview":true}` or `"preview":false}`.

Pages are made so often that to build and encode their lessons each time would be a third of what they cost.
"""


class CourseDetail(msgspec.Struct, frozen=True, kw_only=True):
    """All that a course's own page says, in any state of the course: who may see it is decided above."""

    card: CourseCard
    description: str
    outcomes: list[str]
    state: CourseState
    instructor_id: UserId
    curriculum: CurriculumJson


class StudioCard(CourseCard, frozen=True, kw_only=True):
    state: CourseState
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    rejection_reason: str | None


class StudioPage(msgspec.Struct, frozen=True):
    items: list[StudioCard]
    next_cursor: str | None


class StudioLesson(msgspec.Struct, frozen=True, kw_only=True):
    id: LessonId
    title: str
    kind: LessonKind
    preview: bool
    body: str
    duration_ms: int | None
    media_revision: int

    @classmethod
    def of(cls, lesson: Lesson) -> StudioLesson:
        return msgspec.convert(lesson, cls, from_attributes=True)


class StudioSection(msgspec.Struct, frozen=True, kw_only=True):
    id: SectionId
    title: str
    lessons: list[StudioLesson]

    @classmethod
    def of(cls, section: Section) -> StudioSection:
        return msgspec.convert(section, cls, from_attributes=True)


class StudioCourse(msgspec.Struct, frozen=True, kw_only=True):
    """The whole course as its instructor edits it. `category` is a slug.

    `rejection_reason` is what the last review found, until the course is handed in again.
    """

    id: CourseId
    slug: str
    state: CourseState
    title: str
    subtitle: str
    description: str
    category: str
    level: Level
    language: str
    price: Money
    list_price: Money | None
    outcomes: list[str]
    cover_url: str | None
    enrolment_count: int
    duration_ms: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    rejection_reason: str | None
    curriculum: list[StudioSection]

    @classmethod
    def of(cls, course: Course) -> StudioCourse:
        details = course.details
        return cls(
            id=course.id,
            slug=course.slug,
            state=course.state,
            title=details.title,
            subtitle=details.subtitle,
            description=details.description,
            category=details.category,
            level=details.level,
            language=details.language,
            price=details.price,
            list_price=details.list_price,
            outcomes=list(details.outcomes),
            cover_url=details.cover_url,
            enrolment_count=course.enrolment_count,
            duration_ms=course.duration_ms,
            created_at=course.created_at,
            updated_at=course.updated_at,
            published_at=course.published_at,
            rejection_reason=course.rejection_reason,
            curriculum=[StudioSection.of(section) for section in course.sections],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonOutline:
    """What siblings need to know of a lesson. `position` counts through the whole course, from 0.

    A lesson that left the curriculum still has an outline, with `position` None: progress and notes refer to it.
    """

    lesson_id: LessonId
    course_id: CourseId
    course_slug: str
    title: str
    kind: LessonKind
    preview: bool
    instructor_id: UserId
    course_state: CourseState
    price: Money
    duration_ms: int | None
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOutline:
    """What siblings need to know of a course; `lessons` are those of the curriculum, in order."""

    course_id: CourseId
    slug: str
    title: str
    instructor_id: UserId
    state: CourseState
    price: Money
    lessons: tuple[LessonOutline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOffer:
    """What a buyer is offered. `purchasable` is False for a course that is not published."""

    course_id: CourseId
    slug: str
    title: str
    price: Money
    instructor_id: UserId
    purchasable: bool
