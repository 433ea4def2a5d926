"""Compare what the gateways list of the last days with what is known, and take in what no webhook told."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.asking import Asking
from kosu.modules.billing.domain.reconciliation import NIGHTLY_REACH
from kosu.modules.billing.errors import GatewayUnavailable, MalformedEvent
from kosu.modules.billing.ports import BillingRecords, Change, PaymentGateway
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReconcilePayments:
    transaction: Transaction[BillingRecords]
    gateways: Mapping[str, PaymentGateway]
    asking: Asking
    clock: Clock

    async def __call__(self) -> int:
        """Answers how many documents told anything new. Repeatable; payments that are none of ours are passed over.

        Raises:
            ExceptionGroup: of the gateways that could not be asked to the end, after all others were.
        """
        found = 0
        unavailable: list[GatewayUnavailable] = []
        for gateway in self.gateways.values():
            try:
                found += await self._reconcile(gateway)
            except GatewayUnavailable as error:
                unavailable.append(error)
        if unavailable:
            msg = "gateways could not be compared with"
            raise ExceptionGroup(msg, unavailable)
        return found

    async def _reconcile(self, gateway: PaymentGateway) -> int:
        at = self.clock.now()
        found = 0
        async for change in gateway.changed_since(at - NIGHTLY_REACH):
            found += await self._note(gateway, change, as_of=at)
        if found:
            log.warning("%s: %d documents told what no webhook had told", gateway.name, found)
        return found

    async def _note(self, gateway: PaymentGateway, change: Change, *, as_of: datetime) -> bool:
        async with self.transaction() as records:
            payment = await records.payments.with_ref(gateway.name, change.payment_ref)
        if payment is None:
            return False
        try:
            return await self.asking.note(payment, change.document, as_of=as_of)
        except MalformedEvent as error:
            log.warning("payment %s: the gateway's document makes no sense: %s", payment.id, error)
            return False
