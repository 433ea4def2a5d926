"""Answer a question, change or take back what one answered, and accept an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kosu.ids import AnswerId, QuestionId, UserId
from kosu.modules.learning.discussions import Discussions
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.errors import AnswerNotFound, NotAuthor, QuestionNotFound
from kosu.modules.learning.events import QuestionAnswered
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.question_ports import DiscussionQueries
from kosu.modules.learning.question_views import AnswerView, QuestionView
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    transaction: Transaction[LearningRecords]
    discussions: Discussions
    clock: Clock
    ids: IdSource

    async def __call__(self, *, user_id: UserId, is_operator: bool, question_id: QuestionId, body: str) -> AnswerView:
        """By anybody to whom the lesson opens. It is told, so that whoever asked can hear of it.

        Raises:
            QuestionNotFound, LessonNotFound, PurchaseRequired, InvalidQuestion
        """
        await self.discussions.open(question_id, user_id=user_id, is_operator=is_operator)
        at = self.clock.now()
        answer = Answer(
            id=AnswerId(self.ids.new()),
            question_id=question_id,
            author_id=user_id,
            body=body,
            created_at=at,
            updated_at=at,
        )
        async with self.transaction() as records:
            question = await _locked(records, question_id)
            await records.answers.save(answer)
            await _save_tallied(records, question)
            await records.outbox.add(
                QuestionAnswered(
                    question_id=question_id,
                    answer_id=answer.id,
                    lesson_id=question.lesson_id,
                    course_id=question.course_id,
                    asker_id=question.asker_id,
                    author_id=user_id,
                )
            )
        return (await self.discussions.answer_views(question, [answer], viewer_id=user_id))[0]


@dataclass(frozen=True, slots=True)
class EditAnswer:
    transaction: Transaction[LearningRecords]
    queries: DiscussionQueries
    discussions: Discussions
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, answer_id: AnswerId, body: str) -> AnswerView:
        """Change one's own answer, while the lesson opens.

        Raises:
            AnswerNotFound, LessonNotFound, PurchaseRequired, NotAuthor, InvalidQuestion
        """
        found = await self.queries.answer(answer_id)
        if found is None:
            raise AnswerNotFound
        await self.discussions.open(found.question_id, user_id=user_id, is_operator=is_operator)
        async with self.transaction() as records:
            question = await _locked(records, found.question_id)
            answer = await records.answers.get(answer_id)
            if answer is None:
                raise AnswerNotFound
            answer = answer.edited(body, by=user_id, at=self.clock.now())
            await records.answers.save(answer)
        return (await self.discussions.answer_views(question, [answer], viewer_id=user_id))[0]


@dataclass(frozen=True, slots=True)
class RemoveAnswer:
    transaction: Transaction[LearningRecords]
    queries: DiscussionQueries

    async def __call__(self, *, user_id: UserId, answer_id: AnswerId) -> None:
        """Take one's own answer back, also after access has ended; it is not accepted any more.

        Raises:
            AnswerNotFound, NotAuthor
        """
        found = await self.queries.answer(answer_id)
        if found is None:
            raise AnswerNotFound
        if found.author_id != user_id:
            raise NotAuthor
        async with self.transaction() as records:
            question = await records.questions.lock(found.question_id)
            if question is None or await records.answers.get(answer_id) is None:
                raise AnswerNotFound
            await records.answers.remove(answer_id)
            await _save_tallied(records, question.without_answer(answer_id))


@dataclass(frozen=True, slots=True)
class AcceptAnswer:
    transaction: Transaction[LearningRecords]
    discussions: Discussions

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, question_id: QuestionId, answer_id: AnswerId | None
    ) -> QuestionView:
        """Mark one answer of the question as the one that helped, in place of any other; None takes the mark away.

        Raises:
            QuestionNotFound, AnswerNotFound, LessonNotFound, PurchaseRequired, NotYoursToAccept
        """
        await self.discussions.open(question_id, user_id=user_id, is_operator=is_operator)
        async with self.transaction() as records:
            question = (await _locked(records, question_id)).accepted(answer_id, by=user_id)
            if answer_id is not None:
                answer = await records.answers.get(answer_id)
                if answer is None or answer.question_id != question_id:
                    raise AnswerNotFound
            await records.questions.save(question)
        return (await self.discussions.views([question], viewer_id=user_id))[0]


async def _locked(records: LearningRecords, question_id: QuestionId) -> Question:
    question = await records.questions.lock(question_id)
    if question is None:
        raise QuestionNotFound
    return question


async def _save_tallied(records: LearningRecords, question: Question) -> None:
    """Write the locked question with its answers counted anew."""
    tally = await records.answers.tally(question)
    await records.questions.save(replace(question, answer_count=tally.all, is_answered=tally.by_others > 0))
