"""billing's reads in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import structs

from kosu.adapters.memory.billing.coupons import COUPONS
from kosu.adapters.memory.billing.inbox import INBOX, InboxRow
from kosu.adapters.memory.billing.records import (
    ORDERS,
    PAYMENT_FACTS,
    PAYMENTS,
    MemoryPayments,
    facts_of,
    payment_of,
)
from kosu.adapters.memory.database import MemoryDatabase
from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.coupons import Coupon, CouponId
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import PaymentFact
from kosu.modules.billing.views import (
    CheckoutView,
    CouponPage,
    CouponView,
    Discount,
    OrderLine,
    OrderPage,
    OrderSummary,
    OrderView,
    PaymentView,
    TimelineEntry,
    WebhookPage,
    WebhookView,
)
from kosu.money import Money
from kosu.paging import BY_ID, Cursor, page_of


class MemoryBillingQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def order(self, order_id: OrderId, *, user_id: UserId) -> OrderView | None:
        order: Order | None = self._database.table(ORDERS).get(order_id)
        if order is None or order.user_id != user_id:
            return None
        payments = self._database.table(PAYMENTS)
        payment = payment_of(payments, order.id)
        payable = payment is not None and order.state in {OrderState.PENDING, OrderState.FAILED}
        return OrderView(
            **structs.asdict(summary_of(order)),
            discounts=[] if order.coupon is None else [Discount(label=order.coupon.code, amount=_discount(order))],
            tax=Money(sum(item.tax_minor for item in order.items), order.total.currency),
            payment=None if payment is None else PaymentView(payment.gateway_ref, payment.gateway),
            checkout_url=payment.checkout_url if payable and payment else None,
            timeline=timeline_of(order, facts_of(payments, self._database.table(PAYMENT_FACTS), order.id)),
        )

    async def orders(self, user_id: UserId, *, before: UUID | None, limit: int) -> OrderPage:
        orders: Mapping[UUID, Order] = self._database.table(ORDERS)
        mine = {order_id: order for order_id, order in orders.items() if order.user_id == user_id}
        found, next_cursor = page_by_id(mine, before, limit)
        return OrderPage([summary_of(order) for order in found], next_cursor)

    async def coupon(self, coupon_id: CouponId) -> CouponView | None:
        coupon: Coupon | None = self._database.table(COUPONS).get(coupon_id)
        return None if coupon is None else CouponView.of(coupon)

    async def coupons(self, *, before: UUID | None, limit: int) -> CouponPage:
        coupons: Mapping[UUID, Coupon] = self._database.table(COUPONS)
        found, next_cursor = page_by_id(coupons, before, limit)
        return CouponPage([CouponView.of(coupon) for coupon in found], next_cursor)

    async def checkout(self, gateway: str, payment_ref: str) -> CheckoutView | None:
        payment = await MemoryPayments(self._database.table(PAYMENTS), {}, {}).with_ref(gateway, payment_ref)
        if payment is None:
            return None
        order: Order = self._database.table(ORDERS)[payment.order_id]
        return CheckoutView(
            payment_ref=payment_ref,
            order_id=order.id,
            order_number=order.number,
            state=order.state,
            amount=payment.amount,
            titles=[item.title for item in order.items],
        )

    async def webhooks(self, *, state: WebhookState | None, before: UUID | None, limit: int) -> WebhookPage:
        inbox: Mapping[UUID, InboxRow] = self._database.table(INBOX)
        found, next_cursor = page_by_id(
            {id_: row for id_, row in inbox.items() if state in {None, row.state}}, before, limit
        )
        return WebhookPage(
            [
                WebhookView(
                    id=row.webhook.id,
                    gateway=row.webhook.gateway,
                    event_type=row.webhook.envelope.event_type,
                    payment_ref=row.webhook.envelope.payment_ref,
                    state=row.state,
                    attempts=row.attempts,
                    received_at=row.webhook.received_at,
                    next_attempt_at=row.next_attempt_at,
                    error_code=row.error_code,
                )
                for row in found
            ],
            next_cursor,
        )


R = TypeVar("R")


def page_by_id(rows: Mapping[UUID, R], before: UUID | None, limit: int) -> tuple[list[R], str | None]:
    ids = sorted((row_id for row_id in rows if before is None or row_id < before), reverse=True)
    page, following = page_of(ids, limit, lambda last: Cursor(BY_ID, last))
    return [rows[row_id] for row_id in page], following and following.encode()


def summary_of(order: Order) -> OrderSummary:
    return OrderSummary(
        id=order.id,
        number=order.number,
        state=order.state,
        items=[OrderLine.of(item) for item in order.items],
        total=order.total,
        placed_at=order.placed_at,
        expires_at=order.expires_at,
    )


def _discount(order: Order) -> Money:
    return Money(sum(item.discount_minor for item in order.items), order.total.currency)


def timeline_of(order: Order, facts: Sequence[PaymentFact]) -> list[TimelineEntry]:
    entries = [TimelineEntry(kind="placed", at=order.placed_at, amount=order.total)]
    if order.cancelled_at is not None:
        entries.append(TimelineEntry(kind="cancelled", at=order.cancelled_at, amount=None))
    if order.state is OrderState.EXPIRED and order.expires_at is not None:
        entries.append(TimelineEntry(kind="expired", at=order.expires_at, amount=None))
    entries += [TimelineEntry(kind=fact.kind.value, at=fact.occurred_at, amount=fact.money) for fact in facts]
    return sorted(entries, key=lambda entry: (entry.at, entry.kind))
