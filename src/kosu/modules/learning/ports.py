"""What learning needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

from kosu.errors import Unavailable
from kosu.ids import CourseId, LessonId, NoteId, UserId
from kosu.modules.identity import SessionMark
from kosu.modules.learning.certificate_ports import Certificates
from kosu.modules.learning.domain.access import Enrolled
from kosu.modules.learning.domain.enrolment import Enrolment
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Beat, Progress
from kosu.modules.learning.question_ports import Answers, Questions
from kosu.modules.learning.review_ports import CourseRatings, Reviews
from kosu.paging import Cursor
from kosu.ports.unit_of_work import OpenTransaction

# How long a decision to let somebody watch may be relied on without asking again.
VIEWING_TTL = timedelta(minutes=5)


class GrantSourceTaken(Exception):  # noqa: N818
    """One source gave access twice, to different learners or courses: whoever numbers its sources is mistaken."""


class Enrolments(Protocol):
    async def lock(self, *, user_id: UserId, course_id: CourseId, at: datetime) -> Enrolment:
        """The learner's grants for the course, locked until the transaction ends.

        Where there is nothing yet, an enrolment of `at` without grants is added, so that it can be locked.
        """
        ...

    async def lock_by_source(self, *, source: str, source_id: UUID) -> Enrolment | None:
        """The enrolment that holds this source's grant, locked."""
        ...

    async def save(self, enrolment: Enrolment) -> None:
        """Write the grants of a locked enrolment.

        Raises:
            GrantSourceTaken: the source has already given access to another learner or course.
        """
        ...

    async def count_live(self, course_id: CourseId, *, at: datetime) -> int:
        """How many learners have a live grant for the course."""
        ...


@dataclass(frozen=True, slots=True)
class EnrolmentCount:
    """The last count of a course's learners that was told to the others."""

    course_id: CourseId
    count: int
    counted_at: datetime


class EnrolmentCounts(Protocol):
    async def lock(self, course_id: CourseId, *, at: datetime) -> EnrolmentCount:
        """The course's count, locked; a count of 0 made at `at` where there was none."""
        ...

    async def save(self, count: EnrolmentCount) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """That this learner may watch this lesson, which is so long."""

    user_id: UserId
    lesson_id: LessonId
    course_id: CourseId
    duration_ms: int


class ProgressRecords(Protocol):
    async def lock(
        self, lessons: Mapping[tuple[UserId, LessonId], CourseId]
    ) -> Mapping[tuple[UserId, LessonId], Progress]:
        """The progress in each lesson, locked; an empty one is added where there was none.

        All are locked in one fixed order, so that two transactions never wait for each other crosswise.
        """
        ...

    async def save(self, progresses: Collection[Progress]) -> None:
        """Write locked progresses, in one statement.

        What was watched is joined with what is stored, and of two completions the earlier one stays.
        """
        ...

    async def remove_all(self, user_id: UserId) -> None: ...


class Notes(Protocol):
    async def add(self, note: Note) -> None: ...

    async def lock(self, note_id: NoteId, *, user_id: UserId) -> Note | None:
        """The learner's own note, locked."""
        ...

    async def save(self, note: Note) -> None: ...

    async def remove(self, note_id: NoteId, *, user_id: UserId) -> bool:
        """Whether the learner had such a note."""
        ...

    async def remove_all(self, user_id: UserId) -> None: ...


class LearningRecords(OpenTransaction, Protocol):
    @property
    def enrolments(self) -> Enrolments: ...

    @property
    def enrolment_counts(self) -> EnrolmentCounts: ...

    @property
    def progress(self) -> ProgressRecords: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def certificates(self) -> Certificates: ...

    @property
    def reviews(self) -> Reviews: ...

    @property
    def course_ratings(self) -> CourseRatings: ...

    @property
    def questions(self) -> Questions: ...

    @property
    def answers(self) -> Answers: ...


BY_ENROLMENT = "enrolled_at"
BY_MOMENT = "at_ms"
BY_CREATION = "created_at"
"""The sorts of the lists, for their cursors."""


@dataclass(frozen=True, slots=True)
class EnrolmentEntry:
    """A live enrolment of a list."""

    course_id: CourseId
    enrolled_at: datetime
    expires_at: datetime | None


class LearningQueries(Protocol):
    """Reads, one statement each."""

    async def enrolled(
        self, user_id: UserId, course_ids: Collection[CourseId], *, at: datetime
    ) -> Mapping[CourseId, Enrolled]:
        """Courses for which the user has a live grant, each with the end of the longest one."""
        ...

    async def enrolments(
        self, user_id: UserId, *, at: datetime, before: Cursor | None, limit: int
    ) -> tuple[Sequence[EnrolmentEntry], Cursor | None]:
        """Live enrolments, newest first, and the cursor of the next page."""
        ...

    async def begun(
        self, user_id: UserId, *, at: datetime, first: Sequence[CourseId], limit: int
    ) -> Sequence[EnrolmentEntry]:
        """Live enrolments in the courses `first`, in this order, then in others with progress by the last touch."""
        ...

    async def progress(self, user_id: UserId, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, Progress]: ...

    async def note(self, user_id: UserId, note_id: NoteId) -> Note | None:
        """The learner's own note."""
        ...

    async def noted_lessons(
        self, user_id: UserId, *, course_id: CourseId | None
    ) -> Sequence[tuple[CourseId, LessonId]]:
        """Lessons of which the learner has notes, by their course and id."""
        ...

    async def lesson_notes(
        self, user_id: UserId, lesson_id: LessonId, *, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        """The learner's notes of a lesson in the order of their moments, and the cursor of the next page."""
        ...

    async def notes(
        self, user_id: UserId, *, course_id: CourseId | None, words: Sequence[str], before: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        """The learner's notes, newest first, and the cursor of the next page; every word stands in the body."""
        ...


class ProgressBufferUnavailable(Unavailable):
    """The buffer did not answer; the records take the heartbeat instead."""

    code = "progress_buffer_unavailable"


@dataclass(frozen=True, slots=True)
class Pending:
    """Heartbeats that the records do not hold yet, in the order of arrival. `tokens` name them to `trim`."""

    viewing: Viewing
    beats: tuple[Beat, ...]
    tokens: tuple[bytes, ...]


@runtime_checkable
class ProgressBuffer(Protocol):
    """Takes heartbeats at the speed of players, and keeps them until they are folded into the records.

    What was appended may be lost if the buffer crashes, up to the flush interval. Every method may raise
    ProgressBufferUnavailable.
    """

    async def open(self, viewing: Viewing) -> None:
        """Let heartbeats of this learner and lesson in, for VIEWING_TTL from now."""
        ...

    async def append(
        self, user_id: UserId, lesson_id: LessonId, beat: Beat, *, session: SessionMark | None = None
    ) -> bool:
        """Keep a heartbeat, in one round trip; False when no viewing is open, and nothing was kept.

        With `session` it is kept only while the session cache holds what that marks, in the same round trip; False
        also when it does not. It takes a moment at most, or the buffer counts as being away: a player waits.
        """
        ...

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        """All that waits of this learner."""
        ...

    async def oldest(self, limit: int) -> Sequence[Pending]:
        """What waits longest, of at most `limit` pairs of learner and lesson."""
        ...

    async def trim(self, folded: Collection[Pending]) -> None:
        """Forget exactly these heartbeats; those that came meanwhile stay. Trimming twice is harmless."""
        ...
