"""What Kosu keeps about a person: given to them, and forgotten when they wish."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.clock import MemoryClock
from kosu.modules.catalog.domain.shelves import Category
from kosu.money import Money
from tests.support.api import PASSWORD, Api, problem, running_api
from tests.support.shop import open_shop
from tests.support.taught import buy, make_course

FREE = Money(0, "KRW")


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock()


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, clock: MemoryClock) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, clock=Object(clock)) as running:
        yield running


async def author_of(api: Api) -> tuple[httpx.AsyncClient, dict[str, Any]]:
    """An instructor with a course of their own."""
    instructor = await api.signed_in(email=await api.account("instructor", name="Ada"))
    async with api.container.catalog_transaction()() as records:
        await records.categories.save(Category("data", "Data", 1))
    course = {
        "title": "Data",
        "subtitle": "",
        "description": "",
        "category": "data",
        "level": "beginner",
        "language": "en",
        "price": {"amount_minor": 0, "currency": "KRW"},
    }
    answer = await instructor.post("/api/v1/studio/courses", json=course)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return instructor, made


async def name_on(api: Api, slug: str) -> str:
    detail = await api.container.catalog.queries().detail(slug)
    assert detail is not None
    return str(detail.card.instructor.display_name)


async def ordered(api: Api, learner: httpx.AsyncClient) -> str:
    """A free order, which is paid at once; answers its id."""
    order = {"course_ids": [await open_shop(api, price=FREE)], "gateway": "sandbox"}
    answer = await learner.post("/api/v1/orders", json=order, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_an_export_holds_all_of_ones_own_and_nothing_of_others(api: Api) -> None:
    learner, stranger = await api.learner(), await api.learner()
    order_id = await ordered(api, learner)
    answer = await learner.get("/api/v1/me/export")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    export = answer.json()
    me = (await learner.get("/api/v1/me")).json()
    assert export["identity"]["account"] == me
    assert [device["current"] for device in export["identity"]["devices"]] == [True]
    assert {event["action"] for event in export["identity"]["security_events"]} >= {"registered", "logged_in"}
    assert [order["id"] for order in export["orders"]] == [order_id]
    assert len(export["enrolments"]) == 1
    other = (await stranger.get("/api/v1/me/export")).json()
    assert (other["orders"], other["enrolments"], other["notes"], other["courses"]) == ([], [], [], [])
    assert me["id"] not in str(other)


async def test_an_instructors_export_holds_their_courses(api: Api) -> None:
    instructor, course = await author_of(api)
    export = (await instructor.get("/api/v1/me/export")).json()
    assert [entry["id"] for entry in export["courses"]] == [course["id"]]


async def test_who_did_what_to_an_account_is_told_without_from_where(api: Api) -> None:
    """An operator's address is not the learner's data."""
    email = await api.account()
    learner, operator = await api.signed_in(email=email), await api.operator()
    me = (await learner.get("/api/v1/me")).json()
    await operator.post(f"/api/v1/ops/users/{me['id']}/roles", json={"roles": ["instructor"]})
    events = (await learner.get("/api/v1/me/export")).json()["identity"]["security_events"]
    changed = next(event for event in events if event["action"] == "roles_changed")
    assert (changed["actor_id"], changed["ip"]) == (None, None)


async def test_a_closed_account_is_shut_at_once(api: Api) -> None:
    email = await api.account()
    device, other = await api.signed_in(email=email), await api.signed_in(email=email)
    answer = await device.delete("/api/v1/me")
    assert answer.status_code == 202
    assert "kosu_at" not in device.cookies
    assert problem(await other.get("/api/v1/me"), 401, "session_revoked")["reason"] == "account_deleted"
    login = {"email": email, "password": PASSWORD}
    problem(await (await api.browser()).post("/api/v1/auth/login", json=login), 401, "invalid_credentials")
    await api.work()
    assert [mail.subject for mail in api.mailer.sent if mail.to == email][-1] == "Your account will be deleted"


async def test_within_a_week_an_operator_can_open_it_again(api: Api, clock: MemoryClock) -> None:
    email = await api.account()
    learner, operator_email = await api.signed_in(email=email), await api.account("operator")
    await ordered(api, learner)
    await learner.delete("/api/v1/me")
    clock.advance(timedelta(days=6))
    assert await api.container.identity.erase_closed_accounts()() == 0
    operator = await api.signed_in(email=operator_email)
    [account] = (await operator.get("/api/v1/ops/users", params={"q": email})).json()["items"]
    assert account["erase_at"] is not None
    await operator.post(f"/api/v1/ops/users/{account['id']}/disable", json={"disabled": False})
    clock.advance(timedelta(days=30))
    assert await api.container.identity.erase_closed_accounts()() == 0
    again = await api.signed_in(email=email)
    assert len((await again.get("/api/v1/me/enrolments")).json()["items"]) == 1


async def test_after_a_week_the_person_is_forgotten(api: Api, clock: MemoryClock) -> None:
    instructor, course = await author_of(api)
    me = (await instructor.get("/api/v1/me")).json()
    assert await name_on(api, course["slug"]) == "Ada"
    await instructor.delete("/api/v1/me")
    await api.work()
    clock.advance(timedelta(days=7))
    assert await api.container.identity.erase_closed_accounts()() == 1
    assert await api.container.identity.erase_closed_accounts()() == 0
    await api.work()
    assert await name_on(api, course["slug"]) == "Deleted account"
    entries = await api.container.identity.queries().audit_entries(
        user_id=me["id"], action=None, before=None, limit=100
    )
    assert entries
    assert {entry.origin.client for entry in entries} == {None}
    registration = {"email": me["email"], "password": PASSWORD, "display_name": "Somebody new"}
    answer = await (await api.browser()).post("/api/v1/auth/register", json=registration)
    assert answer.status_code == 201
    assert answer.json()["user"]["id"] != me["id"]


async def test_a_new_name_reaches_ones_courses(api: Api) -> None:
    instructor, course = await author_of(api)
    await instructor.patch("/api/v1/me", json={"display_name": "Ada Lovelace"})
    await api.work()
    assert await name_on(api, course["slug"]) == "Ada Lovelace"


async def test_an_export_holds_what_one_wrote_for_others(api: Api) -> None:
    course = await make_course(api)
    learner, other = await api.learner(), await api.learner()
    for browser in (learner, other):
        await buy(api, browser, course)
        await browser.put(f"/api/v1/courses/{course.slug}/review", json={"rating": 4, "body": "Good"})
    reviews = (await learner.get(f"/api/v1/courses/{course.slug}/reviews")).json()["items"]
    own = (await learner.get(f"/api/v1/courses/{course.slug}/review")).json()
    (others,) = (review["id"] for review in reviews if review["id"] != own["id"])
    await learner.put(f"/api/v1/reviews/{others}/helpful")
    asked = await learner.post(f"/api/v1/lessons/{course.video}/questions", json={"body": "Why?"})
    answers = f"/api/v1/questions/{asked.json()['id']}/answers"
    answer = (await learner.post(answers, json={"body": "I see"})).json()
    await other.post(answers, json={"body": "Not yours"})

    answered = await learner.get("/api/v1/me/export")
    export = answered.json()
    assert export["reviews"] == [own]
    assert export["helpful_votes"] == [others]
    assert [(question["body"], question["answers"]) for question in export["questions"]] == [("Why?", [])]
    assert [(each["id"], each["body"]) for each in export["answers"]] == [(answer["id"], "I see")]
    assert "Not yours" not in answered.text
