"""The Stripe gateway beside a stand-in of Stripe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from kosu.adapters.stripe import StripeApi, StripeGateway, StripeSecrets
from kosu.adapters.stripe.amounts import to_stripe
from kosu.money import Money
from tests.support.gateways import GatewayUnderTest, Webhook
from tests.support.stripe_account import WEBHOOK_SECRET, StripeAccount
from tests.support.stripe_server import SECRET_KEY, StripeServer, running_stripe

API_URL = "https://api.test"


class StripeUnderTest:
    def __init__(self, server: StripeServer) -> None:
        self.server = server
        self.gateway = gateway_at(server)

    @property
    def account(self) -> StripeAccount:
        return self.server.account

    @property
    def now(self) -> datetime:
        return self.account.clock.now()

    async def pay(self, payment_ref: str) -> Mapping[str, str]:
        self.account.pay(payment_ref)
        return {}

    async def decline(self, payment_ref: str) -> None:
        self.account.decline(payment_ref)

    async def give_back(self, payment_ref: str, money: Money) -> None:
        self.account.refund(self.account.sessions[payment_ref]["payment_intent"], to_stripe(money))

    def webhooks(self) -> Sequence[Webhook]:
        return list(self.account.webhooks())

    def be_available(self, available: bool) -> None:
        self.server.is_away = not available


def gateway_at(
    server: StripeServer, *, key: str = SECRET_KEY, wait_seconds: float = 5, call_seconds: float = 10
) -> StripeGateway:
    return StripeGateway(
        StripeApi(key, url=server.url, wait_seconds=wait_seconds, call_seconds=call_seconds),
        StripeSecrets([WEBHOOK_SECRET]),
        api_url=API_URL,
        clock=server.account.clock,
    )


@asynccontextmanager
async def stripe_gateway() -> AsyncIterator[GatewayUnderTest]:
    async with running_stripe() as server:
        yield StripeUnderTest(server)
