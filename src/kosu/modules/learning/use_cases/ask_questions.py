"""Ask about a lesson, and change or take back what one asked."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, QuestionId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.discussions import Discussions
from kosu.modules.learning.domain.questions import Question, QuestionChanges
from kosu.modules.learning.errors import NotAuthor, QuestionHasAnswers, QuestionNotFound
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.question_views import QuestionView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AskQuestion:
    transaction: Transaction[LearningRecords]
    access: LessonAccess
    discussions: Discussions
    clock: Clock
    ids: IdSource

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, lesson_id: LessonId, title: str, body: str, at_ms: int | None
    ) -> QuestionView:
        """A question about the lesson, perhaps at a moment of its video.

        Raises:
            LessonNotFound, PurchaseRequired, InvalidQuestion
        """
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        at = self.clock.now()
        question = Question(
            id=QuestionId(self.ids.new()),
            course_id=lesson.course_id,
            lesson_id=lesson_id,
            instructor_id=lesson.instructor_id,
            asker_id=user_id,
            title=title,
            body=body,
            at_ms=at_ms,
            created_at=at,
            updated_at=at,
        )
        question.check_moment(lesson.duration_ms)
        async with self.transaction() as records:
            await records.questions.add(question)
        return (await self.discussions.views([question], viewer_id=user_id))[0]


@dataclass(frozen=True, slots=True)
class EditQuestion:
    transaction: Transaction[LearningRecords]
    discussions: Discussions
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, question_id: QuestionId, changes: QuestionChanges
    ) -> QuestionView:
        """Change what is given of one's own question, while its lesson opens.

        Raises:
            QuestionNotFound, LessonNotFound, PurchaseRequired, NotAuthor, InvalidQuestion
        """
        _, lesson = await self.discussions.open(question_id, user_id=user_id, is_operator=is_operator)
        async with self.transaction() as records:
            question = await records.questions.lock(question_id)
            if question is None:
                raise QuestionNotFound
            question = question.edited(changes, by=user_id, at=self.clock.now())
            # A moment that stays may have been cut off by a later revision of the video.
            if "at_ms" in changes:
                question.check_moment(lesson.duration_ms)
            await records.questions.save(question)
        return (await self.discussions.views([question], viewer_id=user_id))[0]


@dataclass(frozen=True, slots=True)
class RemoveQuestion:
    transaction: Transaction[LearningRecords]

    async def __call__(self, *, user_id: UserId, question_id: QuestionId) -> None:
        """Take one's own question back, also after access has ended, unless others answered it.

        Raises:
            QuestionNotFound, NotAuthor, QuestionHasAnswers
        """
        async with self.transaction() as records:
            question = await records.questions.lock(question_id)
            if question is None:
                raise QuestionNotFound
            if question.asker_id != user_id:
                raise NotAuthor
            if question.is_answered:
                raise QuestionHasAnswers
            await records.questions.remove(question_id)
