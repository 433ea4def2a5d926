"""Payments while things break: senders that repeat themselves, stores that die, and logs that must keep quiet."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
import pytest
from dependency_injector.providers import Object

from entrypoints import migrate
from entrypoints.embedded.child import Child
from entrypoints.embedded.postgres import PostgresServer
from entrypoints.embedded.redis import RedisServer
from entrypoints.embedded.temporary import temporary_postgres, temporary_redis
from entrypoints.worker.dispatch import dispatcher_of
from kosu.adapters.sandbox import SigningKeys
from kosu.adapters.saq.queue import SaqQueue, create_queue_redis
from kosu.container import QUEUES
from kosu.settings import RedisSettings, Secret
from tests.support.api import Api, problem, running_api
from tests.support.billing import BillingWorld, captured
from tests.support.billing_postgres import postgres_world
from tests.support.shop import open_shop

CARD = "4111111111111111"
BUYER = "buyer.of.something@example.test"


@pytest.fixture
async def world(database: str) -> AsyncIterator[BillingWorld]:
    async with postgres_world(database) as over_postgres:
        yield over_postgres


async def send(api: Api, browser: httpx.AsyncClient, body: dict[str, Any], *, message_id: str) -> httpx.Response:
    """A signed webhook of the sandbox."""
    keys = SigningKeys(api.container.settings().billing.sandbox_secrets())
    raw = json.dumps(body).encode()
    return await browser.post(
        "/api/v1/webhooks/sandbox",
        content=raw,
        headers=dict(keys.sign(raw, message_id=message_id, at=datetime.now(UTC))),
    )


async def an_order(api: Api) -> dict[str, Any]:
    course_id = await open_shop(api)
    learner = await api.learner()
    placed = await learner.post("/api/v1/orders", json={"course_ids": [course_id], "gateway": "sandbox"})
    order: dict[str, Any] = placed.json()
    return order


def capture_of(order: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "payment.captured",
        "timestamp": "2026-01-01T12:00:00Z",
        "data": {
            "payment_ref": order["payment"]["ref"],
            "object_id": "cap",
            "capture_id": "cap",
            "amount_minor": order["total"]["amount_minor"],
            "currency": order["total"]["currency"],
            "card": {"number": CARD},
            "buyer": {"email": BUYER},
        },
    }


def rows(database: str, statement: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(statement).fetchall()


INBOX = "SELECT state, count(*) FROM billing.webhook_inbox GROUP BY state"
ORDERS = "SELECT state FROM billing.orders"


async def test_the_same_event_fifty_times_at_once_is_acknowledged_fifty_times_and_is_one(
    api: Api, database: str
) -> None:
    order = await an_order(api)
    browser = await api.browser()
    answers = await asyncio.gather(*(send(api, browser, capture_of(order), message_id="same") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    await api.work()
    assert rows(database, INBOX) == [("processed", 1)]
    assert rows(database, ORDERS) == [("paid",)]
    assert rows(database, "SELECT count(*) FROM billing.ledger_tx") == [(1,)]


async def test_a_webhook_and_an_answer_of_the_gateway_at_once_are_one_posting(
    world: BillingWorld, database: str
) -> None:
    orders = [await world.order(user_id=world.ids.new()) for _ in range(10)]  # type: ignore[arg-type]
    for number, order in enumerate(orders):
        assert order.payment is not None
        world.gateway.stand(order.payment.ref, captured(object_id=f"cap-{number}"))
    world.clock.advance(minutes=1)

    async def tell(number: int) -> None:
        await world.receive(orders[number], captured(object_id=f"cap-{number}"))
        await world.drain()

    await asyncio.gather(world.billing.ask_about_payments()(), *(tell(number) for number in range(10)))
    await world.drain()
    assert set(await world.inbox_states()) == {"processed"}
    assert rows(database, "SELECT count(*), count(DISTINCT order_id) FROM billing.ledger_tx") == [(10, 10)]
    assert rows(database, ORDERS) == [("paid",)] * 10
    assert list(world.grants.calls.values()) == [1] * 10


async def kill(child: Child) -> None:
    child.signal(signal.SIGKILL)
    while child.running():  # noqa: ASYNC110 - a process says nothing when it ends
        await asyncio.sleep(0.01)


@pytest.fixture
def postgres() -> Iterator[tuple[PostgresServer, Child, str]]:
    with temporary_postgres() as (server, child):
        server.create_database("kosu")
        migrate.upgrade(server.url("kosu"))
        yield server, child, server.url("kosu")


async def test_while_postgres_is_down_no_webhook_is_acknowledged(
    postgres: tuple[PostgresServer, Child, str], redis_url: str, tmp_path: Path
) -> None:
    server, child, database = postgres
    async with running_api(tmp_path, database_url=database, redis_url=redis_url) as api:
        order = await an_order(api)
        browser = await api.browser()
        await kill(child)
        refused = await asyncio.gather(
            *(send(api, browser, capture_of(order), message_id=f"m{number}") for number in range(8))
        )
        for answer in refused:
            assert answer.headers["retry-after"]
            problem(answer, 503, "database_unavailable")
        child.start()
        await asyncio.to_thread(server.wait_until_ready, child)
        assert rows(database, INBOX) == []
        # As a gateway does: again, until it is acknowledged.
        async with asyncio.timeout(30):
            status = 0
            while status != 200:
                await asyncio.sleep(0.1)
                status = (await send(api, browser, capture_of(order), message_id="m0")).status_code
        await api.work()
        assert rows(database, ORDERS) == [("paid",)]


@asynccontextmanager
async def over_a_real_queue(database: str, server: RedisServer, folder: Path) -> AsyncIterator[Api]:
    redis = create_queue_redis(RedisSettings(url=Secret(server.url())))
    queue = SaqQueue(redis, QUEUES)
    try:
        async with running_api(
            folder, database_url=database, redis_url=server.url(), queue=Object(queue), queue_redis=Object(redis)
        ) as api:
            yield api
    finally:
        await redis.aclose()


async def test_what_was_acknowledged_before_redis_died_with_all_it_knew_is_swept_up(
    database: str, tmp_path: Path
) -> None:
    with temporary_redis() as (server, child):
        async with over_a_real_queue(database, server, tmp_path) as api:
            order = await an_order(api)
            assert (await send(api, await api.browser(), capture_of(order), message_id="m")).status_code == 200
            await kill(child)
            shutil.rmtree(server.data)
            server.data.mkdir()
            # Still acknowledged, without anybody to ring for.
            assert (await send(api, await api.browser(), capture_of(order), message_id="n")).status_code == 200
            child.start()
            await asyncio.to_thread(server.wait_until_ready, child)
            # What the scheduler rings for every fifteen seconds.
            await dispatcher_of(api.container).run("billing.DrainInbox")
    assert rows(database, INBOX) == [("processed", 2)]
    assert rows(database, ORDERS) == [("paid",)]


async def test_logs_say_nothing_of_cards_buyers_and_bodies(
    api: Api, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where everything goes wrong: what cannot be settled, what is forged, and what makes no sense."""
    caplog.set_level(logging.DEBUG)
    order = await an_order(api)
    browser = await api.browser()
    private = {"card": {"number": CARD}, "buyer": {"email": BUYER}}
    await send(api, browser, capture_of(order), message_id="good")
    await send(api, browser, {**capture_of(order), "data": private}, message_id="malformed")
    unknown = capture_of(order)
    unknown["data"]["payment_ref"] = "nobody"
    await send(api, browser, unknown, message_id="unknown")
    contradicting = capture_of(order)
    contradicting["data"]["amount_minor"] = 1
    await send(api, browser, contradicting, message_id="contradicting")
    await browser.post("/api/v1/webhooks/sandbox", content=json.dumps(private).encode())
    await api.work()
    assert {state for state, _ in rows(database, INBOX)} == {"processed", "dead", "failed"}
    # The whole record and not its line alone: a formatter may choose to show any part of it.
    formatter = logging.Formatter()
    written = [line for record in caplog.records for line in (formatter.format(record), repr(record.__dict__))]
    assert any("webhook" in line for line in written)
    for line in written:
        assert CARD not in line
        assert BUYER not in line
        assert "payment.captured" not in line
