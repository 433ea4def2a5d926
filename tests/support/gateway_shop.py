"""Billing in memory that sells through a gateway under test, whose vendor answers over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from kosu.adapters.memory.billing.records import LEDGER
from kosu.ids import CourseId, UserId
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.refunds import RefundId
from kosu.modules.billing.jobs import SendRefund
from kosu.modules.billing.views import OrderView, PlacedOrder
from kosu.modules.identity import Origin
from kosu.money import Money
from kosu.ports.messages import name_of
from tests.support.billing import PRICE, BillingWorld
from tests.support.gateways import GatewayUnderTest

OPERATOR = UserId(UUID(int=99))


class GatewayShop:
    """`world` has the clock of the vendor, and so `tick` moves both."""

    def __init__(self, world: BillingWorld, vendor: GatewayUnderTest) -> None:
        self.world = world
        self.vendor = vendor
        self.name = vendor.gateway.name
        world.gateways[self.name] = vendor.gateway

    def tick(self, seconds: float = 5) -> None:
        """Long enough for hints to be due, and for one answer to be newer than another."""
        self.world.clock.advance(seconds=seconds)

    async def order(self, *prices: Money) -> PlacedOrder:
        courses = [self.world.course(price) for price in prices or (PRICE,)]
        return await self.world.order(*courses, gateway=self.name)

    async def payment(self, order: PlacedOrder) -> Payment:
        async with self.world.transaction() as records:
            payment = await records.payments.of_order(order.id)
        assert payment is not None
        return payment

    async def receive(self, raw: bytes, headers: Mapping[str, str]) -> None:
        await self.world.billing.receive_webhook()(gateway=self.name, raw=raw, headers=headers)

    async def deliver(self) -> int:
        """Let all that the vendor has sent arrive; answers how many webhooks that were."""
        sent = self.vendor.webhooks()
        for raw, headers in sent:
            await self.receive(raw, headers)
        return len(sent)

    async def settle(self, order: PlacedOrder) -> OrderView:
        """Deliver, wait until hints are due, and settle."""
        await self.deliver()
        self.tick()
        await self.world.drain()
        return await self.world.view(order)

    async def come_back(self, order: PlacedOrder, answers: Mapping[str, str]) -> OrderView:
        """The buyer's browser returns, and a worker does what follows from that."""
        self.tick()
        payment = await self.payment(order)
        await self.world.billing.confirm_payment()(gateway=self.name, payment_ref=payment.gateway_ref, answers=answers)
        await self.world.drain()
        return await self.world.view(order)

    async def pay(self, order: PlacedOrder) -> OrderView:
        assert order.payment is not None
        answers = await self.vendor.pay(order.payment.ref)
        await self.come_back(order, answers)
        return await self.settle(order)

    async def ask_for_refund(self, order: PlacedOrder, *items: OrderItemId, amount: int | None = None) -> None:
        await self.world.billing.request_refund()(
            operator_id=OPERATOR,
            order_id=order.id,
            item_ids=items,
            amount_minor=amount,
            reason="asked",
            idempotency_key=None,
            origin=Origin(actor_id=OPERATOR),
        )

    async def send_refunds(self) -> None:
        """One attempt of the worker at every refund that was asked for."""
        for row in list(self.world.database.table("messaging.outbox").values()):
            if row.name == name_of(SendRefund):
                job = msgspec.convert(row.payload, SendRefund)
                await self.world.billing.send_refund()(refund_id=RefundId(job.refund_id))

    async def open_courses(self, order: PlacedOrder) -> frozenset[CourseId]:
        return await self.world.open_courses(order)

    @property
    def ledger(self) -> list[LedgerTransaction]:
        return list(self.world.database.table(LEDGER).values())
