"""Questions and answers, and what a note is found by, in memory and in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from kosu.adapters.memory.learning import MemoryLearningQueries, MemoryLearningRecords
from kosu.adapters.memory.questions import MemoryDiscussionQueries
from kosu.adapters.postgres.learning import (
    PostgresDiscussionQueries,
    PostgresLearningQueries,
    PostgresLearningRecords,
)
from kosu.ids import AnswerId, CourseId, LessonId, NoteId, QuestionId, UserId
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.ports import LearningQueries, LearningRecords
from kosu.modules.learning.question_ports import DiscussionQueries, QuestionSort, Tally
from kosu.ports.unit_of_work import Transaction
from tests.support.catalog import INSTRUCTOR, OTHER_INSTRUCTOR
from tests.support.databases import Database
from tests.support.learning import COURSE, LEARNER, LESSON, OTHER_LEARNER

AT = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OTHER_LESSON = LessonId(UUID(int=0xE2))


def transaction(db: Database) -> Transaction[LearningRecords]:
    return db.transaction(MemoryLearningRecords, PostgresLearningRecords)


def queries(db: Database) -> DiscussionQueries:
    made: DiscussionQueries = db.queries(MemoryDiscussionQueries, PostgresDiscussionQueries)
    return made


def a_question(**changes: Any) -> Question:
    question = Question(
        id=QuestionId(uuid7()),
        course_id=COURSE,
        lesson_id=LESSON,
        instructor_id=INSTRUCTOR,
        asker_id=LEARNER,
        title="왜?",
        body="Why?",
        at_ms=None,
        created_at=AT,
        updated_at=AT,
    )
    return replace(question, **changes)


def an_answer(question: Question, author_id: UserId = INSTRUCTOR) -> Answer:
    return Answer(
        id=AnswerId(uuid7()),
        question_id=question.id,
        author_id=author_id,
        body="Because",
        created_at=AT,
        updated_at=AT,
    )


async def asked(db: Database, *written: Question | Answer) -> None:
    async with transaction(db)() as records:
        for each in written:
            if isinstance(each, Question):
                await records.questions.add(each)
            else:
                await records.answers.save(each)


async def test_a_question_comes_back_as_it_was_saved(db: Database) -> None:
    question = a_question(at_ms=5)
    changed = replace(
        question, title="", at_ms=None, answer_count=2, is_answered=True, accepted_answer_id=AnswerId(uuid7())
    )
    await asked(db, question)
    async with transaction(db)() as records:
        assert await records.questions.lock(question.id) == question
        assert await records.questions.lock(QuestionId(uuid7())) is None
        await records.questions.save(changed)
    assert await queries(db).question(question.id) == changed
    assert await queries(db).question(QuestionId(uuid7())) is None


async def test_answers_are_saved_counted_and_removed(db: Database) -> None:
    question, other = a_question(), a_question()
    answers = [an_answer(question), an_answer(question, LEARNER), an_answer(question, OTHER_LEARNER)]
    await asked(db, question, other, *answers)
    edited = replace(answers[0], body="Better", updated_at=AT + HOUR)
    async with transaction(db)() as records:
        assert await records.answers.tally(question) == Tally(3, 2)
        assert await records.answers.tally(other) == Tally(0, 0)
        await records.answers.save(edited)
        assert await records.answers.get(edited.id) == edited
        await records.answers.remove(answers[2].id)
        assert await records.answers.get(answers[2].id) is None
    assert await queries(db).answer(edited.id) == edited
    assert await queries(db).answer(answers[2].id) is None


async def test_a_question_is_removed_with_its_answers(db: Database) -> None:
    question, other = a_question(), a_question()
    answer, kept = an_answer(question), an_answer(other)
    await asked(db, question, other, answer, kept)
    async with transaction(db)() as records:
        await records.questions.remove(question.id)
    assert await queries(db).question(question.id) is None
    assert await queries(db).answer(answer.id) is None
    assert await queries(db).answer(kept.id) == kept


async def test_only_what_nobody_answered_is_removed_for_an_erased_asker(db: Database) -> None:
    open_one, answered = a_question(), a_question(is_answered=True)
    others = a_question(asker_id=OTHER_LEARNER)
    own_answer = an_answer(open_one, LEARNER)
    await asked(db, open_one, answered, others, own_answer)
    async with transaction(db)() as records:
        await records.questions.remove_unanswered(LEARNER)
    found = [await queries(db).question(each.id) for each in (open_one, answered, others)]
    assert found == [None, answered, others]
    assert await queries(db).answer(own_answer.id) is None


@pytest.mark.parametrize(("sort", "order"), [("newest", [4, 3, 2, 1, 0]), ("moment", [2, 4, 1, 3, 0])])
async def test_questions_of_a_lesson_come_in_pages(db: Database, sort: QuestionSort, order: list[int]) -> None:
    questions = [a_question(at_ms=at_ms) for at_ms in (9, 0, None, 0, None)]
    await asked(db, *questions, a_question(lesson_id=OTHER_LESSON))
    seen: list[Question] = []
    after = None
    while True:
        page, after = await queries(db).lesson_questions(LESSON, sort=sort, after=after, limit=2)
        seen += page
        if after is None:
            break
        assert after.sort == sort
    assert seen == [questions[number] for number in order]


async def test_an_instructor_finds_the_questions_of_all_their_courses(db: Database) -> None:
    other_course = CourseId(uuid7())
    first, second = a_question(), a_question(course_id=other_course)
    answered = a_question(is_answered=True)
    await asked(db, first, second, answered, a_question(instructor_id=OTHER_INSTRUCTOR))

    async def found(**filters: Any) -> list[Question]:
        wanted = {"course_id": None, "unanswered": False, "before": None, "limit": 9} | filters
        page, _ = await queries(db).instructor_questions(INSTRUCTOR, **wanted)
        return list(page)

    assert await found() == [answered, second, first]
    assert await found(unanswered=True) == [second, first]
    assert await found(course_id=other_course) == [second]
    assert await found(before=second.id) == [first]
    page, following = await queries(db).instructor_questions(
        INSTRUCTOR, course_id=None, unanswered=False, before=None, limit=2
    )
    assert (list(page), following is not None and following.id) == ([answered, second], second.id)


async def test_the_first_answers_of_many_questions_are_one_look(db: Database) -> None:
    question, other, silent = a_question(), a_question(), a_question()
    answers = [an_answer(question) for _ in range(3)]
    only = an_answer(other)
    await asked(db, question, other, silent, *answers, only)
    found = await queries(db).first_answers([question.id, other.id, silent.id], each=2)
    assert {asked: list(first) for asked, first in found.items()} == {question.id: answers[:2], other.id: [only]}
    assert await queries(db).first_answers([], each=2) == {}


async def test_answers_come_oldest_first_and_ones_own_newest_first(db: Database) -> None:
    question = a_question()
    answers = [an_answer(question) for _ in range(3)]
    await asked(db, question, *answers, an_answer(question, LEARNER))
    first, following = await queries(db).answers(question.id, after=None, limit=2)
    assert (list(first), following is not None) == (answers[:2], True)
    rest, _ = await queries(db).answers(question.id, after=answers[1].id, limit=1)
    assert list(rest) == answers[2:]
    own, following = await queries(db).answers_by(INSTRUCTOR, before=None, limit=2)
    assert (list(own), following is not None) == ([answers[2], answers[1]], True)
    assert (await queries(db).answers_by(INSTRUCTOR, before=answers[1].id, limit=2))[0] == [answers[0]]
    assert (await queries(db).questions_by(LEARNER, before=None, limit=2))[0] == [question]
    assert (await queries(db).questions_by(LEARNER, before=question.id, limit=2))[0] == []


async def test_lessons_with_notes_are_found_and_a_note_by_its_author(db: Database) -> None:
    made: LearningQueries = db.queries(MemoryLearningQueries, PostgresLearningQueries)
    other_course = CourseId(UUID(int=0xC0))

    def a_note(lesson_id: LessonId, course_id: CourseId = COURSE, user_id: UserId = LEARNER) -> Note:
        return Note(
            id=NoteId(uuid7()),
            user_id=user_id,
            course_id=course_id,
            lesson_id=lesson_id,
            at_ms=0,
            body="Remember",
            media_revision=1,
            version=7,
            created_at=AT,
            updated_at=AT,
        )

    note = a_note(OTHER_LESSON)
    async with transaction(db)() as records:
        for each in (note, a_note(OTHER_LESSON), a_note(LESSON), a_note(LESSON, other_course)):
            await records.notes.add(each)
        await records.notes.add(a_note(LESSON, CourseId(uuid7()), OTHER_LEARNER))
    assert await made.noted_lessons(LEARNER, course_id=None) == [
        (other_course, LESSON),
        (COURSE, LESSON),
        (COURSE, OTHER_LESSON),
    ]
    assert await made.noted_lessons(LEARNER, course_id=other_course) == [(other_course, LESSON)]
    assert await made.note(LEARNER, note.id) == note
    assert await made.note(OTHER_LEARNER, note.id) is None
