"""learning: who may open what, what was watched, and what learners write."""

from kosu.modules.learning.events import (
    CertificateIssued,
    CourseRatingChanged,
    EnrolmentCountChanged,
    EnrolmentEnded,
    LearnerEnrolled,
    QuestionAnswered,
    ReviewsChanged,
)
from kosu.modules.learning.facade import Learning

__all__ = [
    "CertificateIssued",
    "CourseRatingChanged",
    "EnrolmentCountChanged",
    "EnrolmentEnded",
    "LearnerEnrolled",
    "Learning",
    "QuestionAnswered",
    "ReviewsChanged",
]
