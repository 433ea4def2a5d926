"""billing's records in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from kosu.adapters.memory.billing.coupons import COUPONS, REDEMPTIONS, MemoryCoupons
from kosu.adapters.memory.billing.inbox import INBOX, MemoryInbox
from kosu.adapters.memory.billing.receipts import RECEIPTS, MemoryReceipts
from kosu.adapters.memory.database import MemoryRecords, Table, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.errors import FactContradicted
from kosu.modules.billing.ports import OrderRequest

ORDERS = "billing.orders"
OPEN_PURCHASES = "billing.open_purchases"
ORDER_REQUESTS = "billing.order_requests"
PAYMENTS = "billing.payments"
PAYMENT_FACTS = "billing.payment_facts"
ASKS = "billing.payment_asks"
REFUNDS = "billing.refunds"
LEDGER = "billing.ledger_tx"
POSTED_AT = "billing.ledger_tx.posted_at"


class MemoryOrders:
    def __init__(self, orders: Table) -> None:
        self._orders = orders

    async def add(self, order: Order) -> None:
        self._orders[order.id] = order

    async def get(self, order_id: OrderId) -> Order | None:
        return self._orders.get(order_id)

    async def lock(self, order_id: OrderId) -> Order | None:
        return self._orders.get(order_id)

    async def lock_overdue(self, *, at: datetime, limit: int) -> Sequence[Order]:
        return [
            order
            for order in sorted(self._orders.values(), key=lambda order: order.id)
            if order.state is OrderState.PENDING and order.expires_at <= at
        ][:limit]

    async def save(self, order: Order) -> None:
        stored = self._orders[order.id]
        self._orders[order.id] = replace(stored, state=order.state, cancelled_at=order.cancelled_at)


class MemoryOpenPurchases:
    def __init__(self, purchases: Table) -> None:
        self._purchases = purchases

    async def claim(self, order: Order) -> OrderId | None:
        holders: list[OrderId] = [
            self._purchases.setdefault((order.user_id, course_id), order.id) for course_id in order.course_ids
        ]
        return next((holder for holder in holders if holder != order.id), None)

    async def release(self, order_id: OrderId) -> None:
        for key in [key for key, holder in self._purchases.items() if holder == order_id]:
            del self._purchases[key]


class MemoryOrderRequests:
    def __init__(self, requests: Table) -> None:
        self._requests = requests

    async def get(self, user_id: UserId, key: str) -> OrderRequest | None:
        return self._requests.get((user_id, key))

    async def add(self, request: OrderRequest) -> bool:
        return self._requests.setdefault((request.user_id, request.key), request) is request


@dataclass(frozen=True, slots=True)
class Asks:
    """When a payment's gateway was asked, and is to be asked next."""

    asked_at: datetime | None = None
    next_ask_at: datetime | None = None


class MemoryPayments:
    def __init__(self, payments: Table, facts: Table, asks: Table) -> None:
        self._payments = payments
        self._facts = facts
        self._asks = asks

    async def add(self, payment: Payment) -> None:
        if await self.with_ref(payment.gateway, payment.gateway_ref) is None:
            self._payments[payment.id] = payment

    async def of_order(self, order_id: OrderId) -> Payment | None:
        return payment_of(self._payments, order_id)

    async def with_ref(self, gateway: str, gateway_ref: str) -> Payment | None:
        payments: list[Payment] = [payment for payment in self._payments.values() if payment.gateway == gateway]
        named = [payment for payment in payments if payment.gateway_ref == gateway_ref]
        captured = [payment for payment in payments if (payment.id, (FactKind.CAPTURED, gateway_ref)) in self._facts]
        return next(iter(named + captured), None)

    async def get(self, payment_id: PaymentId) -> Payment | None:
        return self._payments.get(payment_id)

    async def told(self, payment_id: PaymentId) -> Sequence[PaymentFact]:
        return [fact for (told_of, _), fact in self._facts.items() if told_of == payment_id]

    async def lock_unasked(self, *, at: datetime, limit: int) -> Sequence[Payment]:
        due = sorted((asks.next_ask_at, key) for key, asks in self._asks.items() if asks.next_ask_at is not None)
        return [self._payments[key] for next_ask_at, key in due if next_ask_at <= at][:limit]

    async def ask_again(self, payment_id: PaymentId, *, at: datetime | None) -> None:
        if payment_id in self._payments:
            self._asks[payment_id] = replace(self._asks.get(payment_id, Asks()), next_ask_at=at)

    async def note_asked(self, payment_id: PaymentId, *, at: datetime) -> bool:
        asks: Asks = self._asks.get(payment_id, Asks())
        if asks.asked_at is not None and asks.asked_at >= at:
            return False
        self._asks[payment_id] = replace(asks, asked_at=at)
        return True

    async def of_capture(self, order_id: OrderId, capture_id: str) -> Payment | None:
        return next(
            (
                self._payments[payment_id]
                for payment_id, key in self._facts
                if key == (FactKind.CAPTURED, capture_id) and self._payments[payment_id].order_id == order_id
            ),
            None,
        )

    async def facts(self, order_id: OrderId) -> Sequence[PaymentFact]:
        return facts_of(self._payments, self._facts, order_id)

    async def add_facts(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        for fact in facts:
            known = self._facts.setdefault((payment_id, fact.key), fact)
            if not fact.agrees_with(known):
                raise FactContradicted(payment_id, fact.object_id)


class MemoryRefunds:
    def __init__(self, refunds: Table) -> None:
        self._refunds = refunds

    async def add(self, refund: Refund) -> bool:
        return self._refunds.setdefault(refund.id, refund) is refund

    async def get(self, refund_id: RefundId) -> Refund | None:
        return self._refunds.get(refund_id)

    async def of_order(self, order_id: OrderId) -> Sequence[Refund]:
        return self._sorted(refund for refund in self._refunds.values() if refund.order_id == order_id)

    async def requested(self, user_id: UserId, key: str) -> Sequence[Refund]:
        wanted = (user_id, key)
        return self._sorted(
            refund for refund in self._refunds.values() if (refund.requested_by, refund.request_key) == wanted
        )

    async def save(self, refund: Refund) -> None:
        stored = self._refunds[refund.id]
        self._refunds[refund.id] = replace(
            stored, state=refund.state, object_id=refund.object_id, error_code=refund.error_code
        )

    @staticmethod
    def _sorted(refunds: Iterable[Refund]) -> Sequence[Refund]:
        return sorted(refunds, key=lambda refund: (refund.requested_at, refund.id))


class MemoryLedger:
    """The time of posting is the database's own, and not the platform's clock."""

    def __init__(self, posted: Table, posted_at: Table) -> None:
        self._posted = posted
        self._posted_at = posted_at

    async def post(self, transactions: Sequence[LedgerTransaction]) -> None:
        now = datetime.now(UTC)
        for transaction in transactions:
            self._posted.setdefault(transaction.source, transaction)
            self._posted_at.setdefault(transaction.source, now)


class MemoryBillingRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        self.orders = MemoryOrders(workspace.table(ORDERS))
        self.open_purchases = MemoryOpenPurchases(workspace.table(OPEN_PURCHASES))
        self.order_requests = MemoryOrderRequests(workspace.table(ORDER_REQUESTS))
        self.payments = MemoryPayments(workspace.table(PAYMENTS), workspace.table(PAYMENT_FACTS), workspace.table(ASKS))
        self.refunds = MemoryRefunds(workspace.table(REFUNDS))
        self.coupons = MemoryCoupons(workspace.table(COUPONS), workspace.table(REDEMPTIONS))
        self.ledger = MemoryLedger(workspace.table(LEDGER), workspace.table(POSTED_AT))
        self.inbox = MemoryInbox(workspace.table(INBOX))
        self.receipts = MemoryReceipts(workspace.table(RECEIPTS))


def payment_of(payments: Table, order_id: OrderId) -> Payment | None:
    return max(
        (payment for payment in payments.values() if payment.order_id == order_id),
        key=lambda payment: payment.id,
        default=None,
    )


def facts_of(payments: Table, facts: Table, order_id: OrderId) -> Sequence[PaymentFact]:
    return [fact for (payment_id, _), fact in facts.items() if payments[payment_id].order_id == order_id]
