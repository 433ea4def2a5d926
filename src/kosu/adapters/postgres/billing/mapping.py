"""How billing's rows become values of the domain, and values rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kosu.adapters.postgres.billing.rows import CouponRow, OrderItemRow, OrderRow, RefundRow, WebhookInboxRow
from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.domain.coupons import AmountOff, Coupon, CouponId, PercentOff
from kosu.modules.billing.domain.inbox import StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.domain.orders import Order, OrderCoupon, OrderItem, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId, RefundState
from kosu.money import Money


def order_row(order: Order) -> OrderRow:
    return OrderRow(
        id=order.id,
        number=order.number,
        user_id=order.user_id,
        gateway=order.gateway,
        state=order.state,
        total_minor=order.total.amount_minor,
        currency=order.total.currency,
        placed_at=order.placed_at,
        expires_at=order.expires_at,
        cancelled_at=order.cancelled_at,
        coupon_id=None if order.coupon is None else order.coupon.id,
        coupon_code=None if order.coupon is None else order.coupon.code,
        fee_minor=order.fee_minor,
    )


def item_rows(order: Order) -> list[OrderItemRow]:
    return [
        OrderItemRow(
            id=item.id,
            order_id=order.id,
            position=position,
            course_id=item.course_id,
            instructor_id=item.instructor_id,
            slug=item.slug,
            title=item.title,
            price_minor=item.price.amount_minor,
            currency=item.price.currency,
            tax_minor=item.tax_minor,
            instructor_minor=item.instructor_minor,
            discount_minor=item.discount_minor,
        )
        for position, item in enumerate(order.items)
    ]


def order_of(rows: Sequence[tuple[Any, ...]]) -> Order | None:
    """An order from the rows of its items, each beside the order's own members."""
    if not rows:
        return None
    (id_, number, user_id, gateway, state, total, currency, placed_at, expires_at, cancelled_at) = rows[0][:10]
    coupon_id, coupon_code, fee_minor = rows[0][10:13]
    return Order(
        id=OrderId(id_),
        number=number,
        user_id=UserId(user_id),
        items=tuple(_item_of(row[13:], currency) for row in rows),
        total=Money(total, currency),
        gateway=gateway,
        state=OrderState(state),
        placed_at=placed_at,
        expires_at=expires_at,
        cancelled_at=cancelled_at,
        fee_minor=fee_minor,
        coupon=None if coupon_id is None else OrderCoupon(coupon_id, coupon_code),
    )


def _item_of(row: tuple[Any, ...], currency: str) -> OrderItem:
    id_, course_id, instructor_id, slug, title, price_minor, tax_minor, instructor_minor, discount_minor = row
    return OrderItem(
        id=OrderItemId(id_),
        course_id=CourseId(course_id),
        instructor_id=UserId(instructor_id),
        slug=slug,
        title=title,
        price=Money(price_minor, currency),
        tax_minor=tax_minor,
        instructor_minor=instructor_minor,
        discount_minor=discount_minor,
    )


def payment_of(row: tuple[Any, ...] | None) -> Payment | None:
    if row is None:
        return None
    id_, order_id, gateway, gateway_ref, checkout_url, amount_minor, currency, created_at = row
    return Payment(
        id=PaymentId(id_),
        order_id=OrderId(order_id),
        gateway=gateway,
        gateway_ref=gateway_ref,
        checkout_url=checkout_url,
        amount=Money(amount_minor, currency),
        created_at=created_at,
    )


def fact_of(row: tuple[Any, ...]) -> PaymentFact:
    kind, object_id, capture_id, amount_minor, currency, occurred_at, item_ids = row
    return PaymentFact(
        kind=FactKind(kind),
        object_id=object_id,
        capture_id=capture_id,
        money=Money(amount_minor, currency),
        occurred_at=occurred_at,
        item_ids=tuple(OrderItemId(item_id) for item_id in item_ids),
    )


def refund_of(row: RefundRow) -> Refund:
    return Refund(
        id=RefundId(row.id),
        order_id=OrderId(row.order_id),
        capture_id=row.capture_id,
        money=Money(row.amount_minor, row.currency),
        item_ids=tuple(OrderItemId(item_id) for item_id in row.item_ids),
        reason=row.reason,
        requested_by=None if row.requested_by is None else UserId(row.requested_by),
        requested_at=row.requested_at,
        state=RefundState(row.state),
        object_id=row.object_id,
        error_code=row.error_code,
        request_key=row.request_key,
        request_digest=row.request_digest,
    )


def stored_webhook_of(row: WebhookInboxRow) -> StoredWebhook:
    return StoredWebhook(
        id=WebhookId(row.id),
        gateway=row.gateway,
        dedup_key=row.dedup_key,
        event_type=row.event_type,
        payment_ref=row.payment_ref,
        key_id=row.key_id,
        payload=row.payload,
        payload_sha256=row.payload_sha256,
        state=WebhookState(row.state),
        attempts=row.attempts,
        received_at=row.verified_at,
        next_attempt_at=row.next_attempt_at,
        lease_until=row.lease_until,
        finished_at=row.finished_at,
        error_code=row.error_code,
    )


def coupon_row(coupon: Coupon) -> CouponRow:
    percent = coupon.reduction.percent if isinstance(coupon.reduction, PercentOff) else None
    money = coupon.reduction.money if isinstance(coupon.reduction, AmountOff) else None
    return CouponRow(
        id=coupon.id,
        code=coupon.code,
        percent_off=percent,
        amount_off_minor=None if money is None else money.amount_minor,
        currency=None if money is None else money.currency,
        course_ids=sorted(coupon.course_ids),
        starts_at=coupon.starts_at,
        ends_at=coupon.ends_at,
        max_redemptions=coupon.max_redemptions,
        created_at=coupon.created_at,
        archived_at=coupon.archived_at,
        redeemed=coupon.redeemed,
    )


def coupon_of(row: CouponRow | None) -> Coupon | None:
    if row is None:
        return None
    percent = row.percent_off
    return Coupon(
        id=CouponId(row.id),
        code=row.code,
        reduction=PercentOff(percent)
        if percent is not None
        else AmountOff(Money(row.amount_off_minor or 0, row.currency or "")),
        course_ids=frozenset(CourseId(course_id) for course_id in row.course_ids),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        max_redemptions=row.max_redemptions,
        created_at=row.created_at,
        archived_at=row.archived_at,
        redeemed=row.redeemed,
    )
