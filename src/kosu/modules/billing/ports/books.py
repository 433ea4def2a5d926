"""What the books of billing need from the outside: receipts, and reads across everything that billing keeps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import (
    BalanceList,
    BillingHealth,
    Earnings,
    LedgerPage,
    OpsOrder,
    OpsOrderPage,
    WebhookBacklog,
)
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.domain.receipts import Receipt

BY_POSTING = "posting"
"""The sort of the ledger: by when transactions were posted. The value of its cursors is their place in it."""

# The sweeps come every minute and every 15 seconds: what they have not done by now, nobody does.
GRACE = timedelta(minutes=10)
# How many of what a check found are named.
NAMED = 5


class Receipts(Protocol):
    async def of_order(self, order_id: OrderId) -> Receipt | None: ...

    async def issue(self, order_id: OrderId, *, at: datetime) -> Receipt:
        """The next receipt of the year, for a locked order that has none.

        All who issue wait for one another from here until the transaction ends, so that a number is taken back with
        the transaction that took it: come here last, and end soon.
        """
        ...


@runtime_checkable
class Books(Protocol):
    """Reads for operators and instructors, one statement each. Pages are newest first."""

    async def ledger(
        self, *, order_id: OrderId | None, account: str | None, before: int | None, limit: int
    ) -> LedgerPage:
        """Transactions posted before the place `before`: all, those of an order, those with an entry on an account."""
        ...

    async def balances(self, *, account: str | None) -> BalanceList:
        """Of all accounts or of one, by name and currency; accounts without entries are left out."""
        ...

    async def orders(
        self, *, state: OrderState | None, user_id: UserId | None, text: str | None, before: UUID | None, limit: int
    ) -> OpsOrderPage:
        """Orders older than `before`; `text` is the beginning of an order's number, or a payment's whole reference."""
        ...

    async def order(self, order_id: OrderId) -> OpsOrder | None: ...

    async def earnings(self, instructor_id: UserId) -> Earnings: ...


@runtime_checkable
class BillingChecks(Protocol):
    async def examine(self, *, at: datetime) -> BillingHealth:
        """Look through billing's books and at the access that learning gives for them; changes nothing.

        Reads everything: for a doctor and for a figure now and then, not for requests. Orders in review are as their
        facts are: access goes with a payment of the right amount that is here.
        """
        ...

    async def backlog(self, *, at: datetime) -> WebhookBacklog:
        """What the inbox waits for; cheap enough to ask every few seconds."""
        ...
