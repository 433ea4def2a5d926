"""The contract of receipts, over each adapter; and what holds when many are issued at once, on real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from kosu.ids import OrderId
from kosu.modules.billing.domain.orders import Order
from kosu.modules.billing.domain.receipts import Receipt
from tests.support.billing import AT, BillingWorld, an_order, captured, item
from tests.support.billing_postgres import postgres_world, world

__all__ = ["world"]

ORDERS = [replace(an_order(item(item_id=number), order_id=number), number=str(number)) for number in range(1, 5)]
FIRST, SECOND, THIRD, FOURTH = ORDERS


class RolledBack(Exception):  # noqa: N818 - what the test does, and no error
    pass


async def issue(world: BillingWorld, order: Order, *, days: int = 0) -> Receipt:
    async with world.transaction() as records:
        return await records.receipts.issue(order.id, at=AT + timedelta(days=days))


async def issue_and_roll_back(world: BillingWorld, order: Order) -> Receipt:
    """The receipt that there would have been, after a moment in which others want a number too."""
    taken = []
    with suppress(RolledBack):
        async with world.transaction() as records:
            taken.append(await records.receipts.issue(order.id, at=AT))
            await asyncio.sleep(0.01)
            raise RolledBack
    return taken[0]


async def add_orders(world: BillingWorld) -> None:
    async with world.transaction() as records:
        for order in ORDERS:
            await records.orders.add(order)


async def test_receipts_are_numbered_by_year_and_found_by_order(world: BillingWorld) -> None:
    await add_orders(world)
    issued = [
        await issue(world, FIRST),
        await issue(world, SECOND, days=1),
        await issue(world, THIRD, days=400),
        await issue(world, FOURTH, days=2),
    ]
    assert [receipt.number for receipt in issued] == ["2026-000001", "2026-000002", "2027-000001", "2026-000003"]
    async with world.transaction() as records:
        assert [await records.receipts.of_order(order.id) for order in ORDERS] == issued
        assert await records.receipts.of_order(OrderId(UUID(int=404))) is None
    assert issued[2] == Receipt(THIRD.id, 2027, 1, AT + timedelta(days=400))


async def test_a_number_is_taken_back_with_the_transaction_that_took_it(world: BillingWorld) -> None:
    await add_orders(world)
    await issue(world, FIRST)
    assert (await issue_and_roll_back(world, SECOND)).number == "2026-000002"
    assert (await issue(world, THIRD)).number == "2026-000002"
    async with world.transaction() as records:
        assert await records.receipts.of_order(SECOND.id) is None


@pytest.fixture
async def busy(database: str) -> AsyncIterator[BillingWorld]:
    async with postgres_world(database) as over_postgres:
        yield over_postgres


async def test_two_who_ask_for_one_order_get_one_receipt(busy: BillingWorld) -> None:
    order = await busy.order()
    await busy.settle(order, captured())
    issued = await asyncio.gather(*(busy.billing.issue_receipt()(order_id=order.id) for _ in range(8)))
    assert {receipt.number for receipt in issued if receipt} == {"2026-000001"}
    assert None not in issued
    other = await busy.order()
    await busy.settle(other, captured(object_id="other"))
    receipt = await busy.billing.issue_receipt()(order_id=other.id)
    assert receipt is not None
    assert receipt.number == "2026-000002"


async def test_many_at_once_leave_no_gap_though_some_are_rolled_back(busy: BillingWorld) -> None:
    orders = [replace(an_order(item(item_id=number), order_id=number), number=str(number)) for number in range(1, 25)]
    async with busy.transaction() as records:
        for order in orders:
            await records.orders.add(order)

    issued = await asyncio.gather(
        *(issue(busy, order) if order.id.int % 3 else issue_and_roll_back(busy, order) for order in orders)
    )
    kept = [receipt for receipt in issued if receipt.order_id.int % 3]
    assert sorted(receipt.ordinal for receipt in kept) == list(range(1, 17))


async def test_a_receipt_is_never_changed_or_removed(busy: BillingWorld, database: str) -> None:
    await add_orders(busy)
    await issue(busy, FIRST)
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in (
            "UPDATE billing.receipts SET ordinal = 9",
            "DELETE FROM billing.receipts",
            "TRUNCATE billing.receipts",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)
