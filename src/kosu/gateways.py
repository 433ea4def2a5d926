"""Which payment gateways are set up. Adding one is its folder in adapters/, its settings, and its line here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from kosu.adapters.portone import PortOneClient, PortOneGateway
from kosu.adapters.sandbox import HttpSandboxDelivery, SandboxGateway
from kosu.adapters.stripe import StripeApi, StripeGateway, StripeSecrets
from kosu.adapters.toss import TossClient, TossGateway
from kosu.modules.billing.domain.standard_webhooks import SigningKeys
from kosu.modules.billing.ports import PaymentGateway
from kosu.ports.clock import Clock
from kosu.settings import Settings

log = logging.getLogger(__name__)

Factory = Callable[[Settings, Clock], PaymentGateway | None]


def create_gateways(settings: Settings, clock: Clock) -> Mapping[str, PaymentGateway]:
    """The gateways whose secrets are set, by name."""
    gateways = {name: factory(settings, clock) for name, factory in FACTORIES.items()}
    for name, gateway in gateways.items():
        if gateway is None:
            log.warning("the payment gateway %s is off: its secrets are not set", name)
    return {gateway.name: gateway for gateway in gateways.values() if gateway is not None}


def create_sandbox_delivery(settings: Settings, clock: Clock) -> HttpSandboxDelivery | None:
    keys = _sandbox_keys(settings)
    return HttpSandboxDelivery(keys, api_url=settings.http.api_url, clock=clock) if keys else None


def _sandbox(settings: Settings, clock: Clock) -> PaymentGateway | None:
    keys, delivery = _sandbox_keys(settings), create_sandbox_delivery(settings, clock)
    return SandboxGateway(keys, api_url=settings.http.api_url, delivery=delivery) if keys and delivery else None


def _sandbox_keys(settings: Settings) -> SigningKeys | None:
    secrets = settings.billing.sandbox_secrets()
    return SigningKeys(secrets) if secrets else None


def _stripe(settings: Settings, clock: Clock) -> PaymentGateway | None:
    if not settings.stripe.is_on:
        return None
    return StripeGateway(
        StripeApi(settings.stripe.secret_key, url=settings.stripe.api_url),
        StripeSecrets(settings.stripe.webhook_secrets()),
        api_url=settings.http.api_url,
        clock=clock,
    )


def _portone(settings: Settings, clock: Clock) -> PaymentGateway | None:  # noqa: ARG001 - it keeps no time of its own
    portone = settings.portone
    if not portone.api_secret:
        return None
    return PortOneGateway(
        PortOneClient(api_secret=portone.api_secret, api_url=portone.api_url),
        SigningKeys(portone.webhook_secrets()),
        store_id=portone.store_id,
        channel_key=portone.channel_key,
        api_url=settings.http.api_url,
        pg_origins=portone.origins(),
    )


def _toss(settings: Settings, clock: Clock) -> PaymentGateway | None:
    toss = settings.toss
    if not toss.secret_key:
        return None
    client = TossClient(secret_key=toss.secret_key, api_url=toss.api_url)
    return TossGateway(client, client_key=toss.client_key, api_url=settings.http.api_url, clock=clock)


FACTORIES: Mapping[str, Factory] = {
    "sandbox": _sandbox,
    "stripe": _stripe,
    "portone": _portone,
    "toss": _toss,
}
