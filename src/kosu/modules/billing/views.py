"""What billing answers. Money is `{"amount_minor", "currency"}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from kosu.ids import CourseId, OrderId
from kosu.modules.billing.domain.consequences import Consequences
from kosu.modules.billing.domain.coupons import AmountOff, Coupon, CouponId, PercentOff
from kosu.modules.billing.domain.inbox import StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.domain.orders import Order, OrderCoupon, OrderItem, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment
from kosu.modules.billing.domain.redaction import redacted
from kosu.modules.billing.domain.refunds import Refund, RefundId, RefundState
from kosu.money import Money


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """`price` is before the `discount` that a coupon takes off."""

    course_id: CourseId
    slug: str
    title: str
    price: Money
    discount: Money


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    amount: Money


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What an order of these courses would cost now. `tax` is the part of `total` that is tax.

    `gateways` are those at which it can be paid.
    """

    lines: list[QuoteLine]
    discounts: list[Discount]
    tax: Money
    total: Money
    gateways: list[str]

    @classmethod
    def of(cls, items: tuple[OrderItem, ...], coupon: OrderCoupon | None, *, gateways: Iterable[str]) -> Quote:
        currency = items[0].price.currency
        discount = Money(sum(item.discount_minor for item in items), currency)
        return cls(
            lines=[
                QuoteLine(
                    course_id=item.course_id,
                    slug=item.slug,
                    title=item.title,
                    price=item.full_price,
                    discount=item.discount,
                )
                for item in items
            ],
            discounts=[] if coupon is None else [Discount(label=coupon.code, amount=discount)],
            tax=Money(sum(item.tax_minor for item in items), currency),
            total=Money(sum(item.price.amount_minor for item in items), currency),
            gateways=list(gateways),
        )


class OrderLine(QuoteLine, frozen=True, kw_only=True):
    id: OrderItemId

    @classmethod
    def of(cls, item: OrderItem) -> OrderLine:
        return cls(
            id=item.id,
            course_id=item.course_id,
            slug=item.slug,
            title=item.title,
            price=item.full_price,
            discount=item.discount,
        )


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
            items=[OrderLine.of(item) for item in order.items],
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

    discounts: list[Discount]
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


class WebhookDetail(WebhookView, frozen=True, kw_only=True):
    """A webhook as an operator sees it: `payload` as JSON without what is private, null where it is no JSON."""

    dedup_key: str
    key_id: str
    payload: Any
    payload_sha256: str
    payload_kept: bool
    finished_at: datetime | None

    @classmethod
    def of(cls, webhook: StoredWebhook) -> WebhookDetail:
        return cls(
            id=webhook.id,
            gateway=webhook.gateway,
            event_type=webhook.event_type,
            payment_ref=webhook.payment_ref,
            state=webhook.state,
            attempts=webhook.attempts,
            received_at=webhook.received_at,
            next_attempt_at=webhook.next_attempt_at,
            error_code=webhook.error_code,
            dedup_key=webhook.dedup_key,
            key_id=webhook.key_id,
            payload=None if webhook.payload is None else redacted(webhook.payload),
            payload_sha256=webhook.payload_sha256.hex(),
            payload_kept=webhook.payload is not None,
            finished_at=webhook.finished_at,
        )


class FactView(msgspec.Struct, frozen=True):
    kind: FactKind
    object_id: str
    amount: Money


class PostingView(msgspec.Struct, frozen=True):
    account: str
    amount: Money


class ReplayDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What settling a webhook now would change. `error_code` says why it would fail; all else is empty then.

    `opened` and `closed` are courses; `refunds` what would be sent back by itself.
    """

    error_code: str | None = None
    order_id: OrderId | None = None
    state_before: OrderState | None = None
    state_after: OrderState | None = None
    facts: list[FactView] = []
    ledger: list[PostingView] = []
    opened: list[CourseId] = []
    closed: list[CourseId] = []
    refunds: list[Money] = []

    @classmethod
    def of(cls, order: Order, follows: Consequences) -> ReplayDiff:
        courses = {item.id: item.course_id for item in order.items}
        return cls(
            order_id=order.id,
            state_before=order.state,
            state_after=follows.after.state,
            facts=[FactView(fact.kind, fact.object_id, fact.money) for fact in follows.facts],
            ledger=[
                PostingView(entry.account, entry.money) for posting in follows.new_postings for entry in posting.entries
            ],
            opened=sorted(courses[item_id] for item_id in follows.opened),
            closed=sorted(courses[item_id] for item_id in follows.closed),
            refunds=[refund.money for refund in follows.refunds],
        )


class WebhookPage(msgspec.Struct, frozen=True):
    items: list[WebhookView]
    next_cursor: str | None


class CouponView(msgspec.Struct, frozen=True, kw_only=True):
    """Either `percent_off` or `amount_off`; `redeemed` orders hold it, paid or still to be paid."""

    id: CouponId
    code: str
    percent_off: int | None
    amount_off: Money | None
    course_ids: list[CourseId]
    starts_at: datetime
    ends_at: datetime | None
    max_redemptions: int | None
    redeemed: int
    archived_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, coupon: Coupon) -> CouponView:
        reduction = coupon.reduction
        return cls(
            id=coupon.id,
            code=coupon.code,
            percent_off=reduction.percent if isinstance(reduction, PercentOff) else None,
            amount_off=reduction.money if isinstance(reduction, AmountOff) else None,
            course_ids=sorted(coupon.course_ids),
            starts_at=coupon.starts_at,
            ends_at=coupon.ends_at,
            max_redemptions=coupon.max_redemptions,
            redeemed=coupon.redeemed,
            archived_at=coupon.archived_at,
            created_at=coupon.created_at,
        )


class CouponPage(msgspec.Struct, frozen=True):
    items: list[CouponView]
    next_cursor: str | None
