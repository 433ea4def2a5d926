"""What billing promises when things happen at once, and what its tables hold by themselves: on real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import LiteralString
from uuid import UUID

import psycopg
import pytest

from kosu.ids import UserId
from kosu.modules.billing.domain.coupons import PercentOff
from kosu.modules.billing.domain.inbox import Envelope, ReceivedWebhook, WebhookId
from kosu.modules.billing.errors import AlreadyEnrolled, CouponInvalid, OpenOrderExists
from kosu.modules.billing.views import PlacedOrder
from kosu.modules.identity import Origin
from tests.support.billing import BUYER, BillingWorld, captured
from tests.support.billing_postgres import postgres_world


@pytest.fixture
async def world(database: str) -> AsyncIterator[BillingWorld]:
    async with postgres_world(database) as over_postgres:
        yield over_postgres


LEASE = timedelta(seconds=60)
STRANGER = UserId(UUID(int=9))
STORE = """INSERT INTO billing.webhook_inbox
               (id, gateway, dedup_key, event_type, payload_sha256, key_id, verified_at, state)
           VALUES (%(id)s, 'memory', %(key)s, '', '', '', now(), 'received')"""


def webhook(world: BillingWorld, key: str) -> ReceivedWebhook:
    envelope = Envelope(dedup_key=key, event_type="", payment_ref=None, key_id="")
    return ReceivedWebhook(WebhookId(world.ids.new()), "memory", envelope, b"{}", world.clock.now())


def count(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(f"SELECT count(*) FROM billing.{table}").fetchone()  # noqa: S608 - names of this file
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("times", [5, 50])
async def test_one_webhook_many_times_at_once_is_one_row_one_posting_one_grant(
    world: BillingWorld, database: str, times: int
) -> None:
    order = await world.order()

    async def receive_and_drain() -> None:
        # A turn of its own for each, so that they meet in the database and not in one batch.
        await asyncio.sleep(0)
        await world.receive(order, captured(), event_id="same")
        await world.drain()

    await asyncio.gather(*(receive_and_drain() for _ in range(times)))
    await world.drain()
    assert await world.inbox_states() == ["processed"]
    assert (count(database, "ledger_tx"), count(database, "payment_facts")) == (1, 1)
    assert list(world.grants.calls.values()) == [1]
    assert (await world.view(order)).state == "paid"


async def test_one_fact_under_many_event_ids_drained_side_by_side_is_one_posting(
    world: BillingWorld, database: str
) -> None:
    order = await world.order()
    await asyncio.gather(*(world.receive(order, captured()) for _ in range(20)))
    await asyncio.gather(*(world.drain() for _ in range(4)))
    assert await world.inbox_states() == ["processed"] * 20
    assert count(database, "ledger_tx") == 1
    assert list(world.grants.calls.values()) == [1]


async def test_two_tabs_at_once_make_one_order(world: BillingWorld, database: str) -> None:
    courses = [world.course(), world.course()]
    outcomes = await asyncio.gather(
        *(world.order(*(courses if tab % 2 else reversed(courses))) for tab in range(6)), return_exceptions=True
    )
    placed = [outcome for outcome in outcomes if isinstance(outcome, PlacedOrder)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, OpenOrderExists)]
    assert (len(placed), len(refused)) == (1, 5)
    assert {error.order_id for error in refused} == {placed[0].id}
    assert count(database, "orders") == 1


async def test_one_request_many_times_at_once_makes_one_order(world: BillingWorld, database: str) -> None:
    course = world.course()
    answers = await asyncio.gather(*(world.order(course, key="k") for _ in range(8)))
    assert answers == [answers[0]] * 8
    assert (count(database, "orders"), count(database, "payments")) == (1, 1)


async def test_the_last_use_of_a_coupon_goes_to_one_of_many(world: BillingWorld, database: str) -> None:
    made = await world.billing.create_coupon()(
        code="LAST",
        reduction=PercentOff(10),
        course_ids=(),
        starts_at=None,
        ends_at=None,
        max_redemptions=1,
        origin=Origin(),
    )
    outcomes = await asyncio.gather(
        *(world.order(user_id=UserId(UUID(int=100 + buyer)), coupon_code="last") for buyer in range(8)),
        return_exceptions=True,
    )
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, CouponInvalid)]
    assert refusals == ["used_up"] * 7
    assert sum(isinstance(outcome, PlacedOrder) for outcome in outcomes) == 1
    assert count(database, "orders") == 1
    view = await world.queries.coupon(made.id)
    assert view is not None
    assert view.redeemed == 1


async def test_one_buyer_in_many_tabs_uses_a_coupon_once(world: BillingWorld, database: str) -> None:
    await world.billing.create_coupon()(
        code="ONCE",
        reduction=PercentOff(10),
        course_ids=(),
        starts_at=None,
        ends_at=None,
        max_redemptions=None,
        origin=Origin(),
    )
    outcomes = await asyncio.gather(*(world.order(coupon_code="once") for _ in range(6)), return_exceptions=True)
    refusals = [outcome.reason for outcome in outcomes if isinstance(outcome, CouponInvalid)]
    assert refusals == ["used_before"] * 5
    assert count(database, "orders") == 1


async def test_a_webhook_that_another_worker_holds_is_passed_over(world: BillingWorld, database: str) -> None:
    order = await world.order()
    await world.receive(order, captured())
    await world.receive(order, captured())
    async with await psycopg.AsyncConnection.connect(database) as other:
        cursor = await other.execute("SELECT id FROM billing.webhook_inbox ORDER BY id LIMIT 1 FOR UPDATE")
        held = await cursor.fetchone()
        claimed = await world.inbox.claim(at=world.clock.now(), lease=LEASE, limit=9)
    assert held is not None
    assert len(claimed) == 1
    assert claimed[0].id != held[0]


async def until_waiting_for_a_lock(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    """Until some other connection to this database waits for a lock."""
    async with asyncio.timeout(10):
        while True:
            cursor = await connection.execute(
                """SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'"""
            )
            if await cursor.fetchone() != (0,):
                return
            await asyncio.sleep(0.01)


async def test_tabs_with_the_same_courses_do_not_wait_for_each_other_crosswise(
    world: BillingWorld, database: str
) -> None:
    """Courses are claimed in one order: a tab that waits for the first of them does not hold the second."""
    courses = sorted([world.course(), world.course()])
    holder = await world.order(user_id=STRANGER)
    claim = "INSERT INTO billing.open_purchases (user_id, course_id, order_id) VALUES (%s, %s, %s)"
    async with await psycopg.AsyncConnection.connect(database, options="-c lock_timeout=1000") as other:
        await other.execute(claim, (BUYER, courses[0], holder.id))
        tab = asyncio.create_task(world.order(*reversed(courses)))
        await until_waiting_for_a_lock(other)
        await other.execute(claim, (BUYER, courses[1], holder.id))
        await other.commit()
    with pytest.raises(OpenOrderExists):
        await tab


async def test_a_tab_that_waits_for_the_payment_of_another_is_told_that_the_course_is_bought(
    world: BillingWorld, database: str
) -> None:
    """What the buyer has is looked up once the course is claimed: before, the payment may still be under way."""
    course = world.course()
    order = await world.order(course)
    async with await psycopg.AsyncConnection.connect(database) as settling:
        await settling.execute("DELETE FROM billing.open_purchases WHERE order_id = %s", (order.id,))
        tab = asyncio.create_task(world.order(course))
        await until_waiting_for_a_lock(settling)
        async with world.transaction() as records:
            await world.grants.grant(
                records,
                user_id=BUYER,
                course_id=course,
                source="order_item",
                source_id=world.ids.new(),
                at=world.clock.now(),
            )
        await settling.commit()
    with pytest.raises(AlreadyEnrolled):
        await tab


async def test_batches_with_the_same_webhooks_do_not_wait_for_each_other_crosswise(
    world: BillingWorld, database: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database, options="-c lock_timeout=1000") as other:
        await other.execute(STORE, {"id": world.ids.new(), "key": "a"})
        batch = asyncio.create_task(world.inbox.put([webhook(world, "b"), webhook(world, "a")]))
        await until_waiting_for_a_lock(other)
        await other.execute(STORE, {"id": world.ids.new(), "key": "b"})
        await other.commit()
        assert await batch == 0


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE billing.ledger_entries SET amount_minor = 1", psycopg.errors.RestrictViolation),
        ("DELETE FROM billing.ledger_entries", psycopg.errors.RestrictViolation),
        ("TRUNCATE billing.ledger_tx CASCADE", psycopg.errors.RestrictViolation),
        (
            "INSERT INTO billing.ledger_entries SELECT source, 99, 'suspense', 1, 'KRW' FROM billing.ledger_tx",
            psycopg.errors.CheckViolation,
        ),
        # Balanced as a number, and not in either currency.
        (
            """INSERT INTO billing.ledger_entries
               SELECT source, 98 + n, 'suspense', 2 * n - 1, CASE n WHEN 0 THEN 'KRW' ELSE 'USD' END
               FROM billing.ledger_tx, generate_series(0, 1) AS n""",
            psycopg.errors.CheckViolation,
        ),
    ],
)
async def test_the_ledger_itself_refuses_what_must_not_be(
    world: BillingWorld, database: str, statement: LiteralString, error: type[psycopg.Error]
) -> None:
    order = await world.order()
    await world.settle(order, captured())
    # In autocommit, so that the deferred check is part of the statement.
    with psycopg.connect(database, autocommit=True) as connection, pytest.raises(error):
        connection.execute(statement)
