"""Checkout pages of ours, and the way back from a gateway's checkout, over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from tests.support.api import Api, problem, running_api
from tests.support.checkout_pages import Page, shown_request
from tests.support.gateways import GatewayUnderTest
from tests.support.portone import running_portone
from tests.support.shop import open_shop
from tests.support.toss import running_toss


@pytest.fixture(params=[running_portone, running_toss])
def vendor(request: pytest.FixtureRequest) -> Iterator[GatewayUnderTest]:
    """Each gateway that shows its checkout on a page of ours."""
    with request.param() as running:
        yield running


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, vendor: GatewayUnderTest) -> AsyncIterator[Api]:
    gateways = Object({vendor.gateway.name: vendor.gateway})
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, gateways=gateways) as running:
        yield running


async def an_order(api: Api, browser: httpx.AsyncClient, gateway: str) -> dict[str, Any]:
    course_id = await open_shop(api)
    answer = await browser.post("/api/v1/orders", json={"course_ids": [course_id], "gateway": gateway})
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


async def test_a_buyer_pays_on_our_page_and_comes_back(api: Api, vendor: GatewayUnderTest) -> None:
    browser = await api.learner()
    order = await an_order(api, browser, vendor.gateway.name)
    ref = order["payment"]["ref"]
    path = f"/api/v1/checkouts/{vendor.gateway.name}/{ref}"
    assert order["checkout_url"].endswith(path)

    stranger = await api.browser()
    page = await stranger.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert ref in json.dumps(shown_request(page.text))
    assert order["number"] in Page(page.text).text

    answers = await vendor.pay(ref)
    back = await stranger.get(f"{path}/return", params=answers)
    assert back.status_code == 200, back.text
    await api.work()
    assert (await browser.get(f"/api/v1/orders/{order['id']}")).json()["state"] == "paid"
    # What is paid is not paid for again.
    assert "data-request" not in (await stranger.get(path)).text


async def test_a_checkout_that_is_not_known_has_no_page(api: Api, vendor: GatewayUnderTest) -> None:
    browser = await api.browser()
    for path in (f"{vendor.gateway.name}/nobody", f"{vendor.gateway.name}/nobody/return", "nobody/nobody"):
        problem(await browser.get(f"/api/v1/checkouts/{path}"), 404, "payment_not_found")


async def test_a_buyer_who_comes_back_is_sent_to_the_order_in_the_web_client(
    database: str, redis_url: str, tmp_path: Path, vendor: GatewayUnderTest
) -> None:
    gateways = Object({vendor.gateway.name: vendor.gateway})
    stores: dict[str, Any] = {"database_url": database, "redis_url": redis_url}
    async with running_api(tmp_path, **stores, web_url="https://kosu.test", gateways=gateways) as api:
        order = await an_order(api, await api.learner(), vendor.gateway.name)
        path = f"/api/v1/checkouts/{vendor.gateway.name}/{order['payment']['ref']}/return"
        back = await (await api.browser()).get(path)
        assert (back.status_code, back.headers["location"]) == (303, f"https://kosu.test/checkout/{order['id']}")
