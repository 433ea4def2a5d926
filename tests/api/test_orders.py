"""Quotes and orders over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from kosu.money import Money
from tests.support.api import Api, problem
from tests.support.shop import open_shop

PRICE = {"amount_minor": 49_000, "currency": "KRW"}


@pytest.fixture
async def course_id(api: Api) -> str:
    """A course that costs 49,000 won."""
    return await open_shop(api)


def order_of(*course_ids: str, **changes: Any) -> dict[str, Any]:
    return {"course_ids": list(course_ids), "gateway": "sandbox", **changes}


async def place(browser: httpx.AsyncClient, *course_ids: str, key: str | None = None, **changes: Any) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await browser.post("/api/v1/orders", json=order_of(*course_ids, **changes), headers=headers)


async def test_anybody_may_ask_for_a_quote(api: Api, course_id: str) -> None:
    browser = await api.browser()
    answer = await browser.post("/api/v1/quotes", json={"course_ids": [course_id]})
    assert answer.status_code == 200, answer.text
    quote = answer.json()
    assert [line["course_id"] for line in quote["lines"]] == [course_id]
    assert (quote["total"], quote["discounts"]) == (PRICE, [])
    assert quote["tax"] == {"amount_minor": 4_455, "currency": "KRW"}
    coupon = {"course_ids": [course_id], "coupon_code": "WINTER"}
    refused = problem(await browser.post("/api/v1/quotes", json=coupon), 422, "coupon_invalid")
    assert refused["reason"] == "unknown"
    unknown = await browser.post("/api/v1/quotes", json={"course_ids": [str(uuid4())]})
    problem(unknown, 404, "course_not_found")


async def test_an_order_is_placed_and_read_back(api: Api, course_id: str) -> None:
    browser = await api.learner()
    answer = await place(browser, course_id)
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert order.keys() == {"id", "number", "state", "items", "total", "payment", "checkout_url", "expires_at"}
    assert (order["state"], order["total"], order["payment"]["gateway"]) == ("pending", PRICE, "sandbox")
    assert order["checkout_url"] == f"http://api.test/api/v1/sandbox/checkouts/{order['payment']['ref']}"
    assert order["expires_at"].endswith("Z")
    read = (await browser.get(f"/api/v1/orders/{order['id']}")).json()
    assert {name: read[name] for name in order} == order
    assert [entry["kind"] for entry in read["timeline"]] == ["placed"]
    listed = (await browser.get("/api/v1/me/orders?limit=1")).json()
    assert [entry["id"] for entry in listed["items"]] == [order["id"]]
    assert listed["next_cursor"] is None


async def test_the_same_key_gets_the_same_answer_and_another_body_a_conflict(api: Api, course_id: str) -> None:
    browser = await api.learner()
    first = await place(browser, course_id, key="k1")
    again = await place(browser, course_id, key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    problem(await place(browser, str(uuid4()), key="k1"), 409, "idempotency_key_reused")
    problem(await place(browser, course_id, key="x" * 256), 422, "invalid_idempotency_key")


async def test_a_second_tab_is_told_of_the_open_order(api: Api, course_id: str) -> None:
    browser = await api.learner()
    order = (await place(browser, course_id)).json()
    refused = problem(await place(browser, course_id), 409, "open_order_exists")
    assert refused["order_id"] == order["id"]
    cancelled = await browser.post(f"/api/v1/orders/{order['id']}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (await place(browser, course_id)).status_code == 201


async def test_a_free_order_is_paid_and_enrols_at_once(api: Api) -> None:
    course_id = await open_shop(api, price=Money(0, "KRW"))
    browser = await api.learner()
    order = (await place(browser, course_id)).json()
    assert (order["state"], order["payment"], order["checkout_url"]) == ("paid", None, None)
    refused = problem(await place(browser, course_id), 409, "already_enrolled")
    assert refused["course_ids"] == [course_id]


async def test_a_free_course_ordered_many_times_at_once_is_ordered_once(api: Api) -> None:
    course_id = await open_shop(api, price=Money(0, "KRW"))
    browser = await api.learner()
    answers = await asyncio.gather(*(place(browser, course_id) for _ in range(20)))
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(refused) == 19
    for answer in refused:
        assert problem(answer, 409, "already_enrolled")["course_ids"] == [course_id]
    assert len((await browser.get("/api/v1/me/orders")).json()["items"]) == 1
    assert await live_grants(api) == 1


async def test_a_free_course_enrolled_in_many_times_at_once_has_one_grant(api: Api) -> None:
    course_id = await open_shop(api, price=Money(0, "KRW"))
    (card,) = (await (await api.browser()).get("/api/v1/courses")).json()["items"]
    assert card["id"] == course_id
    browser = await api.learner()
    answers = await asyncio.gather(*(browser.post(f"/api/v1/courses/{card['slug']}/enrol") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert await live_grants(api) == 1


async def live_grants(api: Api) -> int:
    async with api.container.pool().connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM learning.grants WHERE revoked_at IS NULL")
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def test_orders_are_for_their_buyer_only(api: Api, course_id: str) -> None:
    order = (await place(await api.learner(), course_id)).json()
    stranger = await api.learner()
    problem(await stranger.get(f"/api/v1/orders/{order['id']}"), 404, "order_not_found")
    problem(await stranger.post(f"/api/v1/orders/{order['id']}/cancel"), 404, "order_not_found")
    nobody = await api.browser()
    problem(await nobody.get(f"/api/v1/orders/{order['id']}"), 401, "sign_in_required")
    problem(await place(nobody, course_id), 401, "sign_in_required")


@pytest.mark.parametrize(
    "body",
    [
        {"course_ids": [], "gateway": "sandbox"},
        {"course_ids": ["x"], "gateway": "sandbox"},
        {"course_ids": [str(uuid4())] * 51, "gateway": "sandbox"},
        {"course_ids": [str(uuid4())]},
        [],
        None,
    ],
)
async def test_a_body_that_is_no_order_is_refused(api: Api, body: object) -> None:
    browser = await api.learner()
    problem(await browser.post("/api/v1/orders", json=body), 400, "validation_failed")


async def test_what_lists_and_gateways_do_not_have_is_refused(api: Api, course_id: str) -> None:
    browser = await api.learner()
    refused = problem(await place(browser, course_id, gateway="stripe"), 422, "gateway_not_offered")
    assert refused["offered"] == ["sandbox"]
    for query in ("limit=0", "limit=101", "limit=x"):
        problem(await browser.get(f"/api/v1/me/orders?{query}"), 400, "validation_failed")
    problem(await browser.get("/api/v1/me/orders?cursor=x"), 422, "invalid_cursor")
