"""What questions and answers need from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from kosu.ids import AnswerId, CourseId, LessonId, QuestionId, UserId
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.paging import Cursor

QuestionSort = Literal["newest", "moment"]


class Questions(Protocol):
    async def add(self, question: Question) -> None: ...

    async def lock(self, question_id: QuestionId) -> Question | None:
        """The question, locked, and with it its answers: whoever changes one of them holds this lock."""
        ...

    async def save(self, question: Question) -> None: ...

    async def remove(self, question_id: QuestionId) -> None:
        """With its answers."""
        ...

    async def remove_unanswered(self, asker_id: UserId) -> None:
        """All questions of theirs that nobody else answered."""
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answers a question has, and how many of them are by others than the asker."""

    all: int
    by_others: int


class Answers(Protocol):
    async def get(self, answer_id: AnswerId) -> Answer | None: ...

    async def save(self, answer: Answer) -> None:
        """Add an answer of a locked question, or write it over the stored one."""
        ...

    async def remove(self, answer_id: AnswerId) -> None: ...

    async def tally(self, question: Question) -> Tally: ...


class DiscussionQueries(Protocol):
    """Reads, one statement each."""

    async def question(self, question_id: QuestionId) -> Question | None: ...

    async def answer(self, answer_id: AnswerId) -> Answer | None: ...

    async def lesson_questions(
        self, lesson_id: LessonId, *, sort: QuestionSort, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        """The newest first, or by moment with those first that have none. The sort is the cursor's."""
        ...

    async def instructor_questions(
        self,
        instructor_id: UserId,
        *,
        course_id: CourseId | None,
        unanswered: bool,
        before: QuestionId | None,
        limit: int,
    ) -> tuple[Sequence[Question], Cursor | None]:
        """About the instructor's courses, newest first; `unanswered` leaves those out that others answered."""
        ...

    async def questions_by(
        self, asker_id: UserId, *, before: QuestionId | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        """Newest first."""
        ...

    async def answers(
        self, question_id: QuestionId, *, after: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        """Oldest first."""
        ...

    async def answers_by(
        self, author_id: UserId, *, before: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        """Newest first."""
        ...

    async def first_answers(
        self, question_ids: Collection[QuestionId], *, each: int
    ) -> Mapping[QuestionId, Sequence[Answer]]:
        """The oldest few answers of each question, oldest first; questions without answers are left out."""
        ...
