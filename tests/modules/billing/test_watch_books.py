"""What operators look at is audited with who looked, and at what."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest

from kosu.adapters.memory.identity import AUDIT
from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.errors import OrderNotFound
from kosu.modules.identity import Origin
from tests.support.billing import BUYER, BillingWorld, captured, memory_world

OPERATOR = Origin(actor_id=UserId(UUID(int=99)))


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


def audited(world: BillingWorld) -> list[tuple[str, UserId | None, Mapping[str, object]]]:
    entries = list(world.database.table(AUDIT).values())
    assert all(entry.origin == OPERATOR for entry in entries)
    return [(entry.action, entry.user_id, entry.detail) for entry in entries]


async def test_looking_for_orders(world: BillingWorld) -> None:
    order = await world.order()
    page = await world.billing.find_orders()(
        state=OrderState.PENDING, user_id=BUYER, text="26", before=None, limit=9, origin=OPERATOR
    )
    assert [found.id for found in page.items] == [order.id]
    assert audited(world) == [("orders_viewed", BUYER, {"state": "pending", "text": "26"})]


async def test_looking_into_an_order(world: BillingWorld) -> None:
    order = await world.order()
    assert (await world.billing.inspect_order()(order_id=order.id, origin=OPERATOR)).number == order.number
    assert audited(world) == [("order_viewed", BUYER, {"order_id": str(order.id)})]
    with pytest.raises(OrderNotFound):
        await world.billing.inspect_order()(order_id=OrderId(UUID(int=404)), origin=OPERATOR)


async def test_looking_into_the_ledger(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    page = await world.billing.read_ledger()(
        order_id=order.id, account="tax_payable", before=None, limit=9, origin=OPERATOR
    )
    balances = await world.billing.read_balances()(account="tax_payable", origin=OPERATOR)
    assert (len(page.items), balances.items[0].amount.amount_minor) == (1, -4_455)
    assert audited(world) == [
        ("ledger_viewed", None, {"order_id": str(order.id), "account": "tax_payable"}),
        ("ledger_viewed", None, {"account": "tax_payable"}),
    ]
