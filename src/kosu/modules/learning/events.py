"""What learning tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class LearnerEnrolled(Event):
    """A learner without access to a course has it now; further grants of the same course are not told."""

    user_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True)
class EnrolmentEnded(Event):
    """The last live grant of a learner for a course was revoked."""

    user_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True)
class EnrolmentCountChanged(Event):
    """How many learners have a live grant. `counted_at` strictly increases from count to count of one course."""

    course_id: UUID
    enrolment_count: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class CertificateIssued(Event):
    """A learner has a certificate of a course now; `code` is the public one."""

    code: str
    user_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True)
class QuestionAnswered(Event):
    """Somebody answered a question about a lesson; also told when the asker answered it."""

    question_id: UUID
    answer_id: UUID
    lesson_id: UUID
    course_id: UUID
    asker_id: UUID
    author_id: UUID


@dataclass(frozen=True, slots=True)
class ReviewsChanged(Event):
    """Reviews that public pages may show were written. It says no more: whoever keeps a page asks for it again."""

    broadcast: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CourseRatingChanged(Event):
    """The sum and the number of a course's ratings. `counted_at` strictly increases from count to count."""

    course_id: UUID
    rating_sum: int
    rating_count: int
    counted_at: datetime
