"""Toss's adapter beside a server of its shapes, and what tests of it start from."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from uuid import UUID

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.toss import TossClient, TossGateway
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Snapshot
from kosu.modules.billing.ports import Checkout, CheckoutRequest, PaymentGateway, RefundRequest
from kosu.money import Money
from tests.support.billing import PRICE, memory_world
from tests.support.gateways import GatewayUnderTest, Webhook
from tests.support.toss_server import SECRET_KEY, TossServer
from tests.support.vendor_server import Json, running_vendor

CLIENT_KEY = "test_ck_1"
OUR_API = "https://api.test"
ORDER = OrderId(UUID(int=7))
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REQUEST = CheckoutRequest(order_id=ORDER, order_number="n", amount=PRICE, title="Course", placed_at=NOW)
NESTED = b'{"eventType":"X","data":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
A_PAYMENT = {
    "paymentKey": "k",
    "orderId": "order-1",
    "status": "DONE",
    "totalAmount": 49_000,
    "currency": "KRW",
    "requestedAt": "2026-01-01T21:00:00+09:00",
    "approvedAt": "2026-01-01T21:00:00+09:00",
}


class _OpenedPages(TossGateway):
    """Remembers for which amount each checkout page asks: Toss hears of it from the page alone."""

    def __init__(self, server: TossServer) -> None:
        client = TossClient(secret_key=SECRET_KEY, api_url=server.url)
        super().__init__(client, client_key=CLIENT_KEY, api_url=OUR_API, clock=server.clock)
        self.amounts: dict[str, Money] = {}

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        checkout = await super().create_checkout(request)
        self.amounts[checkout.gateway_ref] = request.amount
        return checkout


class TossUnderTest:
    """A GatewayUnderTest; and, beyond that, virtual accounts."""

    def __init__(self, server: TossServer) -> None:
        self.server = server
        self.gateway = _OpenedPages(server)

    @property
    def now(self) -> datetime:
        return self.server.clock.now()

    async def pay(self, payment_ref: str, method: str = "카드", money: Money | None = None) -> Mapping[str, str]:
        payment = self.server.try_to_pay(payment_ref, money or self.gateway.amounts[payment_ref], method)
        return {
            "paymentType": "NORMAL",
            "orderId": payment_ref,
            "paymentKey": payment["paymentKey"],
            "amount": str(payment["totalAmount"]),
        }

    async def decline(self, payment_ref: str) -> None:
        payment = self.server.try_to_pay(payment_ref, self.gateway.amounts[payment_ref])
        self.server.change(payment, "ABORTED", failure={"code": "REJECT_CARD_COMPANY", "message": "no"})

    async def give_back(self, payment_ref: str, money: Money) -> None:
        self.server.cancel(self.paid(payment_ref), int(money.units), "by hand")

    def deposit(self, payment_ref: str) -> None:
        self.server.change(self.paid(payment_ref), "DONE", approvedAt=self.server.at())

    def take_deposit_back(self, payment_ref: str) -> None:
        self.server.change(self.paid(payment_ref), "WAITING_FOR_DEPOSIT", approvedAt=None)

    def paid(self, payment_ref: str) -> Json:
        payment = self.server.of_order(payment_ref)
        assert payment is not None
        return payment

    def webhooks(self) -> Sequence[Webhook]:
        sent, self.server.webhooks = self.server.webhooks, []
        return sent

    def be_available(self, available: bool) -> None:
        self.server.available = available


@contextmanager
def running_toss(clock: MemoryClock | None = None) -> Iterator[TossUnderTest]:
    """A server of its own, and the adapter that talks to it."""
    server = TossServer(clock or MemoryClock())
    with running_vendor(server):
        yield TossUnderTest(server)


@asynccontextmanager
async def toss_gateway() -> AsyncIterator[GatewayUnderTest]:
    with running_toss() as running:
        yield running


def a_gateway(url: str = "http://127.0.0.1:1", secret_key: str = SECRET_KEY) -> TossGateway:
    client = TossClient(secret_key=secret_key, api_url=url)
    return TossGateway(client, client_key=CLIENT_KEY, api_url=OUR_API, clock=memory_world().clock)


def a_payment(ref: str, money: Money = PRICE) -> Payment:
    return Payment(
        id=PaymentId(UUID(int=3)),
        order_id=ORDER,
        gateway="toss",
        gateway_ref=ref,
        checkout_url="",
        amount=money,
        created_at=NOW,
    )


async def opened(toss: TossUnderTest, money: Money = PRICE) -> str:
    request = CheckoutRequest(order_id=ORDER, order_number="n", amount=money, title="Course", placed_at=NOW)
    return (await toss.gateway.create_checkout(request)).gateway_ref


async def paid(toss: TossUnderTest, money: Money = PRICE) -> str:
    ref = await opened(toss, money)
    await toss.gateway.confirm(a_payment(ref, money), await toss.pay(ref))
    toss.server.clock.advance(seconds=1)
    return ref


async def reading(gateway: PaymentGateway, ref: str) -> Snapshot:
    document = await gateway.fetch(ref)
    assert document is not None
    said = gateway.read(document)
    assert isinstance(said, Snapshot)
    return said


async def a_refund(toss: TossUnderTest, ref: str, amount: int = 1_000, *, key: int = 1) -> RefundRequest:
    return RefundRequest(
        key=UUID(int=key),
        gateway_ref=ref,
        capture_id=(await reading(toss.gateway, ref)).facts[0].object_id,
        money=Money(amount, "KRW"),
        item_ids=(),
        reason="asked" * 50,
    )


def about(**data: object) -> bytes:
    return json.dumps(
        {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-01-01T12:00:00.0", "data": data}
    ).encode()
