"""Ask the gateways about payments of which nothing was heard for some time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from kosu.modules.billing.asking import Asking
from kosu.modules.billing.domain.payments import FactKind, Payment
from kosu.modules.billing.domain.reconciliation import next_ask
from kosu.modules.billing.errors import GatewayUnavailable, MalformedEvent, UnknownGateway
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

BATCH_SIZE = 50


@dataclass(frozen=True, slots=True)
class AskAboutPayments:
    transaction: Transaction[BillingRecords]
    asking: Asking
    clock: Clock

    async def __call__(self) -> int:
        """Answers about how many it asked. Any number may run at once; none asks about the same payment.

        A gateway that is away is asked again at the next time of the payment's schedule.
        """
        asked = 0
        while (due := await self._take()) is not None:
            for payment in due:
                await self._ask(payment)
            asked += len(due)
        return asked

    async def _take(self) -> Sequence[Payment] | None:
        """The payments of one batch to ask about; None when no more are due.

        Those that are captured are let go: all else about them is found in the nightly list.
        """
        at = self.clock.now()
        async with self.transaction() as records:
            due = await records.payments.lock_unasked(at=at, limit=BATCH_SIZE)
            waiting = []
            for payment in due:
                is_captured = any(fact.kind is FactKind.CAPTURED for fact in await records.payments.told(payment.id))
                following = None if is_captured else next_ask(created_at=payment.created_at, at=at)
                await records.payments.ask_again(payment.id, at=following)
                if not is_captured:
                    waiting.append(payment)
        return waiting if due else None

    async def _ask(self, payment: Payment) -> None:
        try:
            await self.asking.ask(payment)
        except (GatewayUnavailable, MalformedEvent, UnknownGateway) as error:
            log.warning("payment %s: not asked about: %s", payment.id, error)
