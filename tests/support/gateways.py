"""A payment gateway beside the vendor that it talks to, as the contract suite drives any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kosu.modules.billing.ports import PaymentGateway
from kosu.money import Money

Webhook = tuple[bytes, Mapping[str, str]]


class GatewayUnderTest(Protocol):
    """`gateway` is the adapter; everything else is done at the vendor, behind its back."""

    @property
    def gateway(self) -> PaymentGateway: ...

    @property
    def now(self) -> datetime:
        """The time at which the vendor signs."""
        ...

    async def pay(self, payment_ref: str) -> Mapping[str, str]:
        """Let the buyer pay the whole amount; answers the query parameters with which the browser comes back."""
        ...

    async def decline(self, payment_ref: str) -> None: ...

    async def give_back(self, payment_ref: str, money: Money) -> None:
        """Refund in the vendor's own console."""
        ...

    def webhooks(self) -> Sequence[Webhook]:
        """What the vendor has sent since the last call: bodies, and headers with names in lower case."""
        ...

    def be_available(self, available: bool) -> None:
        """Whether the vendor's API answers at all."""
        ...
