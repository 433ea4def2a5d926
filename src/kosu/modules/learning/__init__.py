"""learning: who may open what, what was watched, and what learners write."""

from kosu.modules.learning.events import (
    CourseRatingChanged,
    EnrolmentCountChanged,
    EnrolmentEnded,
    LearnerEnrolled,
    QuestionAnswered,
)
from kosu.modules.learning.facade import Learning

__all__ = [
    "CourseRatingChanged",
    "EnrolmentCountChanged",
    "EnrolmentEnded",
    "LearnerEnrolled",
    "Learning",
    "QuestionAnswered",
]
