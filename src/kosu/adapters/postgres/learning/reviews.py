"""Reviews and their votes, and what a course's ratings come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from psycopg import sql
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.connections import Pool, fetch_all
from kosu.adapters.postgres.learning.community_rows import (
    REVIEW_COLUMNS,
    CourseRatingRow,
    ReviewRow,
    ReviewVoteRow,
    review_of,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.ids import CourseId, ReviewId, UserId
from kosu.modules.learning.domain.reviews import EMPTY, HIGHEST, LOWEST, CourseRating, Histogram, Review
from kosu.modules.learning.events import ReviewsChanged
from kosu.modules.learning.review_ports import ReviewSort, ReviewsPage
from kosu.paging import BY_ID, Cursor, page_of

# What a list is sorted by, downwards; newer reviews have higher ids.
SORTED_BY: Mapping[ReviewSort, sql.SQL] = {"newest": sql.SQL("id"), "helpful": sql.SQL("(helpful_count, id)")}
AFTER: Mapping[ReviewSort, sql.SQL] = {"newest": sql.SQL("%(id)s"), "helpful": sql.SQL("(%(value)s, %(id)s)")}


class _ReviewRepository(SQLAlchemyAsyncRepository[ReviewRow]):
    model_type = ReviewRow


class PostgresCourseRatings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, course_id: CourseId, *, at: datetime) -> CourseRating:
        await self._session.execute(
            insert(CourseRatingRow)
            .values(course_id=course_id, histogram=list(EMPTY), counted_at=at)
            .on_conflict_do_nothing()
        )
        row = await self._session.get_one(CourseRatingRow, course_id, with_for_update=True)
        return CourseRating(course_id=course_id, histogram=_histogram(row.histogram), counted_at=row.counted_at)

    async def count(self, course_id: CourseId) -> Histogram:
        counted = await self._session.execute(
            select(ReviewRow.rating, func.count())
            .where(ReviewRow.course_id == course_id, ReviewRow.hidden_at.is_(None))
            .group_by(ReviewRow.rating)
        )
        counts: dict[int, int] = {rating: count for rating, count in counted}  # noqa: C416 - rows are no tuples to mypy
        return _histogram([counts.get(rating, 0) for rating in range(LOWEST, HIGHEST + 1)])

    async def save(self, rating: CourseRating) -> None:
        await self._session.merge(
            CourseRatingRow(course_id=rating.course_id, histogram=list(rating.histogram), counted_at=rating.counted_at)
        )
        await self._session.flush()


class PostgresReviews:
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        self._session = session
        self._outbox = outbox
        self._rows = _ReviewRepository(session=session)

    async def lock_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None:
        row = await self._rows.get_one_or_none(course_id=course_id, user_id=user_id, with_for_update=True)
        return None if row is None else Review(**row.to_dict())

    async def lock(self, review_id: ReviewId) -> Review | None:
        row = await self._rows.get_one_or_none(id=review_id, with_for_update=True)
        return None if row is None else Review(**row.to_dict())

    async def save(self, review: Review) -> None:
        await self._session.merge(ReviewRow(**asdict(review)))
        await self._session.flush()
        await self._outbox.add(ReviewsChanged())

    async def remove(self, review_id: ReviewId) -> None:
        await self._session.execute(delete(ReviewRow).where(ReviewRow.id == review_id))
        await self._outbox.add(ReviewsChanged())

    async def vote(self, review_id: ReviewId, *, user_id: UserId, helpful: bool) -> int:
        vote = {"review_id": review_id, "user_id": user_id}
        if helpful:
            await self._session.execute(insert(ReviewVoteRow).values(vote).on_conflict_do_nothing())
        else:
            await self._session.execute(
                delete(ReviewVoteRow).where(ReviewVoteRow.review_id == review_id, ReviewVoteRow.user_id == user_id)
            )
        count = await self._session.scalar(
            select(func.count()).select_from(ReviewVoteRow).where(ReviewVoteRow.review_id == review_id)
        )
        return count or 0


class PostgresReviewQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def reviews(self, course_id: CourseId, *, sort: ReviewSort, after: Cursor | None, limit: int) -> ReviewsPage:
        values: dict[str, object] = {"course_id": course_id, "limit": limit + 1}
        condition: sql.Composable = sql.SQL("true")
        if after is not None:
            values |= {"value": after.value, "id": after.id}
            condition = sql.SQL("{key} < {after}").format(key=SORTED_BY[sort], after=AFTER[sort])
        rows = await fetch_all(
            self._pool,
            # The histogram comes with every row, and with a row of its own where there is no review.
            sql.SQL(
                """SELECT (SELECT histogram FROM learning.course_ratings WHERE course_id = %(course_id)s), shown.*
                   FROM (SELECT 1) always LEFT JOIN (
                       SELECT {columns} FROM learning.reviews
                       WHERE course_id = %(course_id)s AND hidden_at IS NULL AND {condition}
                       ORDER BY {order} LIMIT %(limit)s) shown ON true
                   ORDER BY {order}"""
            ).format(
                columns=sql.SQL(REVIEW_COLUMNS),
                condition=condition,
                order=sql.SQL("id DESC" if sort == "newest" else "helpful_count DESC, id DESC"),
            ),
            values,
        )
        found = [review_of(columns) for _, *columns in rows if columns[0] is not None]

        def cursor_of(last: Review) -> Cursor:
            return Cursor(sort, last.id, last.helpful_count if sort == "helpful" else 0)

        page, following = page_of(found, limit, cursor_of)
        return ReviewsPage(page, _histogram(rows[0][0] or EMPTY), following)

    async def review(self, review_id: ReviewId) -> Review | None:
        return await self._one(sql.SQL("id = %(id)s"), {"id": review_id})

    async def review_of(self, *, user_id: UserId, course_id: CourseId) -> Review | None:
        return await self._one(
            sql.SQL("course_id = %(course_id)s AND user_id = %(user_id)s"),
            {"course_id": course_id, "user_id": user_id},
        )

    async def reviews_by(
        self, user_id: UserId, *, before: ReviewId | None, limit: int
    ) -> tuple[Sequence[Review], Cursor | None]:
        rows = await fetch_all(
            self._pool,
            sql.SQL(
                """SELECT {columns} FROM learning.reviews
                   WHERE user_id = %(user_id)s AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid)
                   ORDER BY id DESC LIMIT %(limit)s"""
            ).format(columns=sql.SQL(REVIEW_COLUMNS)),
            {"user_id": user_id, "before": before, "limit": limit + 1},
        )
        return page_of([review_of(row) for row in rows], limit, lambda last: Cursor(BY_ID, last.id))

    async def votes_by(self, user_id: UserId) -> Sequence[ReviewId]:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT review_id FROM learning.review_votes WHERE user_id = %(user_id)s ORDER BY review_id"),
            {"user_id": user_id},
        )
        return [ReviewId(review_id) for (review_id,) in rows]

    async def _one(self, condition: sql.SQL, values: Mapping[str, object]) -> Review | None:
        rows = await fetch_all(
            self._pool,
            sql.SQL("SELECT {columns} FROM learning.reviews WHERE {condition}").format(
                columns=sql.SQL(REVIEW_COLUMNS), condition=condition
            ),
            values,
        )
        return review_of(rows[0]) if rows else None


def _histogram(counts: Sequence[int]) -> Histogram:
    ones, twos, threes, fours, fives = counts
    return ones, twos, threes, fours, fives
