"""What billing reads and writes inside its transactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.coupons import Coupon, CouponId, CouponRefusal, Redemption, RedemptionState
from kosu.modules.billing.domain.inbox import StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order
from kosu.modules.billing.domain.payments import Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.ports.books import Receipts
from kosu.ports.unit_of_work import OpenTransaction


class Orders(Protocol):
    async def add(self, order: Order) -> None: ...

    async def get(self, order_id: OrderId) -> Order | None: ...

    async def lock(self, order_id: OrderId) -> Order | None:
        """The order, locked until the transaction ends."""
        ...

    async def lock_overdue(self, *, at: datetime, limit: int) -> Sequence[Order]:
        """Pending orders whose time is over, locked; those that another transaction holds are left out."""
        ...

    async def save(self, order: Order) -> None:
        """Write what changes in the life of a locked order: its state and its cancellation."""
        ...


class OpenPurchases(Protocol):
    """Which order a buyer has open for a course: at most one, whatever the number of tabs."""

    async def claim(self, order: Order) -> OrderId | None:
        """Claim all courses of the order for it. The id of another order that holds one of them, if any does."""
        ...

    async def release(self, order_id: OrderId) -> None: ...


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A request that was answered with an order, under the key that its sender chose for it."""

    user_id: UserId
    key: str
    digest: bytes
    order_id: OrderId
    requested_at: datetime


class OrderRequests(Protocol):
    async def get(self, user_id: UserId, key: str) -> OrderRequest | None: ...

    async def add(self, request: OrderRequest) -> bool:
        """Remember a request; False when its key is taken. Waits for a racing transaction with the same key."""
        ...


class Payments(Protocol):
    async def add(self, payment: Payment) -> None:
        """Add a payment, unless the gateway's reference is known already."""
        ...

    async def of_order(self, order_id: OrderId) -> Payment | None:
        """The latest payment of an order."""
        ...

    async def with_ref(self, gateway: str, gateway_ref: str) -> Payment | None:
        """The payment that a gateway knows under this reference, or a capture of which it knows under it."""
        ...

    async def get(self, payment_id: PaymentId) -> Payment | None: ...

    async def told(self, payment_id: PaymentId) -> Sequence[PaymentFact]:
        """The facts about one payment."""
        ...

    async def lock_unasked(self, *, at: datetime, limit: int) -> Sequence[Payment]:
        """Payments about which it is time to ask, locked; those that another transaction holds are left out."""
        ...

    async def ask_again(self, payment_id: PaymentId, *, at: datetime | None) -> None:
        """Set when to ask about a payment next; None for never."""
        ...

    async def note_asked(self, payment_id: PaymentId, *, at: datetime) -> bool:
        """Write down as of when the gateway's own answer about a payment is known; False when a later one is."""
        ...

    async def of_capture(self, order_id: OrderId, capture_id: str) -> Payment | None:
        """The payment of an order that was captured under this id."""
        ...

    async def facts(self, order_id: OrderId) -> Sequence[PaymentFact]:
        """All facts about all payments of an order."""
        ...

    async def add_facts(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        """Add those facts that are not known yet.

        Raises:
            FactContradicted: one is known with other content.
        """
        ...


class Refunds(Protocol):
    """The refunds that Kosu asked for. The order is locked when they are read or added, so that none is missed."""

    async def add(self, refund: Refund) -> bool:
        """Add a refund; False when its id is known already."""
        ...

    async def get(self, refund_id: RefundId) -> Refund | None: ...

    async def of_order(self, order_id: OrderId) -> Sequence[Refund]:
        """All refunds of an order, oldest first."""
        ...

    async def requested(self, user_id: UserId, key: str) -> Sequence[Refund]:
        """What an operator asked for under an Idempotency-Key, oldest first."""
        ...

    async def save(self, refund: Refund) -> None:
        """Write what changes in the life of a refund: its state, the gateway's id of it and the error."""
        ...


class Coupons(Protocol):
    async def add(self, coupon: Coupon) -> bool:
        """Add a coupon; False when its code is taken."""
        ...

    async def with_code(self, code: str) -> Coupon | None:
        """`code` as `normal_code` makes it."""
        ...

    async def lock(self, coupon_id: CouponId) -> Coupon | None:
        """The coupon, locked until the transaction ends."""
        ...

    async def save(self, coupon: Coupon) -> None:
        """Write what changes in the life of a locked coupon: its end, its limit and whether it is archived."""
        ...

    async def reserve(self, redemption: Redemption, *, at: datetime) -> CouponRefusal | None:
        """Count the order in, and hold the coupon for it; or answer why not, and change nothing.

        Of two who want the last use, exactly one gets it: the other waits for the first one's transaction.
        """
        ...

    async def move(self, order_id: OrderId, state: RedemptionState) -> None:
        """Bring an order's redemption into a state, counting it in or out. Repeatable."""
        ...


class Ledger(Protocol):
    async def post(self, transactions: Sequence[LedgerTransaction]) -> None:
        """Append those transactions whose source is not posted yet. Nothing is ever changed or taken out."""
        ...


class Inbox(Protocol):
    """The inbox inside the transaction that settles one of its webhooks."""

    async def lock(self, webhook_id: WebhookId, *, attempt: int) -> bool:
        """Lock the webhook; False when this attempt no longer holds it."""
        ...

    async def finish(self, webhook_id: WebhookId, *, state: WebhookState, at: datetime) -> None: ...

    async def lock_stored(self, webhook_id: WebhookId) -> StoredWebhook | None:
        """Any webhook, whoever holds it, locked until the transaction ends."""
        ...

    async def requeue(self, webhook_id: WebhookId, *, at: datetime) -> None:
        """Make a webhook as if it had been received `at`, with all its attempts before it."""
        ...


class BillingRecords(OpenTransaction, Protocol):
    """Locks are taken in this order: inbox, order, coupon, enrolment."""

    @property
    def orders(self) -> Orders: ...

    @property
    def open_purchases(self) -> OpenPurchases: ...

    @property
    def order_requests(self) -> OrderRequests: ...

    @property
    def payments(self) -> Payments: ...

    @property
    def refunds(self) -> Refunds: ...

    @property
    def coupons(self) -> Coupons: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def receipts(self) -> Receipts: ...
