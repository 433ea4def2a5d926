"""What can be wrong with opening, watching and annotating a lesson."""

from __future__ import annotations

from kosu.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class CourseNotFound(NotFound):
    """There is no such course, or it is not offered and the asker has no part in it."""

    code = "course_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such course.")


class LessonNotFound(NotFound):
    """There is no such lesson, or its course is not offered and the asker has no part in it."""

    code = "lesson_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such lesson.")


class NoteNotFound(NotFound):
    """There is no such note of this learner."""

    code = "note_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such note.")


class PurchaseRequired(Forbidden):
    """The lesson or course is for buyers; `course_slug` says which one to buy."""

    code = "purchase_required"
    facts = ("course_slug",)

    def __init__(self, message: str, *, course_slug: str) -> None:
        super().__init__(message)
        self.course_slug = course_slug


class LessonSignInRequired(Forbidden):
    """Nobody is signed in, and the lesson is no preview."""

    code = "sign_in_required"


class NotAVideo(Conflict):
    """A text lesson is neither played nor watched."""

    code = "not_a_video"

    def __init__(self) -> None:
        super().__init__("This is a text lesson: read it, and mark it complete.")


class VideoNotReady(Conflict):
    """The lesson has no playable video yet, so nothing of it can have been watched."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("The video of this lesson is not ready yet.")


class InvalidBeat(Invalid):
    """A heartbeat that no player sends; `field` names what is wrong with it."""

    code = "progress_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class InvalidNote(Invalid):
    """A note that cannot be kept; `field` names what is wrong with it."""

    code = "note_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class ReviewNotFound(NotFound):
    """There is no such review, or an operator has hidden it."""

    code = "review_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such review.")


class NotEnrolled(Forbidden):
    """Only learners of the course may do this."""

    code = "not_enrolled"

    def __init__(self, message: str = "You are not enrolled in this course.") -> None:
        super().__init__(message)


class OwnCourse(Forbidden):
    """Nobody reviews the course that they teach."""

    code = "own_course"

    def __init__(self) -> None:
        super().__init__("You teach this course: its learners review it.")


class OwnReview(Forbidden):
    """Nobody votes for their own review."""

    code = "own_review"

    def __init__(self) -> None:
        super().__init__("This is your own review: others say whether it helps.")


class ReviewHidden(Conflict):
    """An operator has hidden the review; removed, it could be written anew and be shown again."""

    code = "review_hidden"

    def __init__(self) -> None:
        super().__init__("This review was hidden by an operator and cannot be removed; it may be changed.")


class InvalidReview(Invalid):
    """A review that cannot be kept; `field` names what is wrong with it."""

    code = "review_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class QuestionNotFound(NotFound):
    """There is no such question."""

    code = "question_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such question.")


class AnswerNotFound(NotFound):
    """There is no such answer, or it answers another question."""

    code = "answer_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such answer to this question.")


class NotAuthor(Forbidden):
    """A question or an answer is changed by those alone who wrote it."""

    code = "not_author"

    def __init__(self) -> None:
        super().__init__("Somebody else wrote this.")


class NotYoursToAccept(Forbidden):
    """An answer is accepted by who asked, or by who teaches the course."""

    code = "not_yours_to_accept"

    def __init__(self) -> None:
        super().__init__("Only who asked and who teaches the course accept an answer.")


class QuestionHasAnswers(Conflict):
    """Others answered: what they wrote would go with the question."""

    code = "question_answered"

    def __init__(self) -> None:
        super().__init__("Others have answered this question: it can be changed, and not be removed.")


class InvalidQuestion(Invalid):
    """A question or an answer that cannot be kept; `field` names what is wrong with it."""

    code = "question_invalid"
    facts = ("field",)

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class NoteChanged(Stale):
    """The note is another version than the one that was to be changed; `note` is what it says now, as it is shown."""

    code = "note_changed"
    facts = ("note",)

    def __init__(self, note: object) -> None:
        super().__init__("The note was changed meanwhile.")
        self.note = note
