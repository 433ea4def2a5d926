"""Whoever asks too often is told when to come again; nobody else pays for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.api import Api, problem, running_api
from tests.support.counting import counted
from tests.support.settings import API_URL

# Of an account 8 at once, two of which are not asked of Redis; of an address 4.
LIMITS = {"KOSU_ACCOUNT_REQUESTS_PER_MINUTE": "8", "KOSU_ADDRESS_REQUESTS_PER_MINUTE": "4"}


@pytest.fixture
def stores(database: str, redis_url: str) -> dict[str, str]:
    return {"database_url": database, "redis_url": redis_url}


@asynccontextmanager
async def limited(folder: Path, stores: dict[str, str], **changes: str) -> AsyncIterator[Api]:
    async with running_api(
        folder,
        database_url=stores["database_url"],
        redis_url=stores["redis_url"],
        settings_changes=LIMITS | {"KOSU_TRUSTED_PROXY_HOPS": "1"} | changes,
    ) as api:
        api.without_deadlines()
        yield api


async def statuses(browser: httpx.AsyncClient, path: str, count: int) -> list[int]:
    return [(await browser.get(path)).status_code for _ in range(count)]


async def test_an_account_is_limited_on_all_its_devices_and_others_are_not(
    tmp_path: Path, stores: dict[str, str]
) -> None:
    async with limited(tmp_path, stores) as api:
        email = await api.account()
        phone, laptop = await api.signed_in(email=email), await api.signed_in(email=email)
        # 16 by all processes, and 2 more of which this one asks nobody.
        assert await statuses(phone, "/api/v1/me", 9) + await statuses(laptop, "/api/v1/me", 9) == [200] * 18
        refused = await phone.get("/api/v1/me")
        problem(refused, 429, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 30
        assert (await (await api.learner()).get("/api/v1/me")).status_code == 200


async def test_an_address_is_limited_where_nobody_is_signed_in(tmp_path: Path, stores: dict[str, str]) -> None:
    async with limited(tmp_path, stores) as api:
        here = await api.browser(**{"X-Forwarded-For": "203.0.113.9"})
        assert await statuses(here, "/api/v1/courses/none/reviews", 9) == [404] * 9
        problem(await here.get("/api/v1/courses/none/reviews"), 429, "rate_limited")
        # What is answered before the framework is counted with the rest.
        problem(await here.get("/api/v1/courses?limit=1"), 429, "rate_limited")
        # Its neighbour is another, whatever it says of who stands before it.
        there = await api.browser(**{"X-Forwarded-For": "203.0.113.9, 203.0.113.10"})
        assert await statuses(there, "/api/v1/courses/none/reviews", 1) == [404]
        # And of IPv6 one subscriber has 2^64.
        for n in range(9):
            await (await api.browser(**{"X-Forwarded-For": f"2001:db8::{n}"})).get("/api/v1/courses/none/reviews")
        neighbour = await api.browser(**{"X-Forwarded-For": "2001:db8::ffff"})
        problem(await neighbour.get("/api/v1/courses/none/reviews"), 429, "rate_limited")


async def test_what_is_said_of_proxies_is_not_believed_where_there_are_none(
    tmp_path: Path, stores: dict[str, str]
) -> None:
    async with limited(tmp_path, stores, KOSU_TRUSTED_PROXY_HOPS="0") as api:
        transport = httpx.ASGITransport(app=api.app, client=("203.0.113.9", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=API_URL) as client:
            codes = [
                (await client.get("/api/v1/courses/none/reviews", headers={"X-Forwarded-For": f"198.51.100.{n}"}))
                for n in range(10)
            ]
    assert [answer.status_code for answer in codes] == [404] * 9 + [429]


async def test_who_asks_as_people_do_costs_no_round_trip(tmp_path: Path, stores: dict[str, str]) -> None:
    """A session's state is one; the count is none, until somebody has used up a quarter of the allowance."""
    async with limited(tmp_path, stores, KOSU_ACCOUNT_REQUESTS_PER_MINUTE="20") as api:
        learner = await api.learner()
        await statuses(learner, "/api/v1/me", 2)
        trips = []
        for _ in range(5):
            with counted() as block:
                await learner.get("/api/v1/me")
            trips.append(block.redis)
    assert trips[:3] == [1, 1, 1]
    assert trips[3:] == [2, 2], "beyond the share it is counted with all others"


async def test_processes_count_together(tmp_path: Path, stores: dict[str, str]) -> None:
    async with limited(tmp_path, stores) as one, limited(tmp_path, stores) as other:
        header = {"X-Forwarded-For": "203.0.113.9"}
        first = await statuses(await one.browser(**header), "/api/v1/courses/none/reviews", 9)
        second = await statuses(await other.browser(**header), "/api/v1/courses/none/reviews", 3)
    assert first == [404] * 9
    # Its own share, and then nothing is left of what all have.
    assert second == [404, 429, 429]


async def test_without_redis_each_process_counts_for_itself(tmp_path: Path, stores: dict[str, str]) -> None:
    nowhere = stores | {"redis_url": "unix:///nowhere/redis.sock"}
    async with limited(tmp_path, nowhere) as api:
        here = await api.browser(**{"X-Forwarded-For": "203.0.113.9"})
        assert await statuses(here, "/api/v1/courses/none/reviews", 10) == [404] * 9 + [429]


async def test_probes_and_scrapes_are_not_counted(tmp_path: Path, stores: dict[str, str]) -> None:
    async with limited(tmp_path, stores) as api:
        probe = await api.browser(**{"X-Forwarded-For": "203.0.113.9"})
        assert await statuses(probe, "/health/live", 12) == [200] * 12
        prober = await api.browser()
        assert await statuses(prober, "/metrics", 12) == [200] * 12


async def test_the_web_clients_server_is_not_counted(tmp_path: Path, stores: dict[str, str]) -> None:
    """It asks for all its visitors from one address."""
    async with limited(tmp_path, stores, KOSU_UNLIMITED_NETWORKS="10.1.0.0/16") as api:
        for address, last in (("10.1.2.3", 404), ("127.0.0.1", 429)):
            server = await api.browser(**{"X-Forwarded-For": address})
            assert (await statuses(server, "/api/v1/courses/none/reviews", 12))[-1] == last


async def test_no_limit_is_no_limit(tmp_path: Path, stores: dict[str, str]) -> None:
    unlimited = {"KOSU_ACCOUNT_REQUESTS_PER_MINUTE": "0", "KOSU_ADDRESS_REQUESTS_PER_MINUTE": "0"}
    async with limited(tmp_path, stores, **unlimited) as api:
        learner = await api.learner()
        assert await statuses(learner, "/api/v1/me", 20) == [200] * 20
