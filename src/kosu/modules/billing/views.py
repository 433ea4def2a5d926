"""What billing answers. Money is `{"amount_minor", "currency"}`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from kosu.ids import CourseId, OrderId
from kosu.modules.billing.domain.inbox import WebhookId, WebhookState
from kosu.modules.billing.domain.orders import Order, OrderItem, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.refunds import Refund, RefundId, RefundState
from kosu.money import Money


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    course_id: CourseId
    slug: str
    title: str
    price: Money


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    amount: Money


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What an order of these courses would cost now. `tax` is the part of `total` that is tax."""

    lines: list[QuoteLine]
    discounts: list[Discount]
    tax: Money
    total: Money

    @classmethod
    def of(cls, items: tuple[OrderItem, ...]) -> Quote:
        currency = items[0].price.currency
        return cls(
            lines=[
                QuoteLine(course_id=item.course_id, slug=item.slug, title=item.title, price=item.price)
                for item in items
            ],
            discounts=[],
            tax=Money(sum(item.tax_minor for item in items), currency),
            total=Money(sum(item.price.amount_minor for item in items), currency),
        )


class OrderLine(QuoteLine, frozen=True, kw_only=True):
    id: OrderItemId


class PaymentView(msgspec.Struct, frozen=True):
    ref: str
    gateway: str


class PlacedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it was placed: the same answer to the same request, whatever happened to the order since.

    A free order is paid at once: it has no payment, no checkout and no end of its time.
    """

    id: OrderId
    number: str
    state: OrderState
    items: list[OrderLine]
    total: Money
    payment: PaymentView | None
    checkout_url: str | None
    expires_at: datetime | None

    @classmethod
    def of(cls, order: Order, payment: Payment | None) -> PlacedOrder:
        return cls(
            id=order.id,
            number=order.number,
            state=OrderState.PAID if order.total.is_free else OrderState.PENDING,
            items=[
                OrderLine(id=item.id, course_id=item.course_id, slug=item.slug, title=item.title, price=item.price)
                for item in order.items
            ],
            total=order.total,
            payment=None if payment is None else PaymentView(payment.gateway_ref, payment.gateway),
            checkout_url=None if payment is None else payment.checkout_url,
            expires_at=order.expires_at,
        )


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    """A refund that was asked for. Whether the money went back is told by the order's timeline."""

    id: RefundId
    order_id: OrderId
    amount: Money
    items: list[OrderItemId]
    reason: str
    state: RefundState
    requested_at: datetime
    error_code: str | None

    @classmethod
    def of(cls, refund: Refund) -> RefundView:
        return cls(
            id=refund.id,
            order_id=refund.order_id,
            amount=refund.money,
            items=list(refund.item_ids),
            reason=refund.reason,
            state=refund.state,
            requested_at=refund.requested_at,
            error_code=refund.error_code,
        )


TimelineKind = Literal[
    "placed",
    "cancelled",
    "expired",
    "captured",
    "capture_reversed",
    "failed",
    "refund",
    "refund_failed",
    "dispute_open",
    "dispute_won",
    "dispute_lost",
]


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an order, at the time at which it happened, not at which it was heard of."""

    kind: TimelineKind
    at: datetime
    amount: Money | None


class OrderSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: OrderId
    number: str
    state: OrderState
    items: list[OrderLine]
    total: Money
    placed_at: datetime
    expires_at: datetime | None


class OrderView(OrderSummary, frozen=True, kw_only=True):
    """An order as its buyer sees it; `checkout_url` as long as there is something to pay."""

    tax: Money
    payment: PaymentView | None
    checkout_url: str | None
    timeline: list[TimelineEntry]


class OrderPage(msgspec.Struct, frozen=True):
    items: list[OrderSummary]
    next_cursor: str | None


class CheckoutView(msgspec.Struct, frozen=True, kw_only=True):
    """What the sandbox gateway shows to the person who pays."""

    payment_ref: str
    order_id: OrderId
    order_number: str
    state: OrderState
    amount: Money
    titles: list[str]


class WebhookView(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as operators see it in lists: without its body."""

    id: WebhookId
    gateway: str
    event_type: str
    payment_ref: str | None
    state: WebhookState
    attempts: int
    received_at: datetime
    next_attempt_at: datetime | None
    error_code: str | None


class WebhookPage(msgspec.Struct, frozen=True):
    items: list[WebhookView]
    next_cursor: str | None
