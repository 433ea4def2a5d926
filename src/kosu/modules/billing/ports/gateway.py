"""Payment service providers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from kosu.ids import OrderId
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Reading
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.views import CheckoutView
from kosu.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutRequest:
    """What a gateway is asked to collect. It answers the same request for one order with the same checkout.

    `placed_at` is when the order was placed: what a gateway wants to know of times has to be the same each time.
    """

    order_id: OrderId
    order_number: str
    amount: Money
    title: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Checkout:
    """The gateway's own reference of the payment, and the absolute URL of a page for people.

    A gateway that shows itself inside the shop's pages has its page at `domain.checkouts.page_url`.
    """

    gateway_ref: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckoutPage:
    """A page of ours that shows a gateway's checkout. The policy lets in what the gateway's script needs."""

    html: str
    content_security_policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What a gateway is asked to send back. `key` makes a repeated request the same refund."""

    key: UUID
    gateway_ref: str
    capture_id: str
    money: Money
    item_ids: tuple[OrderItemId, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a payment, as the gateway lists it; `read` understands the document."""

    payment_ref: str
    document: bytes


@runtime_checkable
class PaymentGateway(Protocol):
    """A payment service provider. docs/adding-a-gateway.md says how to write one."""

    @property
    def name(self) -> str:
        """As in paths and columns: lower case, stable for ever."""
        ...

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:
        """Check a webhook's signature over its raw bytes. Names of headers are lower case. No IO.

        A gateway that does not sign answers with a hint, which is believed in nothing; `read` has to see no more than
        a hint in the same body, or it is refused.

        Raises:
            BadSignature: for anything that is not signed rightly and recently, however malformed.
        """
        ...

    def read(self, document: bytes) -> Reading:
        """What the body of a webhook, or a document from `fetch` or `changed_since`, says. No IO.

        Nothing told where its type means nothing to us.

        Raises:
            MalformedEvent
        """
        ...

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        """Open a checkout; repeatable.

        Raises:
            GatewayUnavailable
            PaymentRefused: it never will take this amount, or this currency.
        """
        ...

    def checkout_page(self, checkout: CheckoutView) -> CheckoutPage | None:
        """The page that shows the checkout, where the gateway has none of its own."""
        ...

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        """Finish a payment whose buyer came back from the checkout with these query parameters; repeatable.

        Most gateways need nothing. What came of it is told by `fetch`, and not by the buyer's browser.

        Raises:
            GatewayUnavailable: it may have been done; asking again is safe.
            PaymentRefused: it never will be.
        """
        ...

    async def fetch(self, payment_ref: str) -> bytes | None:
        """The gateway's own document of how a payment stands; None where it has none to show.

        Raises:
            GatewayUnavailable
        """
        ...

    def changed_since(self, since: datetime) -> AsyncIterator[Change]:
        """All that happened to payments since then, also those that are none of ours; in any order, maybe repeated.

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
