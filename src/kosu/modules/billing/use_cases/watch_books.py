"""What operators look at: orders and the ledger. Looking is audited too."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import BalanceList, LedgerPage, OpsOrder, OpsOrderPage
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.errors import OrderNotFound
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.billing.ports.books import Books
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class FindOrders:
    transaction: Transaction[BillingRecords]
    books: Books
    audit: AuditLog
    clock: Clock

    async def __call__(
        self,
        *,
        state: OrderState | None,
        user_id: UserId | None,
        text: str | None,
        before: UUID | None,
        limit: int,
        origin: Origin,
    ) -> OpsOrderPage:
        """Orders of all buyers, newest first, older than `before`."""
        async with self.transaction() as records:
            await self.audit.record(
                records,
                Action.ORDERS_VIEWED,
                user_id,
                at=self.clock.now(),
                origin=origin,
                state=state or "",
                text=text or "",
            )
        return await self.books.orders(state=state, user_id=user_id, text=text, before=before, limit=limit)


@dataclass(frozen=True, slots=True)
class InspectOrder:
    transaction: Transaction[BillingRecords]
    books: Books
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, order_id: OrderId, origin: Origin) -> OpsOrder:
        """One order with its payments, refunds and postings. Raises OrderNotFound."""
        order = await self.books.order(order_id)
        if order is None:
            msg = "There is no such order."
            raise OrderNotFound(msg)
        async with self.transaction() as records:
            await self.audit.record(
                records,
                Action.ORDER_VIEWED,
                order.user_id,
                at=self.clock.now(),
                origin=origin,
                order_id=str(order_id),
            )
        return order


@dataclass(frozen=True, slots=True)
class ReadLedger:
    transaction: Transaction[BillingRecords]
    books: Books
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, *, order_id: OrderId | None, account: str | None, before: int | None, limit: int, origin: Origin
    ) -> LedgerPage:
        """Transactions, newest posting first."""
        async with self.transaction() as records:
            await self.audit.record(
                records,
                Action.LEDGER_VIEWED,
                None,
                at=self.clock.now(),
                origin=origin,
                order_id=str(order_id or ""),
                account=account or "",
            )
        return await self.books.ledger(order_id=order_id, account=account, before=before, limit=limit)


@dataclass(frozen=True, slots=True)
class ReadBalances:
    transaction: Transaction[BillingRecords]
    books: Books
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, account: str | None, origin: Origin) -> BalanceList:
        """What each account holds in each currency."""
        async with self.transaction() as records:
            await self.audit.record(
                records, Action.LEDGER_VIEWED, None, at=self.clock.now(), origin=origin, account=account or ""
            )
        return await self.books.balances(account=account)
