"""Questions and their answers in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID

from kosu.adapters.memory.database import MemoryDatabase, Workspace
from kosu.ids import AnswerId, CourseId, LessonId, QuestionId, UserId
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.question_ports import QuestionSort, Tally
from kosu.paging import BY_ID, Cursor, page_of

QUESTIONS = "learning.questions"
ANSWERS = "learning.answers"


class MemoryQuestions:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def add(self, question: Question) -> None:
        self._workspace.table(QUESTIONS)[question.id] = question

    save = add

    async def lock(self, question_id: QuestionId) -> Question | None:
        found: Question | None = self._workspace.table(QUESTIONS).get(question_id)
        return found

    async def remove(self, question_id: QuestionId) -> None:
        del self._workspace.table(QUESTIONS)[question_id]
        answers = self._workspace.table(ANSWERS)
        for answer_id in [answer.id for answer in answers.values() if answer.question_id == question_id]:
            del answers[answer_id]

    async def remove_unanswered(self, asker_id: UserId) -> None:
        questions: Iterable[Question] = self._workspace.table(QUESTIONS).values()
        for question in [each for each in questions if each.asker_id == asker_id and not each.is_answered]:
            await self.remove(question.id)


class MemoryAnswers:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def get(self, answer_id: AnswerId) -> Answer | None:
        found: Answer | None = self._workspace.table(ANSWERS).get(answer_id)
        return found

    async def save(self, answer: Answer) -> None:
        self._workspace.table(ANSWERS)[answer.id] = answer

    async def remove(self, answer_id: AnswerId) -> None:
        self._workspace.table(ANSWERS).pop(answer_id, None)

    async def tally(self, question: Question) -> Tally:
        answers: Iterable[Answer] = self._workspace.table(ANSWERS).values()
        authors = [answer.author_id for answer in answers if answer.question_id == question.id]
        return Tally(len(authors), len(authors) - authors.count(question.asker_id))


class MemoryDiscussionQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def question(self, question_id: QuestionId) -> Question | None:
        found: Question | None = self._database.table(QUESTIONS).get(question_id)
        return found

    async def answer(self, answer_id: AnswerId) -> Answer | None:
        found: Answer | None = self._database.table(ANSWERS).get(answer_id)
        return found

    async def lesson_questions(
        self, lesson_id: LessonId, *, sort: QuestionSort, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        if sort == "newest":
            before = None if after is None else QuestionId(after.id)
            return self._newest(lambda question: question.lesson_id == lesson_id, before, limit, sort=sort)
        own = [question for question in self._questions() if question.lesson_id == lesson_id]
        found = sorted(own, key=lambda question: _rank(_by_moment(question)))
        if after is not None:
            found = [question for question in found if _rank(_by_moment(question)) > _rank(after)]
        return page_of(found, limit, _by_moment)

    async def instructor_questions(
        self,
        instructor_id: UserId,
        *,
        course_id: CourseId | None,
        unanswered: bool,
        before: QuestionId | None,
        limit: int,
    ) -> tuple[Sequence[Question], Cursor | None]:
        return self._newest(
            lambda question: (
                question.instructor_id == instructor_id
                and course_id in {None, question.course_id}
                and not (unanswered and question.is_answered)
            ),
            before,
            limit,
        )

    async def questions_by(
        self, asker_id: UserId, *, before: QuestionId | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        return self._newest(lambda question: question.asker_id == asker_id, before, limit)

    async def answers(
        self, question_id: QuestionId, *, after: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        own = [answer for answer in self._answers() if answer.question_id == question_id]
        found = sorted((answer for answer in own if after is None or answer.id > after), key=lambda answer: answer.id)
        return page_of(found, limit, lambda last: Cursor(BY_ID, last.id))

    async def answers_by(
        self, author_id: UserId, *, before: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        own = [answer for answer in self._answers() if answer.author_id == author_id]
        found = sorted((each for each in own if before is None or each.id < before), key=_id_of, reverse=True)
        return page_of(found, limit, lambda last: Cursor(BY_ID, last.id))

    async def first_answers(
        self, question_ids: Collection[QuestionId], *, each: int
    ) -> Mapping[QuestionId, Sequence[Answer]]:
        pages = {asked: (await self.answers(asked, after=None, limit=each))[0] for asked in question_ids}
        return {asked: answers for asked, answers in pages.items() if answers}

    def _newest(
        self, wanted: Callable[[Question], bool], before: QuestionId | None, limit: int, *, sort: str = BY_ID
    ) -> tuple[Sequence[Question], Cursor | None]:
        own = [question for question in self._questions() if wanted(question)]
        found = sorted((each for each in own if before is None or each.id < before), key=_id_of, reverse=True)
        return page_of(found, limit, lambda last: Cursor(sort, last.id))

    def _questions(self) -> Iterable[Question]:
        return self._database.table(QUESTIONS).values()

    def _answers(self) -> Iterable[Answer]:
        return self._database.table(ANSWERS).values()


def _id_of(written: Question | Answer) -> UUID:
    return written.id


def _by_moment(question: Question) -> Cursor:
    return Cursor("moment", question.id, 0 if question.at_ms is None else question.at_ms + 1)


def _rank(cursor: Cursor) -> tuple[int, UUID]:
    return cursor.value, cursor.id
