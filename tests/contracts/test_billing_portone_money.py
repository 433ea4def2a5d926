"""PortOne: refunds that we ask for, each of them once; and in billing, what it answers is settled once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from kosu.modules.billing.errors import GatewayUnavailable, RefundRefused
from kosu.money import Money
from tests.support.billing import PRICE, memory_world
from tests.support.gateway_shop import GatewayShop
from tests.support.portone import (
    NESTED,
    REQUEST,
    PortOneUnderTest,
    a_gateway,
    a_refund,
    paid,
    reading,
    running_portone,
)
from tests.support.portone_server import Answer, PortOneServer, refusal


@pytest.fixture
def portone() -> Iterator[PortOneUnderTest]:
    with running_portone() as running:
        yield running


@pytest.fixture
def server(portone: PortOneUnderTest) -> PortOneServer:
    return portone.server


@pytest.fixture
def shop(portone: PortOneUnderTest) -> GatewayShop:
    world = memory_world()
    portone.server.clock = world.clock
    return GatewayShop(world, portone)


# Trouble


@pytest.mark.parametrize(
    "garbled",
    [
        (200, b"<html>"),
        (200, b"{}"),
        (200, NESTED),
        (200, b'{"status":"PAID"}'),
        (302, b""),
        (400, b"<html>"),
        (429, b'{"type":"TOO_MANY_REQUESTS"}'),
        (500, b'{"type":"INTERNAL"}'),
        (502, b"<html>"),
        (503, b""),
    ],
)
async def test_an_answer_that_is_none_is_asked_for_again(portone: PortOneUnderTest, garbled: tuple[int, bytes]) -> None:
    ref = await paid(portone)
    portone.server.garbled = garbled
    with pytest.raises(GatewayUnavailable):
        await portone.gateway.fetch(ref)
    with pytest.raises(GatewayUnavailable):
        await portone.gateway.refund(a_refund(ref))
    if garbled[0] != 200:
        with pytest.raises(GatewayUnavailable):
            await portone.gateway.create_checkout(REQUEST)
    if garbled != (200, b'{"status":"PAID"}'):
        with pytest.raises(GatewayUnavailable):
            _ = [change async for change in portone.gateway.changed_since(portone.now)]


async def test_nobody_there_and_a_wrong_secret_are_to_be_tried_again(server: PortOneServer) -> None:
    """The secret is put right, and then what was asked for is done after all."""
    for gateway in (a_gateway("http://127.0.0.1:1"), a_gateway(server.url, api_secret="old")):
        with pytest.raises(GatewayUnavailable):
            await gateway.fetch("pay-1")
        with pytest.raises(GatewayUnavailable):
            await gateway.create_checkout(REQUEST)
        with pytest.raises(GatewayUnavailable):
            await gateway.refund(a_refund("pay-1"))


# Refunds


async def test_a_refund_is_named_as_its_fact_will_be(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    object_id = await portone.gateway.refund(a_refund(ref))
    assert [fact.object_id for fact in (await reading(portone.gateway, ref)).facts[1:]] == [object_id]


async def test_two_requests_are_two_refunds_and_one_request_is_one(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    first, second = [await portone.gateway.refund(a_refund(ref, key=key)) for key in (1, 2)]
    assert first != second
    assert first == await portone.gateway.refund(a_refund(ref, key=1))
    assert portone.server.payments[ref]["amount"]["cancelled"] == 2_000


@pytest.mark.parametrize("later", [timedelta(seconds=10), timedelta(hours=4)])
async def test_a_refund_whose_answer_was_lost_is_not_done_twice(portone: PortOneUnderTest, later: timedelta) -> None:
    """The idempotency key is remembered for three hours only, and we may try for longer."""
    ref = await paid(portone)
    portone.server.lost = 1
    with pytest.raises(GatewayUnavailable):
        await portone.gateway.refund(a_refund(ref))
    portone.server.clock.advance(later)
    object_id = await portone.gateway.refund(a_refund(ref))
    cancellations = portone.server.payments[ref]["cancellations"]
    assert [cancellation["id"] for cancellation in cancellations] == [object_id]


async def test_refunds_at_once_are_made_one_by_the_idempotency_key(portone: PortOneUnderTest) -> None:
    ref = await paid(portone)
    names = await asyncio.gather(*(portone.gateway.refund(a_refund(ref)) for _ in range(5)))
    assert len(set(names)) == 1
    assert portone.server.payments[ref]["amount"]["cancelled"] == 1_000
    keys = {asked.headers["idempotency-key"] for asked in portone.server.asked_to("POST", "/cancel")}
    assert keys == {f'"{UUID(int=1)}"'}


@pytest.mark.parametrize(
    "answer",
    [
        refusal(409, "PAYMENT_ALREADY_CANCELLED"),
        refusal(409, "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"),
        refusal(409, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"),
        refusal(409, "PAYMENT_NOT_PAID"),
        refusal(400, "INVALID_REQUEST"),
        (
            200,
            {"cancellation": {"status": "FAILED", "id": "c", "totalAmount": 1, "requestedAt": "2026-01-01T12:00:00Z"}},
        ),
    ],
)
async def test_a_refund_that_never_will_be_is_refused(portone: PortOneUnderTest, answer: Answer) -> None:
    ref = await paid(portone)
    portone.server.refuses = answer
    with pytest.raises(RefundRefused):
        await portone.gateway.refund(a_refund(ref))


@pytest.mark.parametrize(
    "answer",
    [
        refusal(409, "IDEMPOTENCY_OUTSTANDING_REQUEST"),
        refusal(502, "PG_PROVIDER", pgCode="E1", pgMessage="later"),
        refusal(401, "UNAUTHORIZED"),
        refusal(403, "FORBIDDEN"),
        refusal(429, "TOO_MANY_REQUESTS"),
        (200, {"cancellation": {}}),
    ],
)
async def test_a_refund_that_may_have_been_done_is_tried_again(portone: PortOneUnderTest, answer: Answer) -> None:
    ref = await paid(portone)
    portone.server.refuses = answer
    with pytest.raises(GatewayUnavailable):
        await portone.gateway.refund(a_refund(ref))


async def test_a_refund_of_an_unknown_payment_is_refused(portone: PortOneUnderTest) -> None:
    with pytest.raises(RefundRefused):
        await portone.gateway.refund(a_refund("nobody"))


# In billing


async def test_a_payment_is_settled_by_its_webhook(shop: GatewayShop) -> None:
    order = await shop.order()
    assert order.payment is not None
    await shop.vendor.pay(order.payment.ref)
    assert (await shop.settle(order)).state == "paid"
    assert await shop.open_courses(order) == {order.items[0].course_id}


async def test_webhook_and_return_page_at_once_are_one_posting(shop: GatewayShop) -> None:
    order = await shop.order()
    assert order.payment is not None
    answers = await shop.vendor.pay(order.payment.ref)
    shop.tick()
    ask = shop.world.billing.confirm_payment()
    payment = await shop.payment(order)
    returned = [ask(gateway=shop.name, payment_ref=payment.gateway_ref, answers=answers) for _ in range(2)]
    await asyncio.gather(shop.deliver(), *returned)
    await asyncio.gather(*(shop.world.drain() for _ in range(3)))
    assert (await shop.world.view(order)).state == "paid"
    assert len(shop.ledger) == 1
    assert sorted(shop.world.grants.calls.values()) == [1]


async def test_a_refund_of_one_item_leaves_the_other(shop: GatewayShop) -> None:
    """PortOne knows of no items: the refund is known by what we noted of it."""
    order = await shop.order(PRICE, PRICE)
    assert (await shop.pay(order)).state == "paid"
    first, second = order.items
    await shop.ask_for_refund(order, first.id)
    await shop.send_refunds()
    assert (await shop.settle(order)).state == "partially_refunded"
    assert await shop.open_courses(order) == {second.course_id}


async def test_a_refund_whose_answer_was_lost_is_known_by_its_webhook(shop: GatewayShop, server: PortOneServer) -> None:
    order = await shop.order(PRICE, PRICE)
    await shop.pay(order)
    first, second = order.items
    await shop.ask_for_refund(order, first.id)
    server.lost = 1
    with pytest.raises(GatewayUnavailable):
        await shop.send_refunds()
    assert (await shop.settle(order)).state == "partially_refunded"
    await shop.send_refunds()
    assert await shop.open_courses(order) == {second.course_id}
    assert len(server.payments[order.payment.ref]["cancellations"]) == 1  # type: ignore[union-attr]


async def test_a_payment_of_another_amount_goes_to_an_operator(shop: GatewayShop, server: PortOneServer) -> None:
    order = await shop.order()
    assert order.payment is not None
    server.registered[order.payment.ref] = Money(100, "KRW")
    assert (await shop.pay(order)).state == "review"
    assert not await shop.open_courses(order)


async def test_what_no_webhook_told_is_found_at_night(shop: GatewayShop) -> None:
    order = await shop.order()
    assert order.payment is not None
    await shop.vendor.pay(order.payment.ref)
    shop.tick()
    assert await shop.world.billing.reconcile_payments()() == 1
    await shop.world.drain()
    assert (await shop.world.view(order)).state == "paid"
    assert await shop.world.billing.reconcile_payments()() == 0


async def test_a_webhook_of_another_store_is_ignored(shop: GatewayShop, server: PortOneServer) -> None:
    order = await shop.order()
    assert order.payment is not None
    payment = server.try_to_pay(order.payment.ref, "PAID", paidAt=server.at())
    server.tell("Transaction.Paid", payment, store="store-2")
    assert (await shop.settle(order)).state == "pending"
    assert await shop.world.inbox_states() == ["ignored"]
