"""Certificates: that somebody completed a course, as the course was then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kosu.ids import CourseId, LessonId, UserId
from kosu.modules.learning.domain.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was true at `issued_at`, and stays so whatever becomes of the course, its lessons and its names.

    `language` is the learner's; `duration_ms` is that of all videos. A revoked certificate certifies nothing any more.
    """

    code: str
    user_id: UserId
    course_id: CourseId
    instructor_id: UserId
    learner_name: str
    instructor_name: str
    course_title: str
    language: str
    lesson_count: int
    duration_ms: int
    completed_at: datetime
    issued_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str | None = None

    def revoked(self, *, reason: str, at: datetime) -> Certificate:
        """Once is for ever, and the first reason stays."""
        if self.revoked_at is not None:
            return self
        return replace(self, revoked_at=at, revocation_reason=reason)


def completed_at(lesson_ids: tuple[LessonId, ...], progress: Mapping[LessonId, Progress]) -> datetime | None:
    """When the last of these lessons was completed; None while one is not, and for a course without lessons."""
    moments = [progress[lesson_id].completed_at if lesson_id in progress else None for lesson_id in lesson_ids]
    completions = [moment for moment in moments if moment is not None]
    return max(completions) if completions and len(completions) == len(moments) else None
