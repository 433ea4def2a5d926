"""Settle all webhooks that are due."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kosu.errors import KosuError
from kosu.modules.billing.domain.inbox import (
    HOPELESS_ATTEMPTS,
    ClaimedWebhook,
    retry_at,
    retry_unknown_payment_at,
)
from kosu.modules.billing.errors import AttemptsExhausted, FactContradicted, MalformedEvent, UnknownPayment
from kosu.modules.billing.ports import WebhookInbox
from kosu.modules.billing.use_cases.settle_webhook import SettleWebhook
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import DatabaseUnavailable

log = logging.getLogger(__name__)

# Settled side by side; small, so that a drain takes no more than half of the process's connections.
CLAIM_SIZE = 4
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class DrainInbox:
    inbox: WebhookInbox
    settle: SettleWebhook
    clock: Clock

    async def __call__(self) -> int:
        """Answers how many webhooks were tried. Any number of drains may run at once.

        A webhook that fails is put off, or dead for good, and stops no other. When cancelled (the worker shuts down)
        what is claimed and not settled is given back at once.

        Raises:
            DatabaseUnavailable: what was claimed is due again when its lease ends.
            ExceptionGroup: of the errors that nobody foresaw, after all else was settled; their webhooks are put off.
        """
        tried = 0
        unforeseen: list[Exception] = []
        while claimed := await self.inbox.claim(at=self.clock.now(), lease=LEASE, limit=CLAIM_SIZE):
            tried += len(claimed)
            try:
                outcomes = await asyncio.gather(*(self._settle(webhook) for webhook in claimed), return_exceptions=True)
            except asyncio.CancelledError:
                await asyncio.shield(self._give_back(claimed))
                raise
            for webhook, outcome in zip(claimed, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    await self._put_off(webhook, outcome)
                    if not isinstance(outcome, KosuError):
                        unforeseen.append(outcome)
                elif outcome is not None:
                    raise outcome
        if unforeseen:
            msg = "webhooks failed in unforeseen ways"
            raise ExceptionGroup(msg, unforeseen)
        return tried

    async def _settle(self, webhook: ClaimedWebhook) -> None:
        # A webhook that kills its worker never comes to record a failure: its leases run out instead.
        if webhook.attempt >= HOPELESS_ATTEMPTS:
            msg = "Every attempt ended without an outcome."
            raise AttemptsExhausted(msg)
        await self.settle(webhook)

    async def _give_back(self, claimed: Sequence[ClaimedWebhook]) -> None:
        """What was settled all the same, just before, stays settled."""
        try:
            for webhook in claimed:
                await self.inbox.fail(
                    webhook.id, attempt=webhook.attempt, error_code="interrupted", retry_at=self.clock.now()
                )
        except DatabaseUnavailable as error:
            log.warning("webhooks are left to the end of their leases: %s", error)

    async def _put_off(self, webhook: ClaimedWebhook, error: Exception) -> None:
        code = error.code if isinstance(error, KosuError) else "unforeseen"
        when = self._retry_at(webhook, error)
        log.warning(
            "webhook %s: attempt %d failed (%s), next %s",
            webhook.id,
            webhook.attempt,
            code,
            "never" if when is None else when.isoformat(),
        )
        await self.inbox.fail(webhook.id, attempt=webhook.attempt, error_code=code, retry_at=when)

    def _retry_at(self, webhook: ClaimedWebhook, error: Exception) -> datetime | None:
        at = self.clock.now()
        match error:
            case MalformedEvent() | FactContradicted() | AttemptsExhausted():
                return None
            case UnknownPayment():
                return retry_unknown_payment_at(webhook.attempt, received_at=webhook.received_at, at=at)
            case _:
                return retry_at(webhook.attempt, at=at)
