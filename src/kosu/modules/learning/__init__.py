"""learning: who may open what, what was watched, and what was noted."""

from kosu.modules.learning.events import EnrolmentCountChanged, EnrolmentEnded, LearnerEnrolled, QuestionAnswered
from kosu.modules.learning.facade import Learning

__all__ = ["EnrolmentCountChanged", "EnrolmentEnded", "LearnerEnrolled", "Learning", "QuestionAnswered"]
