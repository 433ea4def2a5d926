"""What learning answers."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import LessonId, NoteId, SectionId
from kosu.modules.catalog import CourseCard
from kosu.modules.learning.domain.access import Access, AccessState
from kosu.modules.learning.domain.notes import Note


class AccessView(msgspec.Struct, frozen=True, kw_only=True):
    """Why it opens, or why not: `code` is stable, `reason` is for people."""

    state: AccessState
    code: str
    reason: str
    expires_at: datetime | None

    @classmethod
    def of(cls, access: Access) -> AccessView:
        return cls(state=access.state, code=access.code, reason=access.reason, expires_at=access.expires_at)


class CourseLesson(msgspec.Struct, frozen=True, kw_only=True):
    """`locked`: the lesson does not open for the one who asks."""

    id: LessonId
    title: str
    kind: str
    duration_ms: int | None
    preview: bool
    locked: bool


class CourseSection(msgspec.Struct, frozen=True, kw_only=True):
    section_id: SectionId
    section: str
    lessons: list[CourseLesson]


class CourseView(CourseCard, frozen=True, kw_only=True):
    """A course's page for the one who asks."""

    description: str
    outcomes: list[str]
    curriculum: list[CourseSection]
    access: AccessView


class EncodedCourseView(CourseCard, frozen=True, kw_only=True):
    """A CourseView of which the curriculum is JSON already: encoded, both are the same."""

    description: str
    outcomes: list[str]
    curriculum: msgspec.Raw
    access: AccessView


class LessonView(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson's page. `body` is the markdown of a text lesson, null while it is locked."""

    id: LessonId
    course_slug: str
    title: str
    kind: str
    duration_ms: int | None
    preview: bool
    locked: bool
    body: str | None
    access: AccessView


class CaptionView(msgspec.Struct, frozen=True):
    lang: str
    label: str
    url: str


class PlaybackView(msgspec.Struct, frozen=True, kw_only=True):
    """All that a player needs; the URLs open with the cookies that come along, until `expires_at`.

    `watched` is what the learner saw of the video so far, as [from, to) pairs in ms, sorted and disjoint.
    """

    hls_url: str
    mp4_url: str
    poster_url: str
    storyboard_url: str | None
    captions: list[CaptionView]
    duration_ms: int
    media_revision: int
    resume_position_ms: int
    watched: list[tuple[int, int]]
    expires_at: datetime


class LessonProgressView(msgspec.Struct, frozen=True, kw_only=True):
    id: LessonId
    percent: int
    position_ms: int
    furthest_ms: int
    completed_at: datetime | None


class CourseProgressView(msgspec.Struct, frozen=True):
    """`percent` counts every lesson alike; a lesson's own percent is how much of its video was seen."""

    percent: int
    lessons: list[LessonProgressView]


class LastLessonView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the learner was last in a course."""

    id: LessonId
    title: str


class EnrolmentView(CourseCard, frozen=True, kw_only=True):
    """The course's card, and how far its learner is; `position_ms` is in the last lesson, 0 before the first."""

    percent: int
    last_lesson: LastLessonView | None
    position_ms: int
    enrolled_at: datetime
    expires_at: datetime | None


class EnrolmentPage(msgspec.Struct, frozen=True):
    items: list[EnrolmentView]
    next_cursor: str | None


class NoteView(msgspec.Struct, frozen=True, kw_only=True):
    """`stale`: another revision of the video plays now. `deep_link` is a path of the web client.

    `version` in quotes is the note's ETag.
    """

    id: NoteId
    lesson_id: LessonId
    lesson_title: str
    course_slug: str
    at_ms: int
    body: str
    media_revision: int
    stale: bool
    deep_link: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, note: Note, *, course_slug: str, lesson_title: str, published_revision: int | None) -> NoteView:
        return cls(
            id=note.id,
            lesson_id=note.lesson_id,
            lesson_title=lesson_title,
            course_slug=course_slug,
            at_ms=note.at_ms,
            body=note.body,
            media_revision=note.media_revision,
            stale=note.is_stale(published_revision),
            deep_link=f"/learn/{course_slug}/{note.lesson_id}?t={note.at_ms}",
            version=note.version,
            created_at=note.created_at,
            updated_at=note.updated_at,
        )


class NotePage(msgspec.Struct, frozen=True):
    items: list[NoteView]
    next_cursor: str | None
