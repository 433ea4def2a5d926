"""The contract of billing's reads, over each adapter."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kosu.ids import UserId
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.views import PaymentView, TimelineEntry
from kosu.money import Money
from kosu.paging import BY_ID, Cursor
from tests.support.billing import AT, BUYER, PRICE, BillingWorld, captured, refund
from tests.support.billing_postgres import world

__all__ = ["world"]

STRANGER = UserId(UUID(int=9))


async def test_an_order_is_read_with_all_that_happened_to_it(world: BillingWorld) -> None:
    courses = [world.course(), world.course(Money(11_000, "KRW"))]
    order = await world.order(*courses)
    assert order.payment is not None
    view = await world.view(order)
    assert view.checkout_url == order.checkout_url
    world.clock.advance(minutes=1)
    await world.settle(order, captured(order.total))
    view = await world.view(order)
    assert (view.id, view.number, view.state, view.items) == (order.id, order.number, "paid", order.items)
    assert (view.total, view.tax) == (Money(60_000, "KRW"), Money(5_455, "KRW"))
    assert (view.payment, view.checkout_url) == (PaymentView(order.payment.ref, "memory"), None)
    assert (view.placed_at, view.expires_at) == (AT, AT + timedelta(minutes=30))
    assert view.timeline == [
        TimelineEntry(kind="captured", at=AT, amount=order.total),
        TimelineEntry(kind="placed", at=AT, amount=order.total),
    ]


async def test_a_timeline_tells_of_cancellation_and_expiry(world: BillingWorld) -> None:
    cancelled, expired = await world.order(), await world.order()
    world.clock.advance(minutes=1)
    await world.billing.cancel_order()(user_id=BUYER, order_id=cancelled.id)
    world.clock.advance(minutes=30)
    await world.billing.expire_orders()()
    assert (await world.view(cancelled)).timeline == [
        TimelineEntry(kind="placed", at=AT, amount=PRICE),
        TimelineEntry(kind="cancelled", at=AT + timedelta(minutes=1), amount=None),
    ]
    assert (await world.view(expired)).timeline == [
        TimelineEntry(kind="placed", at=AT, amount=PRICE),
        TimelineEntry(kind="expired", at=AT + timedelta(minutes=30), amount=None),
    ]


async def test_a_free_order_has_no_payment(world: BillingWorld) -> None:
    view = await world.view(await world.order(world.course(Money(0, "KRW"))))
    assert (view.state, view.payment, view.checkout_url, view.expires_at) == ("paid", None, None, None)


async def test_an_order_is_for_its_buyer_only(world: BillingWorld) -> None:
    order = await world.order()
    assert await world.queries.order(order.id, user_id=STRANGER) is None
    assert (await world.queries.orders(STRANGER, before=None, limit=9)).items == []


async def test_orders_are_listed_newest_first_page_by_page(world: BillingWorld) -> None:
    placed = [await world.order() for _ in range(3)]
    await world.order(user_id=STRANGER)
    first = await world.queries.orders(BUYER, before=None, limit=2)
    assert [order.id for order in first.items] == [placed[2].id, placed[1].id]
    assert first.next_cursor is not None
    second = await world.queries.orders(BUYER, before=Cursor.decode(first.next_cursor, sort=BY_ID).id, limit=2)
    assert [order.id for order in second.items] == [placed[0].id]
    assert second.next_cursor is None
    assert second.items[0].items == placed[0].items


async def test_a_checkout_is_found_by_its_reference(world: BillingWorld) -> None:
    order = await world.order()
    assert order.payment is not None
    checkout = await world.queries.checkout("memory", order.payment.ref)
    assert checkout is not None
    assert (checkout.order_id, checkout.order_number, checkout.amount) == (order.id, order.number, PRICE)
    assert (checkout.state, checkout.titles) == ("pending", ["Course"])
    assert await world.queries.checkout("sandbox", order.payment.ref) is None


async def test_webhooks_are_listed_by_state_newest_first(world: BillingWorld) -> None:
    order = await world.order()
    assert order.payment is not None
    await world.receive(order, captured())
    await world.drain()
    await world.receive(order, captured(), payment_ref="unknown")
    await world.drain()
    await world.receive(order, refund())
    page = await world.queries.webhooks(state=None, before=None, limit=9)
    assert [(webhook.state, webhook.attempts, webhook.error_code) for webhook in page.items] == [
        ("received", 0, None),
        ("failed", 1, "unknown_payment"),
        ("processed", 1, None),
    ]
    assert page.items[2].payment_ref == order.payment.ref
    assert page.items[2].next_attempt_at is None
    assert (page.items[0].event_type, page.items[0].gateway, page.items[0].received_at) == ("facts", "memory", AT)
    failed = await world.queries.webhooks(state=WebhookState.FAILED, before=None, limit=9)
    assert failed.items == [page.items[1]]
    first = await world.queries.webhooks(state=None, before=None, limit=1)
    assert first.next_cursor == Cursor(BY_ID, page.items[0].id).encode()
    rest = await world.queries.webhooks(state=None, before=page.items[0].id, limit=9)
    assert rest.items == page.items[1:]
