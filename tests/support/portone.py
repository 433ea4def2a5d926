"""PortOne's adapter beside a server of its shapes, and what tests of it start from."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from uuid import UUID

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.portone import PortOneClient, PortOneGateway, SigningKeys
from kosu.ids import OrderId
from kosu.modules.billing.domain.readings import Snapshot
from kosu.modules.billing.ports import CheckoutRequest, PaymentGateway, RefundRequest
from kosu.money import Money
from tests.support.billing import AT, PRICE
from tests.support.gateways import GatewayUnderTest, Webhook
from tests.support.portone_server import API_SECRET, CHANNEL, STORE, WEBHOOK_SECRET, PortOneServer
from tests.support.vendor_server import running_vendor

OUR_API = "https://api.test"
REQUEST = CheckoutRequest(order_id=OrderId(UUID(int=7)), order_number="n", amount=PRICE, title="Course", placed_at=AT)
NESTED = b'{"data":' + b"[" * 30_000 + b"]" * 30_000 + b"}"


class PortOneUnderTest:
    """A GatewayUnderTest."""

    def __init__(self, server: PortOneServer) -> None:
        self.server = server
        self.gateway = PortOneGateway(
            PortOneClient(api_secret=API_SECRET, api_url=server.url),
            SigningKeys([WEBHOOK_SECRET]),
            store_id=STORE,
            channel_key=CHANNEL,
            api_url=OUR_API,
        )

    @property
    def now(self) -> datetime:
        return self.server.clock.now()

    async def pay(self, payment_ref: str) -> Mapping[str, str]:
        payment = self.server.try_to_pay(payment_ref, "PAID", paidAt=self.server.at())
        self.server.tell("Transaction.Paid", payment)
        return {"paymentId": payment_ref}

    async def decline(self, payment_ref: str) -> None:
        payment = self.server.try_to_pay(payment_ref, "FAILED", failedAt=self.server.at(), failure={"reason": "no"})
        self.server.tell("Transaction.Failed", payment)

    async def give_back(self, payment_ref: str, money: Money) -> None:
        assert money.currency == self.server.payments[payment_ref]["currency"]
        self.server.cancel(payment_ref, money.amount_minor, "by hand")

    def webhooks(self) -> Sequence[Webhook]:
        sent, self.server.webhooks = self.server.webhooks, []
        return sent

    def be_available(self, available: bool) -> None:
        self.server.available = available


@contextmanager
def running_portone(clock: MemoryClock | None = None) -> Iterator[PortOneUnderTest]:
    """A server of its own, and the adapter that talks to it."""
    server = PortOneServer(clock or MemoryClock())
    with running_vendor(server):
        yield PortOneUnderTest(server)


@asynccontextmanager
async def portone_gateway() -> AsyncIterator[GatewayUnderTest]:
    with running_portone() as running:
        yield running


def a_gateway(url: str = "http://127.0.0.1:1", *secrets: str, api_secret: str = API_SECRET) -> PortOneGateway:
    return PortOneGateway(
        PortOneClient(api_secret=api_secret, api_url=url),
        SigningKeys(secrets or (WEBHOOK_SECRET,)),
        store_id=STORE,
        channel_key=CHANNEL,
        api_url=OUR_API,
    )


def event(event_type: object = "Transaction.Paid", **data: object) -> bytes:
    about = {"paymentId": "pay-1", "storeId": STORE, "transactionId": "tx-1", **data}
    return json.dumps({"type": event_type, "timestamp": "2026-01-01T12:00:00.000Z", "data": about}).encode()


async def paid(portone: PortOneUnderTest, *, money: Money = PRICE) -> str:
    request = CheckoutRequest(
        order_id=OrderId(UUID(int=7)), order_number="n", amount=money, title="Course", placed_at=AT
    )
    checkout = await portone.gateway.create_checkout(request)
    await portone.pay(checkout.gateway_ref)
    portone.server.clock.advance(seconds=1)
    return checkout.gateway_ref


async def reading(gateway: PaymentGateway, ref: str) -> Snapshot:
    document = await gateway.fetch(ref)
    assert document is not None
    said = gateway.read(document)
    assert isinstance(said, Snapshot)
    return said


def a_refund(ref: str, amount: int = 1_000, *, key: int = 1) -> RefundRequest:
    return RefundRequest(
        key=UUID(int=key),
        gateway_ref=ref,
        capture_id="tx-1",
        money=Money(amount, "KRW"),
        item_ids=(),
        reason="asked",
    )
