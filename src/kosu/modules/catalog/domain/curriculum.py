"""The parts of a course's curriculum: sections and lessons, with ids that stay whatever the order becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

from kosu.ids import LessonId, SectionId
from kosu.modules.catalog.errors import InvalidCourse
from kosu.text import is_one_line

LessonKind = Literal["video", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson with a stable id. A text lesson has a markdown `body`; a video gets its duration from its media.

    `media_revision` is the revision that `duration_ms` belongs to; 0 before the first.
    """

    id: LessonId
    title: str
    kind: LessonKind
    preview: bool = False
    body: str = ""
    duration_ms: int | None = None
    media_revision: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether there is something to see: a video has no duration before its first media."""
        return self.kind == "text" or self.duration_ms is not None

    def __post_init__(self) -> None:
        check_line("title", self.title, 1, 200)
        check_text("body", self.body, 0, 100_000)
        if self.kind == "video" and self.body:
            raise InvalidCourse("Only a text lesson has a body.", field="body")


class LessonChanges(TypedDict, total=False):
    """What an instructor may change of a lesson; what is absent stays."""

    title: str
    preview: bool
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: SectionId
    title: str
    lessons: tuple[Lesson, ...] = ()

    def __post_init__(self) -> None:
        check_line("title", self.title, 1, 200)


def check_text(field: str, text: str, shortest: int, longest: int) -> None:
    """Raises InvalidCourse unless the text has a length in characters between the two, and is not blank if needed."""
    # A NUL cannot be stored as text in PostgreSQL.
    if not shortest <= len(text) <= longest or (shortest and not text.strip()) or "\0" in text:
        raise InvalidCourse(f"Expected {shortest} to {longest} characters.", field=field)


def check_line(field: str, text: str, shortest: int, longest: int) -> None:
    """As `check_text`, and raises InvalidCourse also for what does not stay on its line or turns its direction."""
    check_text(field, text, shortest, longest)
    if not is_one_line(text):
        raise InvalidCourse("Expected one line of printable characters.", field=field)
