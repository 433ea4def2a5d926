"""The course: what it says about itself, its state, and its sections of lessons in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict

from kosu.ids import CourseId, LessonId, SectionId, UserId
from kosu.modules.catalog.domain.curriculum import Lesson, LessonChanges, Section, check_line, check_text
from kosu.modules.catalog.errors import (
    CourseStateConflict,
    CurriculumEmpty,
    CurriculumFull,
    CurriculumMismatch,
    InvalidCourse,
    LessonNotFound,
    SectionNotFound,
)
from kosu.money import Money

CourseState = Literal["draft", "in_review", "published", "archived"]
Level = Literal["beginner", "intermediate", "advanced", "all_levels"]

MAX_SECTIONS = 100
MAX_LESSONS = 1_000
MAX_AMOUNT_MINOR = 1_000_000_000
# Source: RFC 5646, narrowed to a language with subtags.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# Another site by https, or a path of this one.
COVER_URL = re.compile(r"(https://[^\s/?#\\]+|/[^\s/\\])[^\s\\]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDetails:
    """What the instructor says about the course. `list_price` is the price before a reduction."""

    title: str
    subtitle: str
    description: str
    category: str
    level: Level
    language: str
    price: Money
    outcomes: tuple[str, ...] = ()
    list_price: Money | None = None
    cover_url: str | None = None

    def __post_init__(self) -> None:
        check_line("title", self.title, 1, 200)
        check_line("subtitle", self.subtitle, 0, 300)
        check_text("description", self.description, 0, 20_000)
        check_text("category", self.category, 1, 80)
        if len(self.outcomes) > 20:
            raise InvalidCourse("At most 20 outcomes.", field="outcomes")
        for outcome in self.outcomes:
            check_line("outcomes", outcome, 1, 300)
        if not LANGUAGE.fullmatch(self.language):
            raise InvalidCourse("Expected a language tag such as en or ko.", field="language")
        if not 0 <= self.price.amount_minor <= MAX_AMOUNT_MINOR:
            raise InvalidCourse("The price is out of range.", field="price")
        if self.list_price is not None and (
            self.list_price.currency != self.price.currency
            or not self.price.amount_minor <= self.list_price.amount_minor <= MAX_AMOUNT_MINOR
        ):
            raise InvalidCourse("The list price is in the price's currency and not below it.", field="list_price")
        if self.cover_url is not None and (len(self.cover_url) > 500 or not COVER_URL.fullmatch(self.cover_url)):
            raise InvalidCourse("Expected an https URL or a path of this site.", field="cover_url")


class CourseChanges(TypedDict, total=False):
    """What an instructor may change of a course's details; what is absent stays."""

    title: str
    subtitle: str
    description: str
    category: str
    level: Level
    language: str
    price: Money
    outcomes: tuple[str, ...]
    list_price: Money | None
    cover_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course and its curriculum, changed as one. The order of the tuples is the order of the curriculum.

    The slug is made once and stays, whatever the title becomes. Counts are kept by events, for the cards.
    `rejection_reason` is what the last review found, until the course is submitted again or published.
    """

    id: CourseId
    slug: str
    instructor_id: UserId
    instructor_name: str
    details: CourseDetails
    created_at: datetime
    updated_at: datetime
    state: CourseState = "draft"
    published_at: datetime | None = None
    rejection_reason: str | None = None
    sections: tuple[Section, ...] = ()
    enrolment_count: int = 0
    enrolment_counted_at: datetime | None = None
    rating_sum: int = 0
    rating_count: int = 0
    rating_counted_at: datetime | None = None

    def __post_init__(self) -> None:
        if len(self.sections) > MAX_SECTIONS or len(self.lessons) > MAX_LESSONS:
            raise CurriculumFull

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in the order of the curriculum."""
        return tuple(lesson for section in self.sections for lesson in section.lessons)

    @property
    def duration_ms(self) -> int:
        return sum(lesson.duration_ms or 0 for lesson in self.lessons)

    @property
    def has_preview(self) -> bool:
        """Whether there is a lesson that strangers may look into now."""
        return any(lesson.preview and lesson.is_ready for lesson in self.lessons)

    def may_be_edited_by(self, user_id: UserId, *, is_operator: bool) -> bool:
        return is_operator or user_id == self.instructor_id

    def edited(self, changes: CourseChanges, *, at: datetime) -> Course:
        return replace(self, details=replace(self.details, **changes), updated_at=at)

    def with_section(self, section: Section, *, at: datetime) -> Course:
        """The section becomes the last one."""
        return replace(self, sections=(*self.sections, section), updated_at=at)

    def renamed_section(self, section_id: SectionId, title: str, *, at: datetime) -> Course:
        return self._with_section_changed(section_id, lambda section: replace(section, title=title), at=at)

    def without_section(self, section_id: SectionId, *, at: datetime) -> Course:
        """The section goes, with its lessons."""
        self.section(section_id)
        sections = tuple(section for section in self.sections if section.id != section_id)
        return self._with_curriculum(sections, at=at)

    def with_lesson(self, section_id: SectionId, lesson: Lesson, *, at: datetime) -> Course:
        """The lesson becomes the last of its section."""
        return self._with_section_changed(
            section_id, lambda section: replace(section, lessons=(*section.lessons, lesson)), at=at
        )

    def edited_lesson(
        self, section_id: SectionId, lesson_id: LessonId, changes: LessonChanges, *, at: datetime
    ) -> Course:
        lesson = self.lesson(lesson_id, section_id=section_id)
        return self._with_lesson_changed(replace(lesson, **changes), at=at)

    def without_lesson(self, section_id: SectionId, lesson_id: LessonId, *, at: datetime) -> Course:
        """The lesson leaves the curriculum. Records keep it, so that nobody's progress or note loses its subject."""
        self.lesson(lesson_id, section_id=section_id)
        sections = tuple(
            replace(section, lessons=tuple(lesson for lesson in section.lessons if lesson.id != lesson_id))
            for section in self.sections
        )
        return self._with_curriculum(sections, at=at)

    def reordered(self, order: Sequence[tuple[SectionId, Sequence[LessonId]]], *, at: datetime) -> Course:
        """The same sections and lessons in another order; a lesson may move to another section.

        Raises:
            CurriculumMismatch: something is missing, unknown or named twice.
        """
        sections = {section.id: section for section in self.sections}
        lessons = {lesson.id: lesson for lesson in self.lessons}
        named_sections = [section_id for section_id, _ in order]
        named_lessons = [lesson_id for _, lesson_ids in order for lesson_id in lesson_ids]
        if sorted(named_sections) != sorted(sections) or sorted(named_lessons) != sorted(lessons):
            raise CurriculumMismatch
        return self._with_curriculum(
            tuple(
                replace(sections[section_id], lessons=tuple(lessons[lesson_id] for lesson_id in lesson_ids))
                for section_id, lesson_ids in order
            ),
            at=at,
        )

    def submitted(self, *, at: datetime) -> Course:
        """Handed to the operators for review, from a draft or back from the archive. Submitting again changes nothing.

        Raises:
            CurriculumEmpty, CourseStateConflict
        """
        self._check_offerable()
        if self.state == "published":
            raise CourseStateConflict("The course is published already.", state=self.state)
        if self.state == "in_review":
            return self
        return replace(self, state="in_review", rejection_reason=None, updated_at=at)

    def withdrawn(self, *, at: datetime) -> Course:
        """Taken back from review, a draft again. Withdrawing again changes nothing.

        Raises:
            CourseStateConflict
        """
        return self if self.state == "draft" else replace(self._reviewed(), state="draft", updated_at=at)

    def approved(self, *, at: datetime) -> Course:
        """Published after review. Approving again changes nothing.

        Raises:
            CurriculumEmpty, CourseStateConflict
        """
        return self if self.state == "published" else self._reviewed().published(at=at)

    def rejected(self, reason: str, *, at: datetime) -> Course:
        """Sent back from review, a draft again that says why.

        Raises:
            InvalidCourse, CourseStateConflict
        """
        check_text("reason", reason, 1, 2_000)
        return replace(self._reviewed(), state="draft", rejection_reason=reason, updated_at=at)

    def published(self, *, at: datetime) -> Course:
        """Offered in the catalogue, from any other state. Publishing again changes nothing.

        Raises:
            CurriculumEmpty
        """
        self._check_offerable()
        if self.state == "published":
            return self
        return replace(
            self, state="published", published_at=self.published_at or at, rejection_reason=None, updated_at=at
        )

    def archived(self, *, at: datetime) -> Course:
        """No longer offered; those who are enrolled keep their access."""
        return self if self.state == "archived" else replace(self, state="archived", updated_at=at)

    def with_media(self, lesson_id: LessonId, *, revision: int, duration_ms: int, at: datetime) -> Course:
        """A video lesson takes the duration of its media; a revision that is not newer changes nothing."""
        lesson = self.lesson(lesson_id)
        if lesson.kind != "video" or revision <= lesson.media_revision:
            return self
        return self._with_lesson_changed(replace(lesson, duration_ms=duration_ms, media_revision=revision), at=at)

    def with_enrolment_count(self, count: int, *, counted_at: datetime) -> Course:
        """A count that is not newer than the present one changes nothing."""
        if self.enrolment_counted_at is not None and counted_at <= self.enrolment_counted_at:
            return self
        return replace(self, enrolment_count=count, enrolment_counted_at=counted_at)

    def with_rating(self, rating_sum: int, rating_count: int, *, counted_at: datetime) -> Course:
        """A count that is not newer than the present one changes nothing."""
        if self.rating_counted_at is not None and counted_at <= self.rating_counted_at:
            return self
        return replace(self, rating_sum=rating_sum, rating_count=rating_count, rating_counted_at=counted_at)

    def section(self, section_id: SectionId) -> Section:
        """Raises SectionNotFound."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise SectionNotFound

    def lesson(self, lesson_id: LessonId, *, section_id: SectionId | None = None) -> Lesson:
        """A lesson of the curriculum, or of one of its sections. Raises SectionNotFound or LessonNotFound."""
        for lesson in self.lessons if section_id is None else self.section(section_id).lessons:
            if lesson.id == lesson_id:
                return lesson
        raise LessonNotFound

    def _with_curriculum(self, sections: tuple[Section, ...], *, at: datetime) -> Course:
        changed = replace(self, sections=sections, updated_at=at)
        if changed.state == "published":
            changed._check_offerable()
        return changed

    def _with_section_changed(
        self, section_id: SectionId, change: Callable[[Section], Section], *, at: datetime
    ) -> Course:
        self.section(section_id)
        return self._with_curriculum(
            tuple(change(section) if section.id == section_id else section for section in self.sections), at=at
        )

    def _with_lesson_changed(self, changed: Lesson, *, at: datetime) -> Course:
        sections = tuple(
            replace(
                section, lessons=tuple(changed if lesson.id == changed.id else lesson for lesson in section.lessons)
            )
            for section in self.sections
        )
        return self._with_curriculum(sections, at=at)

    def _reviewed(self) -> Course:
        if self.state != "in_review":
            raise CourseStateConflict("The course is not in review.", state=self.state)
        return self

    def _check_offerable(self) -> None:
        if not self.lessons:
            raise CurriculumEmpty
