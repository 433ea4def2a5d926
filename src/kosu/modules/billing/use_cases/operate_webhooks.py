"""What operators do with stored webhooks: read, try out, replay, ignore. Each is audited with who did it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.asking import ask_about, payment_and_order
from kosu.modules.billing.domain.consequences import consequences
from kosu.modules.billing.domain.inbox import StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.domain.readings import Hint, Snapshot, Told, facts_in
from kosu.modules.billing.domain.refunds import attributed
from kosu.modules.billing.errors import (
    FactContradicted,
    GatewayUnavailable,
    MalformedEvent,
    UnknownGateway,
    UnknownPayment,
    WebhookBusy,
    WebhookNotFound,
    WebhookPurged,
    WebhookSettled,
)
from kosu.modules.billing.jobs import DrainInbox
from kosu.modules.billing.ports import BillingRecords, PaymentGateway
from kosu.modules.billing.views import ReplayDiff, WebhookDetail
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ReadWebhook:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, webhook_id: WebhookId, origin: Origin) -> WebhookDetail:
        """The webhook, without what is private in its body. Raises WebhookNotFound."""
        async with self.transaction() as records:
            webhook = await _stored(records, webhook_id)
            await self.audit.record(
                records, Action.WEBHOOK_VIEWED, None, at=self.clock.now(), origin=origin, webhook_id=str(webhook_id)
            )
        return WebhookDetail.of(webhook)


@dataclass(frozen=True, slots=True)
class PreviewReplay:
    transaction: Transaction[BillingRecords]
    gateways: Mapping[str, PaymentGateway]
    clock: Clock

    async def __call__(self, *, webhook_id: WebhookId) -> ReplayDiff:
        """What a replay would change now. Changes nothing itself; of a hint the gateway is asked.

        Raises:
            WebhookNotFound, WebhookPurged
        """
        async with self.transaction() as records:
            webhook = await _stored(records, webhook_id)
        payload = _payload(webhook)
        try:
            reading, as_of = await self._reading(webhook, payload)
            async with self.transaction() as records:
                return await self._diff(records, webhook, reading, as_of)
        except (FactContradicted, GatewayUnavailable, MalformedEvent, UnknownGateway, UnknownPayment) as error:
            return ReplayDiff(error_code=error.code)

    async def _reading(self, webhook: StoredWebhook, payload: bytes) -> tuple[Told | Snapshot, datetime]:
        if webhook.gateway not in self.gateways:
            msg = f"The gateway {webhook.gateway} is not set up here."
            raise UnknownGateway(msg)
        gateway = self.gateways[webhook.gateway]
        reading = gateway.read(payload)
        if isinstance(reading, Hint):
            at = self.clock.now()
            return await ask_about(gateway, webhook.payment_ref), at
        return reading, webhook.received_at

    async def _diff(
        self, records: BillingRecords, webhook: StoredWebhook, reading: Told | Snapshot, as_of: datetime
    ) -> ReplayDiff:
        if isinstance(reading, Told) and not reading.facts:
            return ReplayDiff()
        payment, order = await payment_and_order(
            records, webhook.gateway, webhook.payment_ref, order_of=records.orders.get
        )
        told = facts_in(reading, await records.payments.told(payment.id), as_of=as_of)
        told, _ = attributed(told, await records.refunds.of_order(order.id))
        known = await records.payments.facts(order.id)
        by_key = {fact.key: fact for fact in known}
        for fact in told:
            if not fact.agrees_with(by_key.get(fact.key, fact)):
                raise FactContradicted(payment.id, fact.object_id)
        return ReplayDiff.of(order, consequences(order, known, told, at=self.clock.now()))


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, webhook_id: WebhookId, origin: Origin) -> WebhookDetail:
        """Let the workers settle a webhook once more, as if it had just arrived. Its signature held when it came.

        A webhook that is settled already changes nothing.

        Raises:
            WebhookNotFound, WebhookBusy, WebhookPurged
        """
        at = self.clock.now()
        async with self.transaction() as records:
            webhook = await _stored(records, webhook_id)
            if webhook.is_held(at=at):
                msg = "A worker is at this webhook."
                raise WebhookBusy(msg)
            _payload(webhook)
            await records.inbox.requeue(webhook_id, at=at)
            await records.outbox.add(DrainInbox())
            await self.audit.record(
                records,
                Action.WEBHOOK_REPLAYED,
                None,
                at=at,
                origin=origin,
                webhook_id=str(webhook_id),
                state_before=webhook.state,
            )
            return WebhookDetail.of(await _stored(records, webhook_id))


@dataclass(frozen=True, slots=True)
class IgnoreWebhook:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, webhook_id: WebhookId, reason: str, origin: Origin) -> WebhookDetail:
        """Give a webhook up. Ignoring twice is ignoring once; it can still be replayed.

        Raises:
            WebhookNotFound, WebhookBusy, WebhookSettled
        """
        at = self.clock.now()
        async with self.transaction() as records:
            webhook = await _stored(records, webhook_id)
            if webhook.state is WebhookState.PROCESSED:
                msg = "This webhook is settled."
                raise WebhookSettled(msg)
            if webhook.is_held(at=at):
                msg = "A worker is at this webhook."
                raise WebhookBusy(msg)
            await records.inbox.finish(webhook_id, state=WebhookState.IGNORED, at=at)
            await self.audit.record(
                records,
                Action.WEBHOOK_IGNORED,
                None,
                at=at,
                origin=origin,
                webhook_id=str(webhook_id),
                reason=reason,
                state_before=webhook.state,
            )
            return WebhookDetail.of(await _stored(records, webhook_id))


async def _stored(records: BillingRecords, webhook_id: WebhookId) -> StoredWebhook:
    webhook = await records.inbox.lock_stored(webhook_id)
    if webhook is None:
        msg = "There is no such webhook."
        raise WebhookNotFound(msg)
    return webhook


def _payload(webhook: StoredWebhook) -> bytes:
    if webhook.payload is None:
        msg = "The body of this webhook is no longer kept."
        raise WebhookPurged(msg)
    return webhook.payload
