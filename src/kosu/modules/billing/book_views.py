"""What billing answers about its books: receipts, the ledger, orders as operators see them, and earnings."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.domain.orders import Order, OrderItemId
from kosu.modules.billing.domain.receipts import Paid, Receipt, ReturnKind, Seller
from kosu.modules.billing.views import FactView, OrderSummary, PostingView, RefundView, TimelineEntry
from kosu.money import Money


class ReceiptLine(msgspec.Struct, frozen=True):
    title: str
    price: Money


class ReceiptReturn(msgspec.Struct, frozen=True):
    kind: ReturnKind
    at: datetime
    amount: Money


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as of now. `discount` is what a coupon took off the prices of the lines; `tax` is part of the total.

    `buyer` is empty, and `language` None, where the account is gone.
    """

    number: str
    issued_at: datetime
    order_number: str
    paid_at: datetime
    seller_name: str
    seller_details: str
    buyer: str
    language: str | None
    lines: tuple[ReceiptLine, ...]
    discount: Money
    tax: Money
    total: Money
    returns: tuple[ReceiptReturn, ...]
    remaining: Money

    @classmethod
    def of(
        cls, receipt: Receipt, order: Order, payment: Paid, seller: Seller, *, buyer: str, language: str | None
    ) -> ReceiptView:
        currency = order.total.currency
        return cls(
            number=receipt.number,
            issued_at=receipt.issued_at,
            order_number=order.number,
            paid_at=payment.capture.occurred_at,
            seller_name=seller.name,
            seller_details=seller.details,
            buyer=buyer,
            language=language,
            lines=tuple(ReceiptLine(item.title, item.full_price) for item in order.items),
            discount=Money(sum(item.discount_minor for item in order.items), currency),
            tax=Money(sum(item.tax_minor for item in order.items), currency),
            total=order.total,
            returns=tuple(ReceiptReturn(part.kind, part.at, part.money) for part in payment.returns),
            remaining=payment.remaining,
        )


class LedgerTransactionView(msgspec.Struct, frozen=True, kw_only=True):
    """Debits are positive. `occurred_at` is when the money moved, `posted_at` when the books heard of it."""

    source: str
    order_id: OrderId
    occurred_at: datetime
    posted_at: datetime
    entries: list[PostingView]


class LedgerPage(msgspec.Struct, frozen=True):
    items: list[LedgerTransactionView]
    next_cursor: str | None


class Balance(msgspec.Struct, frozen=True):
    """The sum of all entries of an account in one currency: debits less credits."""

    account: str
    amount: Money


class BalanceList(msgspec.Struct, frozen=True):
    """In each currency the balances of all accounts sum to zero."""

    items: list[Balance]


class OpsOrderSummary(OrderSummary, frozen=True, kw_only=True):
    user_id: UserId


class OpsOrderPage(msgspec.Struct, frozen=True):
    items: list[OpsOrderSummary]
    next_cursor: str | None


class PaymentDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One checkout at a gateway, which knows it as `ref`."""

    id: PaymentId
    gateway: str
    ref: str
    amount: Money
    created_at: datetime


class FactDetail(FactView, frozen=True, kw_only=True):
    """What a gateway told of a payment; `items` are those that a refund is for, none means the whole order."""

    payment_id: PaymentId
    capture_id: str
    occurred_at: datetime
    items: list[OrderItemId]


class OpsOrder(OpsOrderSummary, frozen=True, kw_only=True):
    """An order with all that is known of it. Lists are oldest first; `refunds` are those that were asked for."""

    tax: Money
    cancelled_at: datetime | None
    receipt_number: str | None
    timeline: list[TimelineEntry]
    payments: list[PaymentDetail]
    facts: list[FactDetail]
    refunds: list[RefundView]
    ledger: list[LedgerTransactionView]


class EarnedCourse(msgspec.Struct, frozen=True):
    """A course under the title that it was last sold under."""

    id: CourseId
    title: str


class Earned(msgspec.Struct, frozen=True, kw_only=True):
    """In one currency: what captures brought, and what refunds and lost disputes took back of it."""

    earned: Money
    refunded: Money


class EarnedBalance(Earned, frozen=True, kw_only=True):
    """`balance` is what is owed to the instructor: earned less refunded."""

    balance: Money


class EarnedInMonth(Earned, frozen=True, kw_only=True):
    """`month` is YYYY-MM of the day on which the money moved, in UTC."""

    month: str


class EarnedByCourses(Earned, frozen=True, kw_only=True):
    """All orders that had exactly these courses of the instructor.

    Mostly that is one course. The ledger has one entry for an instructor and an order, and the refund of a part of an
    order is not any one course's: courses that were bought together are told together.
    """

    courses: list[EarnedCourse]
    order_count: int


class Earnings(msgspec.Struct, frozen=True, kw_only=True):
    """From the ledger alone. Months are newest first, courses by what they earned."""

    balances: list[EarnedBalance]
    months: list[EarnedInMonth]
    courses: list[EarnedByCourses]


class Suspects(msgspec.Struct, frozen=True):
    """What a check found: how many, and the first few of them."""

    count: int
    first: list[str]


class BillingHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What should be empty where all is well.

    `unbalanced` are sources of ledger transactions; `paid_without_access` and `access_without_payment` ids of order
    items; `stale_orders` of orders that wait for their payment longer than they may; `unsent_refunds` of refunds that
    no gateway was asked for yet; `overdue_webhooks` and `dead_webhooks` of webhooks.
    """

    unbalanced: Suspects
    paid_without_access: Suspects
    access_without_payment: Suspects
    stale_orders: Suspects
    unsent_refunds: Suspects
    overdue_webhooks: Suspects
    dead_webhooks: Suspects


class WebhookBacklog(msgspec.Struct, frozen=True, kw_only=True):
    """`due` are stored and could be settled by now, the first of them since `oldest_due_at`; `dead` were given up."""

    due: int
    oldest_due_at: datetime | None
    dead: int


class ExaminedBooks(msgspec.Struct, frozen=True, kw_only=True):
    examined_at: datetime
    findings: BillingHealth


def suspects(ids: Collection[UUID] | Collection[str], *, most: int) -> Suspects:
    return Suspects(len(ids), sorted(map(str, ids))[:most])
