"""Smart notes: markdown at a moment of a lesson."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kosu.ids import CourseId, LessonId, NoteId, UserId
from kosu.modules.learning.domain.progress import MAX_POSITION_MS
from kosu.modules.learning.errors import InvalidNote

MAX_BODY_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it was typed; it is made safe where it is shown. `media_revision` is the video that `at_ms` is of.

    `version` counts up with every change, so that an editor can say which one it changes.
    """

    id: NoteId
    user_id: UserId
    course_id: CourseId
    lesson_id: LessonId
    at_ms: int
    body: str
    media_revision: int
    created_at: datetime
    updated_at: datetime
    version: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.at_ms <= MAX_POSITION_MS:
            raise InvalidNote("The moment is out of range.", field="at_ms")
        if not 0 <= self.media_revision <= MAX_POSITION_MS:
            raise InvalidNote("The revision is out of range.", field="media_revision")
        # A NUL cannot be stored as text in PostgreSQL.
        if not self.body.strip() or len(self.body) > MAX_BODY_CHARACTERS or "\0" in self.body:
            raise InvalidNote(f"Expected 1 to {MAX_BODY_CHARACTERS} characters.", field="body")

    def edited(self, *, body: str | None, at_ms: int | None, at: datetime) -> Note:
        """With what is given; a note that says so already stays the same version."""
        edited = replace(self, body=self.body if body is None else body, at_ms=self.at_ms if at_ms is None else at_ms)
        return self if edited == self else replace(edited, version=self.version + 1, updated_at=at)

    def is_stale(self, published_revision: int | None) -> bool:
        """Whether another revision of the video plays now, so that the moment may have moved."""
        return published_revision is not None and published_revision != self.media_revision
