"""Sends the sandbox's webhooks over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import httpx

from kosu.adapters.sandbox.events import SandboxMessage, messages_for, refunded
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.domain.standard_webhooks import SigningKeys
from kosu.modules.billing.errors import GatewayUnavailable
from kosu.modules.billing.ports import RefundRequest
from kosu.money import Money
from kosu.ports.clock import Clock

TIMEOUT_SECONDS = 10.0
# Long enough to see an order wait, short enough to wait for it.
DELAY_SECONDS = 5.0


class HttpSandboxDelivery:
    """Posts to the public endpoint. Signs when it sends, so that a late delivery is not an old one."""

    def __init__(self, keys: SigningKeys, *, api_url: str, clock: Clock, delay_seconds: float = DELAY_SECONDS) -> None:
        self._keys = keys
        self._url = f"{api_url}/api/v1/webhooks/sandbox"
        self._clock = clock
        self._delay_seconds = delay_seconds

    async def deliver(self, action: SandboxAction, payment: Payment, *, left: Money, at: datetime) -> None:
        messages = messages_for(action, payment, left=left, at=at)
        if action is SandboxAction.DELAY:
            await asyncio.sleep(self._delay_seconds)
        await self._deliver(messages, together=action is SandboxAction.DUPLICATE)

    async def send_refund(self, request: RefundRequest, object_id: str) -> None:
        """Tell that a refund which was asked for through the API is done. Raises GatewayUnavailable."""
        await self._deliver([refunded(request, object_id, at=self._clock.now())])

    async def _deliver(self, messages: Sequence[SandboxMessage], *, together: bool = False) -> None:
        # The environment's proxies are for the internet; this is a call of the platform to itself.
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            if together:
                await asyncio.gather(*(self._send(client, message) for message in messages))
                return
            for message in messages:
                await self._send(client, message)

    async def _send(self, client: httpx.AsyncClient, message: SandboxMessage) -> None:
        headers = self._keys.sign(message.body, message_id=message.id, at=self._clock.now())
        try:
            answer = await client.post(
                self._url, content=message.body, headers={**headers, "content-type": "application/json"}
            )
        except httpx.HTTPError as error:
            msg = f"The webhook {message.id} was not delivered: {error!r}"
            raise GatewayUnavailable(msg) from error
        if answer.status_code != httpx.codes.OK:
            msg = f"The webhook {message.id} was answered with {answer.status_code}."
            raise GatewayUnavailable(msg)
