"""Toss in billing: nothing is believed that nobody signed, and what it answers is settled once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from kosu.errors import TooManyRequests
from kosu.modules.billing.errors import (
    BadSignature,
    GatewayUnavailable,
    PaymentNotFound,
)
from kosu.modules.billing.use_cases.receive_webhook import HINTS
from kosu.modules.billing.views import PlacedOrder
from kosu.money import Money
from tests.support.billing import PRICE, memory_world
from tests.support.gateway_shop import GatewayShop
from tests.support.toss import (
    A_PAYMENT,
    TossUnderTest,
    about,
    running_toss,
)


@pytest.fixture
def shop() -> Iterator[GatewayShop]:
    world = memory_world()
    with running_toss(world.clock) as running:
        yield GatewayShop(world, running)


@pytest.fixture
def vendor(shop: GatewayShop) -> TossUnderTest:
    assert isinstance(shop.vendor, TossUnderTest)
    return shop.vendor


async def waiting(shop: GatewayShop) -> tuple[PlacedOrder, str]:
    order = await shop.order()
    assert order.payment is not None
    return order, order.payment.ref


async def test_a_payment_is_settled_when_the_buyer_comes_back(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    assert (await shop.come_back(order, await vendor.pay(ref))).state == "paid"
    assert (await shop.settle(order)).state == "paid"
    assert len(shop.ledger) == 1
    assert list(shop.world.grants.calls.values()) == [1]


async def test_a_forged_webhook_opens_nothing(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    await vendor.pay(ref)
    forged = {**A_PAYMENT, "orderId": ref, "paymentKey": vendor.paid(ref)["paymentKey"]}
    await shop.receive(about(**forged), {})
    assert (await shop.settle(order)).state == "pending"
    assert await shop.world.inbox_states() == ["processed"]
    assert not await shop.open_courses(order)
    with pytest.raises(BadSignature):
        await shop.receive(json.dumps(forged).encode(), {})


async def test_a_hint_at_an_unknown_payment_is_stored_nowhere(shop: GatewayShop) -> None:
    with pytest.raises(PaymentNotFound):
        await shop.receive(about(orderId="order-1"), {})
    assert await shop.world.inbox_states() == []


async def test_fifty_hints_at_once_are_one(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    await vendor.pay(ref)
    await asyncio.gather(*(shop.receive(about(orderId=ref, status=f"S{n}"), {}) for n in range(50)))
    assert await shop.world.inbox_states() == ["received"]
    assert (await shop.settle(order)).state == "pending"
    assert len(vendor.server.asked_to("GET", ref)) == 1


async def test_too_many_hints_are_turned_away(shop: GatewayShop) -> None:
    _, ref = await waiting(shop)
    for _ in range(HINTS.burst):
        await shop.receive(about(orderId=ref), {})
    with pytest.raises(TooManyRequests):
        await shop.receive(about(orderId=ref), {})
    shop.tick()
    await shop.receive(about(orderId=ref), {})


async def test_a_deposit_that_is_taken_back_ends_access_and_the_next_one_opens_it(
    shop: GatewayShop, vendor: TossUnderTest
) -> None:
    order, ref = await waiting(shop)
    await shop.come_back(order, await vendor.pay(ref, "가상계좌"))
    assert (await shop.settle(order)).state == "pending"
    for _ in range(2):
        vendor.deposit(ref)
        assert (await shop.settle(order)).state == "paid"
        assert await shop.open_courses(order)
        vendor.take_deposit_back(ref)
        assert (await shop.settle(order)).state == "pending"
        assert not await shop.open_courses(order)
    vendor.deposit(ref)
    assert (await shop.settle(order)).state == "paid"
    assert await shop.open_courses(order) == {order.items[0].course_id}
    await shop.ask_for_refund(order)
    await shop.send_refunds()
    assert (await shop.settle(order)).state == "refunded"


async def test_a_deposit_that_comes_again_before_anybody_asked_is_not_a_second_payment(
    shop: GatewayShop, vendor: TossUnderTest
) -> None:
    order, ref = await waiting(shop)
    await shop.come_back(order, await vendor.pay(ref, "가상계좌"))
    for _ in range(2):
        shop.tick()
        vendor.deposit(ref)
        assert (await shop.settle(order)).state == "paid"
        vendor.take_deposit_back(ref)
        vendor.webhooks()
    shop.tick()
    vendor.deposit(ref)
    assert (await shop.settle(order)).state == "paid"
    await shop.send_refunds()
    assert vendor.paid(ref)["cancels"] is None


async def test_a_stale_answer_is_passed_over(shop: GatewayShop, vendor: TossUnderTest) -> None:
    """Paid, as we were told, and taken back, as we were told later: the first is settled last."""
    order, ref = await waiting(shop)
    await shop.come_back(order, await vendor.pay(ref, "가상계좌"))
    assert (await shop.settle(order)).state == "pending"
    vendor.deposit(ref)
    vendor.webhooks()
    shop.tick()
    await shop.world.billing.ask_about_payment()(payment_id=(await shop.payment(order)).id)
    (stale,) = await shop.world.inbox.claim(at=shop.world.clock.now(), lease=timedelta(hours=1), limit=1)
    vendor.take_deposit_back(ref)
    assert (await shop.settle(order)).state == "pending"
    await shop.world.billing.settle_webhook()(stale)
    assert (await shop.world.view(order)).state == "pending"
    assert not await shop.open_courses(order)
    assert set(await shop.world.inbox_states()) == {"processed"}


async def test_webhook_and_return_page_at_once_are_one_posting(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    answers = await vendor.pay(ref)
    shop.tick()
    confirm = shop.world.billing.confirm_payment()
    returned = [confirm(gateway="toss", payment_ref=ref, answers=answers) for _ in range(3)]
    await asyncio.gather(shop.receive(about(orderId=ref), {}), *returned)
    shop.tick()
    await asyncio.gather(*(shop.world.drain() for _ in range(3)), shop.deliver())
    assert (await shop.settle(order)).state == "paid"
    assert len(shop.ledger) == 1
    assert list(shop.world.grants.calls.values()) == [1]


async def test_an_amount_changed_on_the_way_back_pays_for_nothing(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    answers = await vendor.pay(ref, money=Money(100, "KRW"))
    for amount in ("100", "49000"):
        assert (await shop.come_back(order, {**answers, "amount": amount})).state == "pending"
    assert vendor.paid(ref)["status"] == "IN_PROGRESS"


async def test_a_refund_of_one_item_leaves_the_other(shop: GatewayShop, vendor: TossUnderTest) -> None:
    """Toss knows of no items, and the answer is lost: the refund is known by what we noted of it."""
    order = await shop.order(PRICE, PRICE)
    await shop.pay(order)
    first, second = order.items
    await shop.ask_for_refund(order, first.id)
    vendor.server.lost = 1
    with pytest.raises(GatewayUnavailable):
        await shop.send_refunds()
    assert (await shop.settle(order)).state == "partially_refunded"
    await shop.send_refunds()
    assert await shop.open_courses(order) == {second.course_id}
    assert order.payment is not None
    assert len(vendor.paid(order.payment.ref)["cancels"]) == 1


async def test_what_no_webhook_told_is_found_at_night(shop: GatewayShop, vendor: TossUnderTest) -> None:
    order, ref = await waiting(shop)
    await vendor.gateway.confirm(await shop.payment(order), await vendor.pay(ref))
    shop.tick()
    assert await shop.world.billing.reconcile_payments()() == 1
    await shop.world.drain()
    assert (await shop.world.view(order)).state == "paid"
    assert await shop.world.billing.reconcile_payments()() == 0
