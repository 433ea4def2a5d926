"""What should be empty in the books where all is well, for operators. Looking is audited too."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from kosu.modules.billing.book_views import ExaminedBooks
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.billing.ports.books import BillingChecks
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

KEPT = timedelta(minutes=1)
"""An examination reads all of the books: who asks more often than this is told what the last one found."""


@dataclass(slots=True)
class ExamineBooks:
    transaction: Transaction[BillingRecords]
    checks: BillingChecks
    audit: AuditLog
    clock: Clock
    _last: ExaminedBooks | None = None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, *, origin: Origin) -> ExaminedBooks:
        """At most a minute old."""
        async with self.transaction() as records:
            await self.audit.record(records, Action.HEALTH_VIEWED, None, at=self.clock.now(), origin=origin)
        async with self._one_at_a_time:
            at = self.clock.now()
            if self._last is None or at >= self._last.examined_at + KEPT:
                self._last = ExaminedBooks(examined_at=at, findings=await self.checks.examine(at=at))
            return self._last
