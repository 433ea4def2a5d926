"""The contract of billing's records, over each adapter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.coupons import (
    AmountOff,
    Coupon,
    CouponId,
    CouponRefusal,
    PercentOff,
    Redemption,
    RedemptionState,
)
from kosu.modules.billing.domain.ledger import transactions
from kosu.modules.billing.domain.orders import Order, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.refunds import Refund, RefundId, RefundState
from kosu.modules.billing.errors import FactContradicted
from kosu.modules.billing.ports import OrderRequest
from kosu.modules.billing.views import CouponView
from kosu.money import Money
from tests.support.billing import AT, BUYER, PRICE, BillingWorld, an_order, captured, item, refund
from tests.support.billing_postgres import world

__all__ = ["world"]

ORDER = an_order(item(item_id=11, course_id=21), item(item_id=12, course_id=22, price=Money(1_000, "KRW")))
PAYMENT = Payment(
    id=PaymentId(UUID(int=31)),
    order_id=ORDER.id,
    gateway="memory",
    gateway_ref="ref",
    checkout_url="https://pay.test/ref",
    amount=ORDER.total,
    created_at=AT,
)


async def add(world: BillingWorld, *orders: Order, payment: Payment | None = None) -> None:
    async with world.transaction() as records:
        for order in orders:
            await records.orders.add(order)
        if payment is not None:
            await records.payments.add(payment)


async def test_an_order_comes_back_as_it_was_added(world: BillingWorld) -> None:
    await add(world, ORDER)
    async with world.transaction() as records:
        assert await records.orders.get(ORDER.id) == ORDER
        assert await records.orders.lock(ORDER.id) == ORDER
        assert await records.orders.get(OrderId(UUID(int=404))) is None


async def test_saving_an_order_writes_its_state_and_cancellation(world: BillingWorld) -> None:
    await add(world, ORDER)
    cancelled = ORDER.cancelled(at=AT)
    async with world.transaction() as records:
        await records.orders.save(cancelled)
    async with world.transaction() as records:
        assert await records.orders.get(ORDER.id) == cancelled


async def test_overdue_are_the_pending_orders_whose_time_is_over(world: BillingWorld) -> None:
    overdue = an_order(item(item_id=11), order_id=1)
    paid = replace(an_order(item(item_id=12), order_id=2), number="2", state=OrderState.PAID)
    free = replace(an_order(item(item_id=13, price=Money(0, "KRW")), order_id=3), number="3")
    young = replace(an_order(item(item_id=14), order_id=4), number="4", expires_at=AT + timedelta(hours=1))
    second = replace(an_order(item(item_id=15), order_id=5), number="5")
    await add(world, overdue, paid, free, young, second)
    async with world.transaction() as records:
        at = AT + timedelta(minutes=30)
        assert await records.orders.lock_overdue(at=at, limit=9) == [overdue, second]
        assert await records.orders.lock_overdue(at=at, limit=1) == [overdue]
        assert await records.orders.lock_overdue(at=at - timedelta(microseconds=1), limit=9) == []


async def test_a_course_has_one_open_order_for_a_buyer(world: BillingWorld) -> None:
    rival = replace(an_order(item(item_id=13, course_id=22), order_id=2), number="2")
    stranger = replace(an_order(item(item_id=14, course_id=22), order_id=3), number="3", user_id=UserId(UUID(int=9)))
    await add(world, ORDER, rival, stranger)
    async with world.transaction() as records:
        assert await records.open_purchases.claim(ORDER) is None
        assert await records.open_purchases.claim(ORDER) is None
        assert await records.open_purchases.claim(stranger) is None
        assert await records.open_purchases.claim(rival) == ORDER.id
        await records.open_purchases.release(ORDER.id)
        assert await records.open_purchases.claim(rival) is None


async def test_a_key_of_a_buyer_is_taken_once(world: BillingWorld) -> None:
    request = OrderRequest(BUYER, "k", b"digest", ORDER.id, AT)
    async with world.transaction() as records:
        assert await records.order_requests.get(BUYER, "k") is None
        assert await records.order_requests.add(request)
        await records.orders.add(ORDER)
        assert not await records.order_requests.add(replace(request, digest=b"other"))
        assert await records.order_requests.add(replace(request, user_id=UserId(UUID(int=9))))
    async with world.transaction() as records:
        assert await records.order_requests.get(BUYER, "k") == request


async def test_a_reference_of_a_gateway_is_one_payment(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        await records.payments.add(replace(PAYMENT, id=PaymentId(UUID(int=32))))
        assert await records.payments.with_ref("memory", "ref") == PAYMENT
        assert await records.payments.with_ref("other", "ref") is None
        assert await records.payments.of_order(ORDER.id) == PAYMENT
        later = replace(PAYMENT, id=PaymentId(UUID(int=33)), gateway_ref="later")
        await records.payments.add(later)
        assert await records.payments.of_order(ORDER.id) == later


async def test_facts_are_kept_once_and_as_first_told(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    back = refund(Money(1_000, "KRW"), item_ids=(OrderItemId(UUID(int=12)),))
    async with world.transaction() as records:
        await records.payments.add_facts(PAYMENT.id, [captured(), back])
        await records.payments.add_facts(PAYMENT.id, [replace(captured(), occurred_at=AT + timedelta(days=1))])
    async with world.transaction() as records:
        facts = await records.payments.facts(ORDER.id)
    assert sorted(facts, key=lambda fact: fact.kind) == [captured(), back]


async def test_a_fact_that_contradicts_itself_is_refused(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        await records.payments.add_facts(PAYMENT.id, [captured()])
    with pytest.raises(FactContradicted):
        async with world.transaction() as records:
            await records.payments.add_facts(PAYMENT.id, [captured(Money(1, "KRW"))])


async def test_the_ledger_takes_a_transaction_once(world: BillingWorld) -> None:
    await add(world, ORDER)
    posted = transactions(ORDER, [captured(ORDER.total), refund(PRICE)])
    assert len(posted) == 2
    async with world.transaction() as records:
        await records.ledger.post([])
        await records.ledger.post(posted[:1])
    async with world.transaction() as records:
        await records.ledger.post(posted)
        await records.ledger.post(posted)


REFUND = Refund(
    id=RefundId(UUID(int=41)),
    order_id=ORDER.id,
    capture_id="cap",
    money=Money(1_000, "KRW"),
    item_ids=(OrderItemId(UUID(int=12)),),
    reason="asked",
    requested_by=UserId(UUID(int=9)),
    requested_at=AT,
    request_key="k",
    request_digest=b"digest",
)


async def test_a_refund_is_kept_once_and_only_its_fate_changes(world: BillingWorld) -> None:
    await add(world, ORDER)
    async with world.transaction() as records:
        assert await records.refunds.add(REFUND)
        assert not await records.refunds.add(replace(REFUND, reason="again"))
    sent = replace(REFUND, state=RefundState.SENT, object_id="re", error_code="none")
    async with world.transaction() as records:
        await records.refunds.save(replace(sent, reason="changed"))
    async with world.transaction() as records:
        assert await records.refunds.get(REFUND.id) == sent
        assert await records.refunds.get(RefundId(UUID(int=404))) is None


async def test_refunds_are_found_by_order_and_by_request_oldest_first(world: BillingWorld) -> None:
    later = replace(REFUND, id=RefundId(UUID(int=40)), requested_at=AT + timedelta(seconds=1))
    by_kosu = replace(REFUND, id=RefundId(UUID(int=42)), requested_by=None, request_key=None, request_digest=None)
    await add(world, ORDER)
    async with world.transaction() as records:
        for each in (later, by_kosu, REFUND):
            await records.refunds.add(each)
        assert await records.refunds.of_order(ORDER.id) == [REFUND, by_kosu, later]
        assert await records.refunds.requested(UserId(UUID(int=9)), "k") == [REFUND, later]
        assert await records.refunds.requested(BUYER, "k") == []
        assert await records.refunds.of_order(OrderId(UUID(int=404))) == []


async def test_the_payment_of_a_capture_is_found(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    second = replace(PAYMENT, id=PaymentId(UUID(int=33)), gateway_ref="second")
    async with world.transaction() as records:
        await records.payments.add(second)
        await records.payments.add_facts(PAYMENT.id, [captured(), refund(object_id="x")])
        await records.payments.add_facts(second.id, [captured(object_id="cap2")])
        assert await records.payments.of_capture(ORDER.id, "cap") == PAYMENT
        assert await records.payments.of_capture(ORDER.id, "cap2") == second
        assert await records.payments.of_capture(ORDER.id, "x") is None
        assert await records.payments.of_capture(OrderId(UUID(int=404)), "cap") is None


async def test_a_payment_is_found_by_the_id_of_its_capture_too(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        await records.payments.add_facts(PAYMENT.id, [captured(object_id="cap"), refund(object_id="re")])
        assert await records.payments.with_ref("memory", "cap") == PAYMENT
        assert await records.payments.with_ref("other", "cap") is None
        assert await records.payments.with_ref("memory", "re") is None
        assert await records.payments.get(PAYMENT.id) == PAYMENT
        assert await records.payments.get(PaymentId(UUID(int=404))) is None


async def test_what_was_told_of_one_payment_is_not_what_was_told_of_another(world: BillingWorld) -> None:
    second = replace(PAYMENT, id=PaymentId(UUID(int=32)), gateway_ref="second")
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        await records.payments.add(second)
        await records.payments.add_facts(PAYMENT.id, [captured(object_id="cap")])
        await records.payments.add_facts(second.id, [captured(object_id="cap2")])
        assert await records.payments.told(second.id) == [captured(object_id="cap2")]
        assert len(await records.payments.facts(ORDER.id)) == 2


async def test_payments_come_up_to_be_asked_about_when_it_is_time(world: BillingWorld) -> None:
    second = replace(PAYMENT, id=PaymentId(UUID(int=32)), gateway_ref="second")
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        await records.payments.add(second)
        assert await records.payments.lock_unasked(at=AT, limit=9) == []
        await records.payments.ask_again(PAYMENT.id, at=AT + timedelta(minutes=1))
        await records.payments.ask_again(second.id, at=AT)
    async with world.transaction() as records:
        assert await records.payments.lock_unasked(at=AT, limit=9) == [second]
        assert await records.payments.lock_unasked(at=AT + timedelta(minutes=1), limit=9) == [second, PAYMENT]
        assert await records.payments.lock_unasked(at=AT + timedelta(minutes=1), limit=1) == [second]
        await records.payments.ask_again(second.id, at=None)
        assert await records.payments.lock_unasked(at=AT + timedelta(minutes=1), limit=9) == [PAYMENT]


async def test_an_answer_is_noted_once_and_never_before_a_later_one(world: BillingWorld) -> None:
    await add(world, ORDER, payment=PAYMENT)
    async with world.transaction() as records:
        assert await records.payments.note_asked(PAYMENT.id, at=AT)
        assert not await records.payments.note_asked(PAYMENT.id, at=AT)
        assert not await records.payments.note_asked(PAYMENT.id, at=AT - timedelta(microseconds=1))
        assert await records.payments.note_asked(PAYMENT.id, at=AT + timedelta(microseconds=1))


COUPON = Coupon(
    id=CouponId(UUID(int=41)),
    code="WINTER",
    reduction=PercentOff(10),
    course_ids=frozenset({item().course_id}),
    starts_at=AT,
    ends_at=AT + timedelta(days=1),
    max_redemptions=2,
    created_at=AT,
)


def redemption(order_id: int, state: RedemptionState = RedemptionState.RESERVED, user: int = 1) -> Redemption:
    return Redemption(COUPON.id, OrderId(UUID(int=order_id)), UserId(UUID(int=user)), state)


async def test_a_coupon_comes_back_as_it_was_added_and_its_code_is_taken(world: BillingWorld) -> None:
    money = replace(
        COUPON, id=CouponId(UUID(int=42)), code="SUMMER", reduction=AmountOff(Money(5, "KRW")), course_ids=frozenset()
    )
    async with world.transaction() as records:
        assert await records.coupons.add(COUPON)
        assert await records.coupons.add(money)
        assert not await records.coupons.add(replace(COUPON, id=CouponId(UUID(int=43))))
    async with world.transaction() as records:
        assert await records.coupons.with_code("WINTER") == COUPON
        assert await records.coupons.with_code("SUMMER") == money
        assert await records.coupons.with_code("winter") is None
        assert await records.coupons.lock(CouponId(UUID(int=43))) is None
        saved = replace(COUPON, ends_at=None, max_redemptions=None, archived_at=AT)
        await records.coupons.save(saved)
    async with world.transaction() as records:
        assert await records.coupons.lock(COUPON.id) == saved
    page = await world.queries.coupons(before=None, limit=1)
    assert [view.code for view in page.items] == ["SUMMER"]
    assert page.next_cursor is not None
    second = await world.queries.coupons(before=money.id, limit=1)
    assert second.items == [CouponView.of(saved)]
    assert await world.queries.coupon(money.id) == CouponView.of(money)


async def test_a_redemption_is_counted_once_in_and_once_out(world: BillingWorld) -> None:
    orders = [replace(an_order(item(item_id=10 + n), order_id=n), number=str(n)) for n in (1, 2, 3)]
    await add(world, *orders)

    async def count() -> int:
        async with world.transaction() as records:
            coupon = await records.coupons.lock(COUPON.id)
        assert coupon is not None
        return coupon.redeemed

    async with world.transaction() as records:
        await records.coupons.add(COUPON)
        assert await records.coupons.reserve(redemption(1), at=AT) is None
        assert await records.coupons.reserve(redemption(2), at=AT) is CouponRefusal.USED_BEFORE
        assert await records.coupons.reserve(redemption(2, user=2), at=AT) is None
        assert await records.coupons.reserve(redemption(3, user=3), at=AT) is CouponRefusal.USED_UP
        assert await records.coupons.reserve(redemption(3, user=3), at=AT + timedelta(days=1)) is CouponRefusal.ENDED
    assert await count() == 2
    async with world.transaction() as records:
        for _ in range(2):
            await records.coupons.move(orders[0].id, RedemptionState.RELEASED)
        await records.coupons.move(orders[2].id, RedemptionState.RELEASED)
    assert await count() == 1
    async with world.transaction() as records:
        assert await records.coupons.reserve(redemption(3), at=AT) is None
        for _ in range(2):
            await records.coupons.move(orders[0].id, RedemptionState.CONFIRMED)
        await records.coupons.move(orders[1].id, RedemptionState.CONFIRMED)
    assert await count() == 3
