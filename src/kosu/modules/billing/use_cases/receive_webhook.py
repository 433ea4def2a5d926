"""Acknowledge a webhook: verified and durably stored, not yet settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.modules.billing.domain.inbox import ReceivedWebhook, WebhookId
from kosu.modules.billing.errors import PayloadTooLarge, UnknownGateway
from kosu.modules.billing.ports import PaymentGateway
from kosu.modules.billing.reception import Reception
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource

MAX_PAYLOAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReceiveWebhook:
    gateways: Mapping[str, PaymentGateway]
    reception: Reception
    clock: Clock
    ids: IdSource

    async def __call__(self, *, gateway: str, raw: bytes, headers: Mapping[str, str]) -> None:
        """Returns once the webhook is committed; a webhook that is known already is one that is committed.

        Names of headers are lower case. The queue may be away: the sweep finds what is stored.

        Raises:
            UnknownGateway, PayloadTooLarge, BadSignature: stored nowhere.
            UnstorableWebhook
            DatabaseUnavailable: not acknowledged; the gateway will send it again.
        """
        receiver = self.gateways.get(gateway)
        if receiver is None:
            msg = "There is no such gateway here."
            raise UnknownGateway(msg)
        if len(raw) > MAX_PAYLOAD_BYTES:
            msg = f"A webhook has at most {MAX_PAYLOAD_BYTES} bytes."
            raise PayloadTooLarge(msg)
        at = self.clock.now()
        envelope = receiver.verify(raw, headers, now=at)
        await self.reception.accept(
            ReceivedWebhook(
                id=WebhookId(self.ids.new()), gateway=receiver.name, envelope=envelope, payload=raw, received_at=at
            )
        )
