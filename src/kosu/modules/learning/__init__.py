"""learning: who may open what, what was watched, and what was noted."""

from kosu.modules.learning.events import (
    CertificateIssued,
    EnrolmentCountChanged,
    EnrolmentEnded,
    LearnerEnrolled,
    QuestionAnswered,
)
from kosu.modules.learning.facade import Learning

__all__ = [
    "CertificateIssued",
    "EnrolmentCountChanged",
    "EnrolmentEnded",
    "LearnerEnrolled",
    "Learning",
    "QuestionAnswered",
]
