"""What can be wrong with opening, watching and annotating a lesson."""

from __future__ import annotations

from kosu.errors import Conflict, Forbidden, Invalid, NotFound


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
