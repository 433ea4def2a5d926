"""Work that billing asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kosu.ports.messages import Job


@dataclass(frozen=True, slots=True)
class DrainInbox(Job):
    """Settle all webhooks that are due. Rung as a doorbell by each batch of webhooks, and by the sweep.

    On a queue of its own: money does not wait behind mail, nor behind a gateway that is slow to refund.
    """

    queue: ClassVar[str] = "payments"


@dataclass(frozen=True, slots=True)
class ExpireOrders(Job):
    """Close the orders that waited too long for their payment."""


@dataclass(frozen=True, slots=True)
class ConfirmPayment(Job):
    """Finish a payment whose buyer came back from the checkout; `answers` are the query parameters."""

    gateway: str
    payment_ref: str
    answers: dict[str, str]


@dataclass(frozen=True, slots=True)
class AskAboutPayment(Job):
    """Ask the gateway how one payment stands."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class AskAboutPayments(Job):
    """Ask the gateways about all payments of which nothing was heard for some time."""


@dataclass(frozen=True, slots=True)
class ReconcilePayments(Job):
    """Compare what the gateways list of the last days with what is known."""


class PurgePayloads(Job):
    """Forget the bodies of webhooks that were settled long ago."""


@dataclass(frozen=True, slots=True)
class SendRefund(Job):
    """Ask the gateway for a refund that is decided upon."""

    refund_id: UUID


@dataclass(frozen=True, slots=True)
class DeliverSandboxEvents(Job):
    """Let the sandbox gateway send the webhooks of what somebody chose on its checkout page."""

    payment_ref: str
    action: str
    at: datetime
