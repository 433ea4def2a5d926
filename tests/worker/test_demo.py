"""The demo over real stores: what it makes, and that making it again changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from entrypoints.demo import accounts, community, content, teaching
from entrypoints.demo.teaching import Courses
from entrypoints.seed import seed
from kosu.container import Container
from kosu.modules.catalog.domain.covers import PNG, Cover
from kosu.money import Money
from tests.support.api import Api, running_api
from tests.support.catalog import details

COUNTED = (
    "identity.users",
    "catalog.courses",
    "catalog.sections",
    "catalog.lessons",
    "catalog.collections",
    "catalog.collected_courses",
    "billing.orders",
    "billing.coupons",
    "learning.enrolments",
    "learning.reviews",
    "learning.questions",
    "learning.answers",
)


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url) as running:
        yield running


async def make(container: Container) -> Courses:
    """All of the demo but the videos, which need workers: what is asked of them is asked without a moment."""
    await seed(container, demo=True)
    demo = content.demo()
    users = await accounts.make_accounts(container, demo.people)
    courses = await teaching.find_courses(container, demo, users)
    await community.buy_and_review(container, demo, users, courses)
    free = demo.courses[0]
    made = {lesson.title: lesson.id for lesson in courses[free.title].lessons}
    for lesson in free.lessons:
        if lesson.body:
            await community.study(container, lesson, made[lesson.title], users)
        for question in lesson.questions:
            await community.ask(container, replace(question, at_ms=None), made[lesson.title], users)
    return courses


def counts(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        found: dict[str, Any] = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of ours
            for table in COUNTED
        }
    return {table: row[0] for table, row in found.items()}


async def test_made_twice_it_is_there_once(api: Api, database: str) -> None:
    await make(api.container)
    first = counts(database)
    await make(api.container)
    assert counts(database) == first
    assert first["catalog.courses"] == len(content.demo().courses) >= 8
    assert {table for table, count in first.items() if count == 0} == set()


async def test_what_was_interrupted_is_completed_and_what_is_published_is_left_alone(api: Api) -> None:
    """Whoever stops the first start in the middle finds all courses after the second."""
    demo = content.demo()
    await seed(api.container, demo=False)
    users = await accounts.make_accounts(api.container, demo.people)
    catalog, wanted = api.container.catalog, demo.courses[0]
    draft = await catalog.create_course()(
        user_id=users[wanted.instructor],
        details=details(wanted.title, category=wanted.category, price=Money(0, "KRW")),
    )
    owner: dict[str, Any] = {"user_id": draft.instructor_id, "is_operator": False, "course_id": draft.id}
    section = await catalog.add_section()(**owner, title=wanted.sections[0].title)
    first = wanted.sections[0].lessons[0]
    await catalog.add_lesson()(**owner, section_id=section.id, title=first.title, kind="video", preview=True, body="")

    await seed(api.container, demo=True)
    courses = await teaching.find_courses(api.container, demo, users)
    assert {course.state for course in courses.values()} == {"published"}
    for course in demo.courses:
        made = [(part.title, [lesson.title for lesson in part.lessons]) for part in courses[course.title].sections]
        assert made == [(part.title, [lesson.title for lesson in part.lessons]) for part in course.sections]
    assert courses[wanted.title].id == draft.id

    section, lesson = courses[wanted.title].sections[0], courses[wanted.title].lessons[0]
    await catalog.remove_lesson()(**owner, section_id=section.id, lesson_id=lesson.id)
    await seed(api.container, demo=True)
    again = await catalog.read_studio_course()(**owner)
    assert lesson.id not in {each.id for each in again.lessons}, "its instructor took it away"


async def test_visitors_find_covers_ratings_collections_and_a_coupon(api: Api) -> None:
    courses = await make(api.container)
    await api.work()
    demo = content.demo()
    visitor = await api.browser()
    cards = (await visitor.get("/api/v1/courses", params={"limit": 100})).json()["items"]
    assert {card["language"] for card in cards} == {"ko", "en"}
    assert {card["price"]["currency"] for card in cards} == {"KRW", "USD"}
    assert len({card["category"]["slug"] for card in cards}) >= 5
    assert all(card["rating"]["count"] >= 2 and card["enrolment_count"] >= 2 for card in cards)
    for card in cards:
        image = await api.container.object_store().read(card["cover_url"].removeprefix("/"), length=1_000_000)
        assert Cover(image).kind is PNG
    shelves = (await visitor.get("/api/v1/collections")).json()["items"]
    assert [shelf["course_count"] for shelf in shelves] == [len(shelf.courses) for shelf in demo.collections]

    course = courses[demo.courses[1].title]
    quote = {"course_ids": [str(course.id)], "coupon_code": demo.coupon.code}
    total = (await (await api.learner()).post("/api/v1/quotes", json=quote)).json()["total"]["amount_minor"]
    price = course.details.price.amount_minor
    assert total == price - price * demo.coupon.percent // 100
