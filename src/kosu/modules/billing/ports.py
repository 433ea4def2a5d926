"""What billing needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.book_ports import Receipts
from kosu.modules.billing.domain.inbox import (
    ClaimedWebhook,
    Envelope,
    ReceivedWebhook,
    StoredWebhook,
    WebhookId,
    WebhookState,
)
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderItemId
from kosu.modules.billing.domain.payments import Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.views import CheckoutView, OrderPage, OrderView, WebhookPage
from kosu.money import Money
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

    async def with_ref(self, gateway: str, gateway_ref: str) -> Payment | None: ...

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
    """Locks are taken in this order: inbox, order, enrolment."""

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
    def ledger(self) -> Ledger: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def receipts(self) -> Receipts: ...


class BillingQueries(Protocol):
    """Reads, one statement each. Lists are newest first and hold what is older than `before`."""

    async def order(self, order_id: OrderId, *, user_id: UserId) -> OrderView | None:
        """The order with its timeline, for its buyer only."""
        ...

    async def orders(self, user_id: UserId, *, before: UUID | None, limit: int) -> OrderPage: ...

    async def checkout(self, gateway: str, payment_ref: str) -> CheckoutView | None: ...

    async def webhooks(self, *, state: WebhookState | None, before: UUID | None, limit: int) -> WebhookPage: ...


@runtime_checkable
class WebhookInbox(Protocol):
    """The hot side of the inbox. Each method is one statement and its own transaction, durable when it returns."""

    async def put(self, webhooks: Sequence[ReceivedWebhook]) -> int:
        """Store all webhooks, or none when it raises. A webhook that is known already, also within the batch, is one.

        Answers how many were new.

        Raises:
            UnstorableWebhook: at least one can never be stored.
            DatabaseUnavailable
        """
        ...

    async def claim(self, *, at: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedWebhook]:
        """Take webhooks whose time has come and count the attempt, longest due first.

        No two callers get the same one; it is due again when its lease ends.
        """
        ...

    async def fail(self, webhook_id: WebhookId, *, attempt: int, error_code: str, retry_at: datetime | None) -> None:
        """Record why an attempt failed; `retry_at=None` makes it dead. Ignored when `attempt` no longer holds it."""
        ...

    async def purge_payloads(self, *, received_before: datetime, limit: int) -> int:
        """Forget bodies of webhooks that are processed, ignored or dead, the oldest first; their hashes stay.

        Answers how many were forgotten, `limit` at most.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutRequest:
    """What a gateway is asked to collect. It answers the same request for one order with the same checkout."""

    order_id: OrderId
    order_number: str
    amount: Money
    title: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """The gateway's own reference of the payment, and the absolute URL of a page for people."""

    gateway_ref: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What a gateway is asked to send back. `key` makes a repeated request the same refund."""

    key: UUID
    gateway_ref: str
    capture_id: str
    money: Money
    item_ids: tuple[OrderItemId, ...]
    reason: str


@runtime_checkable
class PaymentGateway(Protocol):
    """A payment service provider."""

    @property
    def name(self) -> str:
        """As in paths and columns: lower case, stable for ever."""
        ...

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:
        """Check a webhook's signature over its raw bytes. Names of headers are lower case. No IO.

        Raises:
            BadSignature: for anything that is not signed rightly and recently, however malformed.
        """
        ...

    def facts(self, payload: bytes) -> Sequence[PaymentFact]:
        """What the body of a verified webhook says; nothing where its type means nothing to us. No IO.

        Raises:
            MalformedEvent
        """
        ...

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        """Open a checkout; repeatable.

        Raises:
            GatewayUnavailable
        """
        ...

    async def refund(self, request: RefundRequest) -> str:
        """Ask for money to go back; repeatable. Answers the gateway's id of the refund, as its facts will name it.

        Raises:
            GatewayUnavailable: it may have been done; asking again is safe.
            RefundRefused: it never will be.
        """
        ...


@runtime_checkable
class SandboxDelivery(Protocol):
    """The sandbox gateway's other half: sends signed webhooks over HTTP, as a gateway would."""

    async def deliver(self, action: SandboxAction, payment: Payment, *, left: Money, at: datetime) -> None:
        """Send all webhooks of an action that was chosen `at`; `left` is what can still be refunded.

        Repeatable: the same events keep their ids.

        Raises:
            GatewayUnavailable: not all were acknowledged.
        """
        ...


@runtime_checkable
class EnrolmentGrants(Protocol):
    """Access to courses, which learning keeps. A grant is known by its source, for instance an order item."""

    async def grant(
        self,
        open_transaction: OpenTransaction,
        *,
        user_id: UserId,
        course_id: CourseId,
        source: str,
        source_id: UUID,
        at: datetime,
    ) -> None:
        """Make the grant of this source live, as part of the open transaction. Repeatable; revives a revoked grant."""
        ...

    async def revoke(self, open_transaction: OpenTransaction, *, source: str, source_id: UUID, at: datetime) -> None:
        """End the grant of this source, if there is one, as part of the open transaction. Repeatable."""
        ...

    async def enrolled(self, user_id: UserId, course_ids: Collection[CourseId]) -> frozenset[CourseId]:
        """Those of the courses to which the user has a live grant."""
        ...
