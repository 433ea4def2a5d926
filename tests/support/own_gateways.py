"""The gateways that have no vendor: one in memory, and the sandbox with its webhooks caught on a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kosu.adapters.memory.billing import MemoryGateway
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.sandbox import HttpSandboxDelivery, SandboxGateway, SigningKeys
from kosu.ids import PaymentId
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.ports import Checkout, CheckoutRequest
from kosu.money import Money
from tests.support.gateways import GatewayUnderTest, Webhook

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBzYW5kYm94"


class MemoryUnderTest:
    """Everything that happens to a payment is both sent and kept for those who ask."""

    def __init__(self) -> None:
        self.gateway = MemoryGateway()
        self._clock = MemoryClock()
        self._facts: dict[str, list[PaymentFact]] = {}
        self._outgoing: list[Webhook] = []
        self._seen: set[UUID] = set()

    @property
    def now(self) -> datetime:
        return self._clock.now()

    async def pay(self, payment_ref: str) -> Mapping[str, str]:
        self._happen(payment_ref, FactKind.CAPTURED, f"cap_{payment_ref}", self.gateway.checkouts[payment_ref].amount)
        return {}

    async def decline(self, payment_ref: str) -> None:
        self._happen(payment_ref, FactKind.FAILED, f"try_{payment_ref}", self.gateway.checkouts[payment_ref].amount)

    async def give_back(self, payment_ref: str, money: Money) -> None:
        self._happen(payment_ref, FactKind.REFUND, f"re_console_{len(self._facts[payment_ref])}", money)

    def webhooks(self) -> Sequence[Webhook]:
        for request in self.gateway.refunds:
            if request.key not in self._seen:
                self._seen.add(request.key)
                self._happen(request.gateway_ref, FactKind.REFUND, f"re_{request.key.hex}", request.money)
        sent, self._outgoing = self._outgoing, []
        return sent

    def be_available(self, available: bool) -> None:
        self.gateway.available = available

    def _happen(self, payment_ref: str, kind: FactKind, object_id: str, money: Money) -> None:
        capture_id = "" if kind is FactKind.FAILED else f"cap_{payment_ref}"
        told = PaymentFact(kind, object_id, capture_id, money, self.now)
        facts = self._facts.setdefault(payment_ref, [])
        facts.append(told)
        self.gateway.stand(payment_ref, *facts)
        self._outgoing.append(self.gateway.webhook(told, event_id=f"event_{kind}_{object_id}", payment_ref=payment_ref))


@dataclass(slots=True)
class Endpoint:
    """A public webhook endpoint that keeps what it is sent."""

    url: str = ""
    is_open: bool = True
    received: list[Webhook] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request, and hang up."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        if self.is_open:
            self.received.append((body, headers))
        status = "200 OK" if self.is_open else "503 Service Unavailable"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


class _ShownSandbox(SandboxGateway):
    """The sandbox keeps nothing; `shown` is what its buyer saw on the page."""

    def __init__(self, keys: SigningKeys, *, api_url: str, delivery: HttpSandboxDelivery) -> None:
        super().__init__(keys, api_url=api_url, delivery=delivery)
        self.shown: dict[str, CheckoutRequest] = {}

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        checkout = await super().create_checkout(request)
        self.shown[checkout.gateway_ref] = request
        return checkout


class SandboxUnderTest:
    def __init__(self, endpoint: Endpoint) -> None:
        self._clock = MemoryClock()
        self._keys = SigningKeys([SECRET])
        self._endpoint = endpoint
        self._delivery = HttpSandboxDelivery(self._keys, api_url=endpoint.url, clock=self._clock)
        self.gateway = _ShownSandbox(self._keys, api_url=endpoint.url, delivery=self._delivery)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    async def pay(self, payment_ref: str) -> Mapping[str, str]:
        await self._act(SandboxAction.PAY, payment_ref)
        return {}

    async def decline(self, payment_ref: str) -> None:
        await self._act(SandboxAction.FAIL, payment_ref)

    async def give_back(self, payment_ref: str, money: Money) -> None:
        await self._act(SandboxAction.REFUND, payment_ref, left=money)

    def webhooks(self) -> Sequence[Webhook]:
        received, self._endpoint.received = self._endpoint.received, []
        return received

    def be_available(self, available: bool) -> None:
        self._endpoint.is_open = available

    async def _act(self, action: SandboxAction, payment_ref: str, *, left: Money | None = None) -> None:
        request = self.gateway.shown[payment_ref]
        payment = Payment(
            id=PaymentId(UUID(int=1)),
            order_id=request.order_id,
            gateway=self.gateway.name,
            gateway_ref=payment_ref,
            checkout_url="",
            amount=request.amount,
            created_at=self.now,
        )
        await self._delivery.deliver(action, payment, left=left or request.amount, at=self.now)


@asynccontextmanager
async def memory_gateway() -> AsyncIterator[GatewayUnderTest]:
    yield MemoryUnderTest()


@asynccontextmanager
async def sandbox_gateway() -> AsyncIterator[GatewayUnderTest]:
    endpoint = Endpoint()
    server = await asyncio.start_server(endpoint.talk, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    endpoint.url = f"http://{host}:{port}"
    yield SandboxUnderTest(endpoint)
    server.close()
