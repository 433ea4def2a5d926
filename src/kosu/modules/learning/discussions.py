"""Discussions as they are shown and opened: the part that asking, answering and reading share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import QuestionId, UserId
from kosu.modules.catalog import Catalog, LessonOutline
from kosu.modules.identity import Identity
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.errors import QuestionNotFound
from kosu.modules.learning.question_ports import DiscussionQueries
from kosu.modules.learning.question_views import AnswerView, QuestionView

FIRST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Discussions:
    discussions: DiscussionQueries
    access: LessonAccess
    catalog: Catalog
    identity: Identity

    async def open(
        self, question_id: QuestionId, *, user_id: UserId, is_operator: bool
    ) -> tuple[Question, LessonOutline]:
        """The question and its lesson, which may have left the curriculum, if that opens for the asker.

        Raises:
            QuestionNotFound, LessonNotFound, PurchaseRequired
        """
        question = await self.discussions.question(question_id)
        if question is None:
            raise QuestionNotFound
        lesson = await self.access.open(question.lesson_id, user_id=user_id, is_operator=is_operator, removed=True)
        return question, lesson

    async def views(
        self, questions: Sequence[Question], *, viewer_id: UserId, with_answers: bool = True
    ) -> list[QuestionView]:
        """The questions with their first answers, in the same order. Names are looked up, so they are of now."""
        if not questions:
            return []
        lessons = await self.catalog.lessons({question.lesson_id for question in questions})
        answers = await self.discussions.first_answers(
            [question.id for question in questions if with_answers and question.answer_count], each=FIRST_ANSWERS
        )
        asked = {question.asker_id for question in questions}
        answered = {answer.author_id for found in answers.values() for answer in found}
        names = await self.identity.display_names(asked | answered)

        def answer_views(question: Question) -> list[AnswerView]:
            return [
                AnswerView.of(answer, question, author=names.get(answer.author_id, ""), viewer_id=viewer_id)
                for answer in answers.get(question.id, ())
            ]

        return [
            QuestionView.of(
                question,
                lessons[question.lesson_id],
                author=names.get(question.asker_id, ""),
                answers=answer_views(question),
                viewer_id=viewer_id,
            )
            for question in questions
        ]

    async def answer_views(
        self, question: Question, answers: Sequence[Answer], *, viewer_id: UserId
    ) -> list[AnswerView]:
        names = await self.identity.display_names({answer.author_id for answer in answers}) if answers else {}
        return [
            AnswerView.of(answer, question, author=names.get(answer.author_id, ""), viewer_id=viewer_id)
            for answer in answers
        ]
