"""The contract of billing's checks, over each adapter; and the faults that they find, made by hand in a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from msgspec import structs

from kosu.ids import UserId
from kosu.modules.billing.book_views import BillingHealth, Suspects, WebhookBacklog
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.ports.books import GRACE
from kosu.modules.billing.views import PlacedOrder
from kosu.modules.identity import Origin
from kosu.money import Money
from tests.support.billing import (
    PRICE,
    BillingWorld,
    captured,
    fact,
    failed,
    failed_refund,
    memory_world,
    refund,
    reversed_capture,
)
from tests.support.billing_postgres import postgres_world

NONE = Suspects(0, [])
WELL = BillingHealth(
    unbalanced=NONE,
    paid_without_access=NONE,
    access_without_payment=NONE,
    stale_orders=NONE,
    unsent_refunds=NONE,
    overdue_webhooks=NONE,
    dead_webhooks=NONE,
)
OPERATOR = UserId(UUID(int=99))


@pytest.fixture(params=["memory", "postgres"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[BillingWorld]:
    """A billing module over each adapter, with learning behind it."""
    if request.param == "memory":
        yield memory_world(with_learning=True)
        return
    async with postgres_world(request.getfixturevalue("database"), with_learning=True) as over_postgres:
        yield over_postgres


@pytest.fixture
async def real(database: str) -> AsyncIterator[BillingWorld]:
    async with postgres_world(database, with_learning=True) as over_postgres:
        yield over_postgres


async def health(world: BillingWorld) -> BillingHealth:
    return await world.checks.examine(at=world.clock.now())


def won(minor: int) -> Money:
    return Money(minor, "KRW")


def lost(of: str = "cap") -> PaymentFact:
    return fact(FactKind.DISPUTE_LOST, "d", of=of)


@pytest.mark.parametrize(
    "facts",
    [
        (),
        (failed(),),
        (captured(),),
        (captured(won(490)),),
        (captured(Money(49_000, "USD")),),
        (captured(), refund()),
        (captured(), refund(won(9_000))),
        (captured(), refund(), failed_refund()),
        (captured(), refund(won(25_000), object_id="a"), refund(won(25_000), object_id="b")),
        (captured(), refund(Money(49_000, "USD"))),
        (captured(), reversed_capture()),
        (captured(), fact(FactKind.DISPUTE_OPEN, "d")),
        (captured(), fact(FactKind.DISPUTE_OPEN, "d"), fact(FactKind.DISPUTE_WON, "d")),
        (captured(), lost()),
        (captured(), captured(object_id="cap2")),
        (captured(), captured(object_id="cap2"), refund(of="cap2")),
        (captured(), refund(), captured(object_id="cap2")),
        (captured(), captured(won(1), object_id="cap2")),
        (captured(), reversed_capture(), captured(object_id="cap2")),
        (captured(), lost(), captured(object_id="cap2")),
    ],
)
async def test_whatever_gateways_tell_all_is_well(world: BillingWorld, facts: tuple[PaymentFact, ...]) -> None:
    """The checks know by themselves what is open by right; settling must come to the same."""
    order = await world.order()
    if facts:
        await world.settle(order, *facts)
    # What follows from a second capture by itself, done.
    await world.settle(order)
    assert await health(world) == WELL


async def test_parts_that_went_back_are_not_open_and_the_others_are(world: BillingWorld) -> None:
    order = await world.order(world.course(), world.course(won(11_000)))
    back = (order.items[1].id,)
    await world.settle(order, captured(order.total), refund(won(11_000), item_ids=back))
    assert await health(world) == WELL
    # What went back of another payment, be it for the item that stays, is another matter.
    kept = (order.items[0].id,)
    surplus = refund(order.total, of="b", object_id="all", item_ids=kept)
    await world.settle(order, captured(order.total, object_id="b"), surplus)
    assert await health(world) == WELL


async def test_a_free_order_is_open_by_right(world: BillingWorld) -> None:
    await world.order(world.course(won(0)))
    assert await health(world) == WELL


async def test_orders_that_nobody_expired_are_told(world: BillingWorld) -> None:
    order = await world.order()
    world.clock.advance(timedelta(minutes=30) + GRACE)
    assert await health(world) == WELL
    world.clock.advance(seconds=1)
    assert await health(world) == structs.replace(WELL, stale_orders=Suspects(1, [str(order.id)]))
    await world.billing.expire_orders()()
    assert await health(world) == WELL


async def test_webhooks_that_nobody_settled_are_told(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order, captured())
    world.clock.advance(GRACE)
    assert await health(world) == WELL
    world.clock.advance(seconds=1)
    assert (await health(world)).overdue_webhooks.count == 1
    await world.drain()
    assert await health(world) == WELL


async def test_the_backlog_is_what_is_due_and_since_when(world: BillingWorld) -> None:
    assert await world.checks.backlog(at=world.clock.now()) == WebhookBacklog(due=0, oldest_due_at=None, dead=0)
    order = await world.order()
    received_at = world.clock.now()
    await world.receive(order, captured())
    world.clock.advance(minutes=3)
    told = await world.checks.backlog(at=world.clock.now())
    assert told == WebhookBacklog(due=1, oldest_due_at=received_at, dead=0)
    await world.billing.receive_webhook()(
        gateway="memory", raw=b"1", headers={"memory-signature": world.gateway.sign(b"1")}
    )
    await world.drain()
    assert await world.checks.backlog(at=world.clock.now()) == WebhookBacklog(due=0, oldest_due_at=None, dead=1)


async def test_webhooks_that_were_given_up_are_told_until_somebody_saw_to_them(world: BillingWorld) -> None:
    for body in (b"1", b"2"):
        headers = {"memory-signature": world.gateway.sign(body)}
        await world.billing.receive_webhook()(gateway="memory", raw=body, headers=headers)
    await world.drain()
    ids = [webhook.id for webhook in (await world.queries.webhooks(state=None, before=None, limit=9)).items]
    assert (await health(world)).dead_webhooks == Suspects(2, sorted(map(str, ids)))
    for webhook_id in ids:
        await world.billing.ignore_webhook()(webhook_id=webhook_id, reason="a test", origin=Origin())
    assert await health(world) == WELL


async def test_refunds_that_no_gateway_heard_of_are_told(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    (asked,) = await world.billing.request_refund()(
        operator_id=OPERATOR,
        order_id=order.id,
        item_ids=(),
        amount_minor=None,
        reason="asked",
        idempotency_key=None,
        origin=Origin(),
    )
    world.clock.advance(GRACE)
    assert await health(world) == WELL
    world.clock.advance(seconds=1)
    assert await health(world) == structs.replace(WELL, unsent_refunds=Suspects(1, [str(asked.id)]))
    await world.billing.send_refund()(refund_id=asked.id)
    assert await health(world) == WELL


async def a_paid_order(world: BillingWorld, *, capture: str = "cap") -> PlacedOrder:
    order = await world.order()
    await world.settle(order, captured(object_id=capture))
    return order


def by_hand(database: str, statement: str) -> None:
    """As somebody does who goes past Kosu, and past the triggers that guard the tables."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)


async def test_a_grant_that_was_taken_away_by_hand_is_found(real: BillingWorld, database: str) -> None:
    order = await a_paid_order(real)
    by_hand(database, "UPDATE learning.grants SET revoked_at = now()")
    item_id = str(order.items[0].id)
    assert await health(real) == structs.replace(WELL, paid_without_access=Suspects(1, [item_id]))
    by_hand(database, "DELETE FROM learning.grants")
    assert await health(real) == structs.replace(WELL, paid_without_access=Suspects(1, [item_id]))


async def test_a_grant_that_nobody_paid_for_is_found(real: BillingWorld, database: str) -> None:
    order = await a_paid_order(real)
    await real.settle(order, refund(PRICE))
    by_hand(database, "UPDATE learning.grants SET revoked_at = NULL")
    item_id = str(order.items[0].id)
    assert await health(real) == structs.replace(WELL, access_without_payment=Suspects(1, [item_id]))
    by_hand(database, "UPDATE learning.grants SET source = 'operator'")
    assert await health(real) == WELL


async def test_facts_that_are_gone_are_found_as_access_without_payment(real: BillingWorld, database: str) -> None:
    await a_paid_order(real)
    by_hand(database, "DELETE FROM billing.payment_facts")
    assert (await health(real)).access_without_payment.count == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing.ledger_entries SET amount_minor = amount_minor + 1 WHERE account = 'psp_clearing'",
        "UPDATE billing.ledger_entries SET currency = 'USD' WHERE account = 'psp_clearing'",
        "DELETE FROM billing.ledger_entries WHERE account = 'tax_payable'",
        "DELETE FROM billing.ledger_entries",
    ],
)
async def test_books_that_were_written_to_by_hand_are_found(real: BillingWorld, database: str, statement: str) -> None:
    order = await a_paid_order(real)
    by_hand(database, statement)
    assert await health(real) == structs.replace(WELL, unbalanced=Suspects(1, [f"{order.id}/captured/cap"]))


async def test_all_are_counted_and_the_first_few_named(real: BillingWorld, database: str) -> None:
    orders = [await a_paid_order(real, capture=str(number)) for number in range(7)]
    by_hand(database, "UPDATE learning.grants SET revoked_at = now()")
    named = sorted(str(order.items[0].id) for order in orders)[:5]
    assert (await health(real)).paid_without_access == Suspects(7, named)
