"""Receipts: for whom there is one, and what it says of the money."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from kosu.adapters.memory.identity import USERS
from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import ReceiptView
from kosu.modules.billing.domain.coupons import PercentOff
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.receipts import Receipt, ReturnKind, paid
from kosu.modules.billing.errors import OrderNotFound, ReceiptNotFound
from kosu.modules.billing.events import OrderPaid
from kosu.modules.billing.views import PlacedOrder
from kosu.modules.identity import Origin
from kosu.money import Money
from tests.support.billing import (
    AT,
    BUYER,
    PRICE,
    SELLER,
    BillingWorld,
    an_order,
    captured,
    fact,
    failed_refund,
    item,
    memory_world,
    refund,
    reversed_capture,
)
from tests.support.identity import a_user

KRW = "KRW"
ORDER = an_order(item())


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


async def a_paid_order(world: BillingWorld) -> PlacedOrder:
    order = await world.order()
    await world.settle(order, captured())
    return order


async def issue(world: BillingWorld, order_id: OrderId) -> Receipt | None:
    receipt: Receipt | None = await world.billing.issue_receipt()(order_id=order_id)
    return receipt


async def read(world: BillingWorld, order: PlacedOrder, *, user_id: UserId = BUYER) -> ReceiptView:
    receipt: ReceiptView = await world.billing.read_receipt()(user_id=user_id, order_id=order.id)
    return receipt


async def test_paid_orders_are_numbered_without_gaps_year_by_year(world: BillingWorld) -> None:
    numbers = []
    for _ in range(3):
        receipt = await issue(world, (await a_paid_order(world)).id)
        assert receipt is not None
        numbers.append(receipt.number)
        world.clock.advance(days=200)
    assert numbers == ["2026-000001", "2026-000002", "2027-000001"]


async def test_a_buyer_is_mailed_the_receipt_once_it_is_there(world: BillingWorld) -> None:
    world.database.tables[USERS] = {BUYER: a_user(id=BUYER)}
    order = await a_paid_order(world)
    event = OrderPaid(order_id=order.id, user_id=BUYER, course_ids=())
    await world.billing.mail_receipt()(event)
    assert world.mailer.sent == []
    await issue(world, order.id)
    for _ in range(2):
        await world.billing.mail_receipt()(event)
    (mail,) = world.mailer.sent
    assert (mail.subject, mail.key) == ("Your receipt 2026-000001", "receipt:2026-000001")
    assert f"{order.number} of 49,000 KRW: " in mail.body
    assert f"https://kosu.test/receipt/{order.id}\n" in mail.body


async def test_an_order_gets_one_receipt_however_often_it_is_told_to_be_paid(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    first = await issue(world, order.id)
    world.clock.advance(days=1)
    assert await issue(world, order.id) == first
    assert (await read(world, order)).number == "2026-000001"
    assert (await read(world, await a_paid_order(world))).number == "2026-000002"


async def test_the_first_who_asks_gets_it_where_the_worker_has_not_come_to_it(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    world.clock.advance(minutes=5)
    receipt = await read(world, order)
    assert (receipt.number, receipt.issued_at) == ("2026-000001", AT + timedelta(minutes=5))
    assert receipt.paid_at == AT


@pytest.mark.parametrize(
    "facts", [(), (captured(Money(490, KRW)),), (captured(Money(49_000, "USD")),), (captured(), reversed_capture())]
)
async def test_without_a_payment_there_is_no_receipt(world: BillingWorld, facts: tuple[PaymentFact, ...]) -> None:
    order = await world.order()
    if facts:
        await world.settle(order, *facts)
    assert await issue(world, order.id) is None
    with pytest.raises(ReceiptNotFound):
        await read(world, order)
    assert (await read(world, await a_paid_order(world))).number == "2026-000001"


async def test_a_free_order_has_no_receipt(world: BillingWorld) -> None:
    order = await world.order(world.course(Money(0, KRW)))
    assert await issue(world, order.id) is None
    with pytest.raises(ReceiptNotFound):
        await read(world, order)


async def test_an_order_that_is_not_there_has_no_receipt(world: BillingWorld) -> None:
    assert await issue(world, OrderId(UUID(int=404))) is None


async def test_a_receipt_is_for_the_buyer_only(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    with pytest.raises(OrderNotFound):
        await read(world, order, user_id=UserId(UUID(int=9)))


async def test_it_says_what_was_bought_from_whom_and_by_whom(world: BillingWorld) -> None:
    world.database.tables[USERS] = {BUYER: a_user(id=BUYER, display_name="김하늘", locale="ko")}
    order = await world.order(world.course(), world.course(Money(11_000, KRW)))
    await world.settle(order, captured(order.total))
    receipt = await read(world, order)
    assert (receipt.seller_name, receipt.seller_details) == (SELLER.name, SELLER.details)
    assert (receipt.buyer, receipt.language) == ("김하늘", "ko")
    assert receipt.order_number == order.number
    assert [line.price.amount_minor for line in receipt.lines] == [49_000, 11_000]
    assert (receipt.total, receipt.tax) == (Money(60_000, KRW), Money(5_455, KRW))
    assert (receipt.discount, receipt.returns, receipt.remaining) == (Money(0, KRW), (), Money(60_000, KRW))


async def test_it_follows_the_refunds(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    await world.settle(order, refund(Money(9_000, KRW), object_id="a"), refund(Money(1_000, KRW), object_id="b"))
    await world.settle(order, failed_refund(Money(1_000, KRW), object_id="b"))
    receipt = await read(world, order)
    assert [(part.kind, part.amount) for part in receipt.returns] == [(ReturnKind.REFUND, Money(9_000, KRW))]
    assert receipt.remaining == Money(40_000, KRW)


async def test_it_stays_when_all_money_went_back(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    await issue(world, order.id)
    await world.settle(order, reversed_capture())
    receipt = await read(world, order)
    assert [part.kind for part in receipt.returns] == [ReturnKind.REVERSAL]
    assert receipt.remaining == Money(0, KRW)


async def test_a_second_payment_that_goes_back_is_none_of_its_business(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    await world.settle(order, captured(object_id="cap2"), refund(of="cap2"))
    receipt = await read(world, order)
    assert (receipt.returns, receipt.remaining) == ((), PRICE)


def test_a_refund_and_a_lost_dispute_take_no_more_than_there_was() -> None:
    lost = fact(FactKind.DISPUTE_LOST, "d")
    payment = paid(ORDER, [captured(), refund(Money(1_000, KRW)), lost])
    assert payment is not None
    assert {part.kind for part in payment.returns} == {ReturnKind.REFUND, ReturnKind.CHARGEBACK}
    assert payment.remaining == Money(0, KRW)


def test_the_payment_of_which_most_is_left_is_the_one() -> None:
    back = [captured(object_id="a"), refund(of="a"), captured(object_id="b"), captured(object_id="c")]
    payment = paid(ORDER, back)
    assert payment is not None
    assert payment.capture.object_id == "b"
    reversed_first = paid(ORDER, [captured(object_id="a"), reversed_capture(object_id="a"), captured(object_id="b")])
    assert reversed_first is not None
    assert reversed_first.capture.object_id == "b"
    gone = [captured(object_id="a"), reversed_capture(object_id="a"), captured(object_id="b"), refund(of="b")]
    refunded = paid(ORDER, gone)
    assert refunded is not None
    assert refunded.capture.object_id == "b"


async def test_it_says_what_a_coupon_took_off(world: BillingWorld) -> None:
    await world.billing.create_coupon()(
        code="WINTER",
        reduction=PercentOff(10),
        course_ids=(),
        starts_at=None,
        ends_at=None,
        max_redemptions=None,
        origin=Origin(),
    )
    order = await world.order(coupon_code="winter")
    await world.settle(order, captured(order.total))
    receipt = await read(world, order)
    assert [line.price for line in receipt.lines] == [PRICE]
    assert (receipt.discount, receipt.total) == (Money(4_900, KRW), Money(44_100, KRW))
    assert receipt.tax == Money(4_009, KRW)
