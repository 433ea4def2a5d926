"""Questions about a lesson, perhaps at a moment of its video, and their answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from kosu.ids import AnswerId, CourseId, LessonId, QuestionId, UserId
from kosu.modules.learning.domain.progress import MAX_POSITION_MS
from kosu.modules.learning.errors import InvalidQuestion, NotAuthor, NotYoursToAccept
from kosu.text import is_one_line

MAX_TITLE_CHARACTERS = 200
MAX_BODY_CHARACTERS = 20_000


class QuestionChanges(TypedDict, total=False):
    """What its author may change; what is absent stays. A moment of None takes it off the video."""

    title: str
    body: str
    at_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Markdown as it was typed; it is made safe where it is shown. The title may be empty.

    `is_answered`: somebody else than the asker answered. `answer_count` counts the asker's own answers too.
    """

    id: QuestionId
    course_id: CourseId
    lesson_id: LessonId
    instructor_id: UserId
    asker_id: UserId
    title: str
    body: str
    at_ms: int | None
    created_at: datetime
    updated_at: datetime
    answer_count: int = 0
    is_answered: bool = False
    accepted_answer_id: AnswerId | None = None

    def __post_init__(self) -> None:
        if len(self.title) > MAX_TITLE_CHARACTERS or not is_one_line(self.title):
            raise InvalidQuestion(
                f"Expected one line of at most {MAX_TITLE_CHARACTERS} printable characters.", field="title"
            )
        check_body(self.body)
        if self.at_ms is not None and not 0 <= self.at_ms <= MAX_POSITION_MS:
            raise InvalidQuestion("The moment is out of range.", field="at_ms")

    def edited(self, changes: QuestionChanges, *, by: UserId, at: datetime) -> Question:
        """Raises NotAuthor, InvalidQuestion."""
        if by != self.asker_id:
            raise NotAuthor
        return replace(self, **changes, updated_at=at)

    def accepted(self, answer_id: AnswerId | None, *, by: UserId) -> Question:
        """With this answer accepted in place of any other, or none. Raises NotYoursToAccept."""
        if by not in {self.asker_id, self.instructor_id}:
            raise NotYoursToAccept
        return replace(self, accepted_answer_id=answer_id)

    def without_answer(self, answer_id: AnswerId) -> Question:
        """An answer that is gone is not accepted any more."""
        return replace(self, accepted_answer_id=None) if self.accepted_answer_id == answer_id else self

    def check_moment(self, duration_ms: int | None) -> None:
        """Raises InvalidQuestion: the lesson has no video with this moment, or none yet."""
        if self.at_ms is not None and (duration_ms is None or self.at_ms > duration_ms):
            raise InvalidQuestion("The lesson has no video with this moment.", field="at_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Markdown as it was typed; it is made safe where it is shown."""

    id: AnswerId
    question_id: QuestionId
    author_id: UserId
    body: str
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        check_body(self.body)

    def edited(self, body: str, *, by: UserId, at: datetime) -> Answer:
        """Raises NotAuthor, InvalidQuestion."""
        if by != self.author_id:
            raise NotAuthor
        return replace(self, body=body, updated_at=at)


def check_body(body: str) -> None:
    """Raises InvalidQuestion."""
    # A NUL cannot be stored as text in PostgreSQL.
    if not body.strip() or len(body) > MAX_BODY_CHARACTERS or "\0" in body:
        raise InvalidQuestion(f"Expected 1 to {MAX_BODY_CHARACTERS} characters.", field="body")
