"""Reviews, votes and ratings, in memory and in PostgreSQL; races on PostgreSQL alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from uuid_utils.compat import uuid7

from kosu.adapters.memory.catalog import MemoryCatalogRecords
from kosu.adapters.memory.learning import MemoryLearningRecords
from kosu.adapters.memory.reviews import MemoryReviewQueries
from kosu.adapters.postgres.catalog import PostgresCatalogQueries, PostgresCatalogRecords, PostgresDiscovery
from kosu.adapters.postgres.learning import PostgresLearningQueries, PostgresLearningRecords, PostgresReviewQueries
from kosu.adapters.system import SystemIds
from kosu.ids import CourseId, GrantId, ReviewId, UserId
from kosu.modules.catalog import Catalog
from kosu.modules.catalog.use_cases.apply_rating import ApplyRating
from kosu.modules.learning import CourseRatingChanged
from kosu.modules.learning.domain.enrolment import Grant
from kosu.modules.learning.domain.reviews import EMPTY, CourseRating, Review
from kosu.modules.learning.errors import ReviewNotFound
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.ratings import count_ratings
from kosu.modules.learning.review_ports import ReviewQueries, ReviewSort
from kosu.modules.learning.use_cases.vote_for_review import VoteForReview
from kosu.modules.learning.use_cases.write_reviews import RemoveReview, WriteReview
from kosu.ports.unit_of_work import Transaction
from tests.support.catalog import CATEGORIES, a_course, a_lesson, a_section
from tests.support.counting import counted
from tests.support.databases import Database, InPostgres
from tests.support.learning import COURSE, LEARNER, OTHER_LEARNER

AT = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OTHER_COURSE = CourseId(UUID(int=0xC2))


def transaction(db: Database) -> Transaction[LearningRecords]:
    return db.transaction(MemoryLearningRecords, PostgresLearningRecords)


def queries(db: Database) -> ReviewQueries:
    made: ReviewQueries = db.queries(MemoryReviewQueries, PostgresReviewQueries)
    return made


def a_review(rating: int = 5, **changes: Any) -> Review:
    review = Review(
        id=ReviewId(uuid7()),
        course_id=COURSE,
        user_id=UserId(uuid7()),
        rating=rating,
        body="한글 <script>",
        created_at=AT,
        updated_at=AT,
    )
    return replace(review, **changes)


async def reviewed(db: Database, *reviews: Review) -> None:
    async with transaction(db)() as records:
        for review in reviews:
            last = await records.course_ratings.lock(review.course_id, at=AT)
            await records.reviews.save(review)
            await count_ratings(records, last, at=AT)


async def test_a_review_comes_back_as_it_was_saved(db: Database) -> None:
    review = a_review(user_id=LEARNER)
    changed = replace(review, rating=1, body="", helpful_count=3, hidden_at=AT + HOUR, hidden_reason="spam")
    await reviewed(db, review)
    async with transaction(db)() as records:
        assert await records.reviews.lock(review.id) == review
        assert await records.reviews.lock_of(user_id=LEARNER, course_id=COURSE) == review
        assert await records.reviews.lock_of(user_id=OTHER_LEARNER, course_id=COURSE) is None
        assert await records.reviews.lock_of(user_id=LEARNER, course_id=OTHER_COURSE) is None
        await records.reviews.save(changed)
    assert await queries(db).review(review.id) == changed
    assert await queries(db).review_of(user_id=LEARNER, course_id=COURSE) == changed
    assert await queries(db).review_of(user_id=OTHER_LEARNER, course_id=COURSE) is None
    assert await queries(db).review(ReviewId(uuid7())) is None
    async with transaction(db)() as records:
        await records.reviews.remove(review.id)
        assert await records.reviews.lock(review.id) is None


async def test_ratings_are_counted_without_hidden_reviews_and_other_courses(db: Database) -> None:
    await reviewed(db, a_review(1), a_review(5), a_review(5), a_review(4, course_id=OTHER_COURSE))
    await reviewed(db, a_review(2, hidden_at=AT, hidden_reason="spam"))
    async with transaction(db)() as records:
        assert await records.course_ratings.count(COURSE) == (1, 0, 0, 0, 2)
        rating = await records.course_ratings.lock(COURSE, at=AT)
    assert (rating.histogram, rating.rating_sum, rating.rating_count) == ((1, 0, 0, 0, 2), 11, 3)
    assert rating.counted_at > AT


async def test_a_course_without_reviews_has_an_empty_count(db: Database) -> None:
    async with transaction(db)() as records:
        empty = CourseRating(course_id=COURSE, histogram=EMPTY, counted_at=AT)
        assert await records.course_ratings.lock(COURSE, at=AT) == empty
    page = await queries(db).reviews(OTHER_COURSE, sort="newest", after=None, limit=5)
    assert (list(page.reviews), page.histogram, page.following) == ([], EMPTY, None)


async def test_a_vote_counts_once_and_goes_with_its_review(db: Database) -> None:
    review, other = a_review(), a_review()
    await reviewed(db, review, other)

    async def vote(*, user_id: UserId = LEARNER, helpful: bool = True, review_id: ReviewId = review.id) -> int:
        async with transaction(db)() as records:
            return await records.reviews.vote(review_id, user_id=user_id, helpful=helpful)

    assert [await vote(), await vote(), await vote(user_id=OTHER_LEARNER)] == [1, 1, 2]
    assert await vote(review_id=other.id) == 1
    assert await queries(db).votes_by(LEARNER) == sorted([review.id, other.id])
    assert [await vote(helpful=False), await vote(helpful=False)] == [1, 1]
    async with transaction(db)() as records:
        await records.reviews.remove(review.id)
    assert await queries(db).votes_by(LEARNER) == [other.id]
    assert await queries(db).votes_by(OTHER_LEARNER) == []


@pytest.mark.parametrize(("sort", "order"), [("newest", [4, 3, 2, 1, 0]), ("helpful", [1, 4, 3, 2, 0])])
async def test_reviews_come_in_pages_with_the_histogram_on_each(
    db: Database, sort: ReviewSort, order: list[int]
) -> None:
    helpful = (0, 9, 2, 2, 2)
    reviews = [a_review(number + 1, helpful_count=helpful[number]) for number in range(5)]
    await reviewed(db, *reviews, a_review(1, hidden_at=AT), a_review(1, course_id=OTHER_COURSE))
    seen: list[Review] = []
    after = None
    while True:
        page = await queries(db).reviews(COURSE, sort=sort, after=after, limit=2)
        assert page.histogram == (1, 1, 1, 1, 1)
        seen += page.reviews
        after = page.following
        if after is None:
            break
    assert seen == [reviews[number] for number in order]


async def test_ones_own_reviews_come_newest_first_hidden_ones_too(db: Database) -> None:
    reviews = [a_review(course_id=CourseId(uuid7()), user_id=LEARNER) for _ in range(3)]
    reviews[1] = replace(reviews[1], hidden_at=AT, hidden_reason="spam")
    await reviewed(db, *reviews, a_review())
    first, following = await queries(db).reviews_by(LEARNER, before=None, limit=2)
    assert following is not None
    rest, end = await queries(db).reviews_by(LEARNER, before=ReviewId(following.id), limit=2)
    assert ([*first, *rest], end) == (reviews[::-1], None)


async def test_a_page_of_reviews_and_the_histogram_are_one_statement(postgres: InPostgres) -> None:
    await reviewed(postgres, a_review(), a_review())
    with counted() as trips:
        page = await queries(postgres).reviews(COURSE, sort="helpful", after=None, limit=1)
    assert (trips.postgres, page.histogram) == (1, (0, 0, 0, 0, 2))


class Storm:
    """A course in the catalogue, and many learners who may review it."""

    def __init__(self, postgres: InPostgres, learners: int) -> None:
        self.postgres = postgres
        self.course = a_course(sections=(a_section(a_lesson()),), state="published", published_at=AT)
        self.learners = [UserId(uuid7()) for _ in range(learners)]
        self.transaction = transaction(postgres)
        self.catalog_transaction: Transaction[Any] = postgres.transaction(MemoryCatalogRecords, PostgresCatalogRecords)
        catalog = Catalog(PostgresCatalogQueries(postgres.pool), PostgresDiscovery(postgres.pool))
        learning_queries = PostgresLearningQueries(postgres.pool)
        self.write = WriteReview(self.transaction, learning_queries, catalog, postgres.clock, SystemIds())
        self.remove = RemoveReview(self.transaction, learning_queries, catalog, postgres.clock)
        self.vote = VoteForReview(self.transaction)

    async def begin(self) -> None:
        async with self.catalog_transaction() as records:
            for category in CATEGORIES:
                await records.categories.save(category)
            await records.courses.add(self.course)
        at = self.postgres.clock.now()
        async with self.transaction() as records:
            for user_id in self.learners:
                enrolment = await records.enrolments.lock(user_id=user_id, course_id=self.course.id, at=at)
                grant = Grant(id=GrantId(uuid7()), source="free", source_id=uuid7(), granted_at=at)
                await records.enrolments.save(enrolment.granted(grant, at=at)[0])

    async def told(self) -> list[CourseRatingChanged]:
        rows = await self._rows("SELECT payload FROM messaging.outbox WHERE name = 'learning.CourseRatingChanged'")
        return [msgspec.convert(payload, CourseRatingChanged) for (payload,) in rows]

    async def deliver(self, events: list[CourseRatingChanged]) -> None:
        apply = ApplyRating(self.catalog_transaction)
        for event in events:
            await apply(
                course_id=CourseId(event.course_id),
                rating_sum=event.rating_sum,
                rating_count=event.rating_count,
                counted_at=event.counted_at,
            )

    async def on_the_card(self) -> tuple[int, int]:
        ((rating_sum, rating_count),) = await self._rows("SELECT rating_sum, rating_count FROM catalog.courses")
        return rating_sum, rating_count

    async def recounted(self) -> Mapping[int, int]:
        rows = await self._rows("SELECT rating, count(*) FROM learning.reviews WHERE hidden_at IS NULL GROUP BY rating")
        return dict(rows)

    async def _rows(self, statement: Any) -> list[tuple[Any, ...]]:
        async with self.postgres.pool.connection() as connection:
            return await (await connection.execute(statement)).fetchall()


async def in_turns(tasks: list[Any], *, at_once: int = 20) -> None:
    """As many at once as there are connections for."""
    gate = asyncio.Semaphore(at_once)

    async def one(task: Any) -> None:
        async with gate:
            await task

    await asyncio.gather(*map(one, tasks))


async def test_ratings_are_exact_after_a_hundred_edits_and_deletions_at_once(postgres: InPostgres) -> None:
    """Told twice and in any order, the card says at the end what a recount does."""
    storm = Storm(postgres, learners=25)
    await storm.begin()
    dice = random.Random(7)  # noqa: S311 - repeatable, nothing secret

    async def act(number: int) -> None:
        user_id = storm.learners[number % len(storm.learners)]
        if number % 5 == 4:
            with suppress(ReviewNotFound):
                await storm.remove(user_id=user_id, slug=storm.course.slug)
        else:
            await storm.write(user_id=user_id, slug=storm.course.slug, rating=dice.randint(1, 5), body="")

    await in_turns([act(number) for number in dice.sample(range(100), 100)])
    recount = await storm.recounted()
    assert sum(recount.values()) > 10
    page = await queries(postgres).reviews(storm.course.id, sort="newest", after=None, limit=100)
    assert page.histogram == tuple(recount.get(rating, 0) for rating in range(1, 6))
    assert len(page.reviews) == sum(recount.values())

    events = (await storm.told()) * 2
    dice.shuffle(events)
    await storm.deliver(events)
    assert await storm.on_the_card() == (sum(rating * n for rating, n in recount.items()), sum(recount.values()))


@pytest.mark.parametrize(("locked", "told_last"), [(True, 2), (False, 1)])
async def test_the_lock_is_what_makes_the_last_count_right(postgres: InPostgres, locked: bool, told_last: int) -> None:
    """Without it, a second review is counted before the first one is committed, and neither count is of both."""
    seen: list[int] = []

    async def review() -> None:
        async with transaction(postgres)() as records:
            if locked:
                await records.course_ratings.lock(COURSE, at=AT)
            await records.reviews.save(a_review())
            seen.append(sum(await records.course_ratings.count(COURSE)))

    async with transaction(postgres)() as records:
        if locked:
            await records.course_ratings.lock(COURSE, at=AT)
        await records.reviews.save(a_review())
        seen.append(sum(await records.course_ratings.count(COURSE)))
        second = asyncio.create_task(review())
        # Waits for the lock, or has no reason to.
        assert bool((await asyncio.wait([second], timeout=0.3 if locked else 10))[0]) is not locked
    await second
    assert seen == [1, told_last]


async def test_one_learner_writes_one_review_however_many_tabs_send_it(postgres: InPostgres) -> None:
    storm = Storm(postgres, learners=1)
    await storm.begin()
    await in_turns(
        [
            storm.write(user_id=storm.learners[0], slug=storm.course.slug, rating=1 + number % 5, body="")
            for number in range(20)
        ]
    )
    assert sum((await storm.recounted()).values()) == 1


async def test_votes_at_once_are_counted_exactly(postgres: InPostgres) -> None:
    review = a_review()
    await reviewed(postgres, review)
    vote = VoteForReview(transaction(postgres))
    voters = [UserId(uuid7()) for _ in range(10)]
    await in_turns(
        [vote(user_id=voter, review_id=review.id, helpful=True) for voter in voters * 3]
        + [vote(user_id=voters[0], review_id=review.id, helpful=True) for _ in range(10)]
    )
    found = await queries(postgres).review(review.id)
    assert found is not None
    assert found.helpful_count == 10
    await in_turns([vote(user_id=voter, review_id=review.id, helpful=False) for voter in voters[:4] * 2])
    found = await queries(postgres).review(review.id)
    assert found is not None
    assert found.helpful_count == 6
