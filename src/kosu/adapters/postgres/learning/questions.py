"""Questions and their answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby

from psycopg import sql
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.adapters.postgres.learning.community_rows import (
    ANSWER_COLUMNS,
    QUESTION_COLUMNS,
    AnswerRow,
    QuestionRow,
    answer_of,
    question_of,
)
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.ids import AnswerId, CourseId, LessonId, QuestionId, UserId
from kosu.modules.learning.domain.questions import Answer, Question
from kosu.modules.learning.question_ports import QuestionSort, Tally
from kosu.paging import BY_ID, Cursor, page_of

# Questions without a moment come before those of moment 0.
MOMENT = sql.SQL("coalesce(at_ms + 1, 0)")


class _QuestionRepository(SQLAlchemyAsyncRepository[QuestionRow]):
    model_type = QuestionRow


class _AnswerRepository(SQLAlchemyAsyncRepository[AnswerRow]):
    model_type = AnswerRow


class PostgresQuestions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _QuestionRepository(session=session)

    async def add(self, question: Question) -> None:
        await self._rows.add(QuestionRow(**asdict(question)))

    async def lock(self, question_id: QuestionId) -> Question | None:
        row = await self._rows.get_one_or_none(id=question_id, with_for_update=True)
        return None if row is None else Question(**row.to_dict())

    async def save(self, question: Question) -> None:
        await self._session.merge(QuestionRow(**asdict(question)))
        await self._session.flush()

    async def remove(self, question_id: QuestionId) -> None:
        await self._session.execute(delete(QuestionRow).where(QuestionRow.id == question_id))

    async def remove_unanswered(self, asker_id: UserId) -> None:
        await self._session.execute(
            delete(QuestionRow).where(QuestionRow.asker_id == asker_id, QuestionRow.is_answered.is_(False))
        )


class PostgresAnswers:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _AnswerRepository(session=session)

    async def get(self, answer_id: AnswerId) -> Answer | None:
        row = await self._rows.get_one_or_none(id=answer_id)
        return None if row is None else Answer(**row.to_dict())

    async def save(self, answer: Answer) -> None:
        await self._session.merge(AnswerRow(**asdict(answer)))
        await self._session.flush()

    async def remove(self, answer_id: AnswerId) -> None:
        await self._session.execute(delete(AnswerRow).where(AnswerRow.id == answer_id))

    async def tally(self, question: Question) -> Tally:
        counted = await self._session.execute(
            select(func.count(), func.count().filter(AnswerRow.author_id != question.asker_id)).where(
                AnswerRow.question_id == question.id
            )
        )
        return Tally(*counted.one())


class PostgresDiscussionQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def question(self, question_id: QuestionId) -> Question | None:
        found, _ = await self._newest_questions([sql.SQL("id = %(id)s")], {"id": question_id}, before=None, limit=1)
        return found[0] if found else None

    async def answer(self, answer_id: AnswerId) -> Answer | None:
        rows = await self._answers(sql.SQL("id = %(id)s"), {"id": answer_id}, limit=1)
        return rows[0] if rows else None

    async def lesson_questions(
        self, lesson_id: LessonId, *, sort: QuestionSort, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        if sort == "newest":
            before = None if after is None else QuestionId(after.id)
            return await self._newest_questions(
                [sql.SQL("lesson_id = %(lesson_id)s")], {"lesson_id": lesson_id}, before=before, limit=limit, sort=sort
            )
        condition: sql.Composable = sql.SQL("true")
        values: dict[str, object] = {"lesson_id": lesson_id, "limit": limit + 1}
        if after is not None:
            condition = sql.SQL("({moment}, id) > (%(value)s, %(id)s)").format(moment=MOMENT)
            values |= {"value": after.value, "id": after.id}
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {columns} FROM learning.questions WHERE lesson_id = %(lesson_id)s AND {condition}
                   ORDER BY {moment}, id LIMIT %(limit)s"""
            ).format(columns=sql.SQL(QUESTION_COLUMNS), condition=condition, moment=MOMENT),
            values,
        )
        return page_of([question_of(row) for row in rows], limit, lambda last: Cursor(sort, last.id, moment_of(last)))

    async def instructor_questions(
        self,
        instructor_id: UserId,
        *,
        course_id: CourseId | None,
        unanswered: bool,
        before: QuestionId | None,
        limit: int,
    ) -> tuple[Sequence[Question], Cursor | None]:
        conditions = [sql.SQL("instructor_id = %(instructor_id)s")]
        if course_id is not None:
            conditions.append(sql.SQL("course_id = %(course_id)s"))
        if unanswered:
            conditions.append(sql.SQL("NOT is_answered"))
        values = {"instructor_id": instructor_id, "course_id": course_id}
        return await self._newest_questions(conditions, values, before=before, limit=limit)

    async def questions_by(
        self, asker_id: UserId, *, before: QuestionId | None, limit: int
    ) -> tuple[Sequence[Question], Cursor | None]:
        return await self._newest_questions(
            [sql.SQL("asker_id = %(asker_id)s")], {"asker_id": asker_id}, before=before, limit=limit
        )

    async def answers(
        self, question_id: QuestionId, *, after: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        found = await self._answers(
            sql.SQL("question_id = %(question_id)s AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid) ORDER BY id"),
            {"question_id": question_id, "after": after},
            limit=limit + 1,
        )
        return page_of(found, limit, lambda last: Cursor(BY_ID, last.id))

    async def answers_by(
        self, author_id: UserId, *, before: AnswerId | None, limit: int
    ) -> tuple[Sequence[Answer], Cursor | None]:
        found = await self._answers(
            sql.SQL(
                "author_id = %(author_id)s AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid) ORDER BY id DESC"
            ),
            {"author_id": author_id, "before": before},
            limit=limit + 1,
        )
        return page_of(found, limit, lambda last: Cursor(BY_ID, last.id))

    async def first_answers(
        self, question_ids: Collection[QuestionId], *, each: int
    ) -> Mapping[QuestionId, Sequence[Answer]]:
        if not question_ids:
            return {}
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT first.* FROM unnest(%(ids)s::uuid[]) asked (id), LATERAL (
                       SELECT {columns} FROM learning.answers WHERE question_id = asked.id ORDER BY id LIMIT %(each)s
                   ) first ORDER BY first.question_id, first.id"""
            ).format(columns=sql.SQL(ANSWER_COLUMNS)),
            {"ids": list(question_ids), "each": each},
        )
        answers = [answer_of(row) for row in rows]
        return {asked: list(found) for asked, found in groupby(answers, key=lambda answer: answer.question_id)}

    async def _newest_questions(
        self,
        conditions: Sequence[sql.SQL],
        values: Mapping[str, object],
        *,
        before: QuestionId | None,
        limit: int,
        sort: str = BY_ID,
    ) -> tuple[Sequence[Question], Cursor | None]:
        after = [] if before is None else [sql.SQL("id < %(before)s")]
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                "SELECT {columns} FROM learning.questions WHERE {conditions} ORDER BY id DESC LIMIT %(limit)s"
            ).format(columns=sql.SQL(QUESTION_COLUMNS), conditions=sql.SQL(" AND ").join([*conditions, *after])),
            {**values, "before": before, "limit": limit + 1},
        )
        return page_of([question_of(row) for row in rows], limit, lambda last: Cursor(sort, last.id))

    async def _answers(self, where: sql.SQL, values: Mapping[str, object], *, limit: int) -> list[Answer]:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT {columns} FROM learning.answers WHERE {where} LIMIT %(limit)s").format(
                columns=sql.SQL(ANSWER_COLUMNS), where=where
            ),
            {**values, "limit": limit},
        )
        return [answer_of(row) for row in rows]


def moment_of(question: Question) -> int:
    """As MOMENT."""
    return 0 if question.at_ms is None else question.at_ms + 1
