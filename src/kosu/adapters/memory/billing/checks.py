"""What `kosu doctor` asks of billing, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from kosu.adapters.memory.billing.inbox import INBOX, InboxRow
from kosu.adapters.memory.billing.records import LEDGER, ORDERS, PAYMENT_FACTS, PAYMENTS, REFUNDS, facts_of
from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.learning import ENROLMENTS
from kosu.modules.billing.book_views import BillingHealth, WebhookBacklog, suspects
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.refunds import Refund, RefundState
from kosu.modules.billing.domain.standing import derive
from kosu.modules.billing.ports.books import GRACE, NAMED
from kosu.modules.billing.settlement import ORDER_ITEM
from kosu.modules.learning.domain.enrolment import Enrolment


class MemoryBillingChecks:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def examine(self, *, at: datetime) -> BillingHealth:
        overdue = at - GRACE
        orders: Iterable[Order] = self._database.table(ORDERS).values()
        postings: Iterable[LedgerTransaction] = self._database.table(LEDGER).values()
        refunds: Iterable[Refund] = self._database.table(REFUNDS).values()
        inbox: Iterable[InboxRow] = self._database.table(INBOX).values()
        rightful, live = self._rightful(orders, at), self._live(at)
        found: dict[str, Collection[UUID] | Collection[str]] = {
            "unbalanced": [posting.source for posting in postings if _is_unbalanced(posting)],
            "paid_without_access": rightful - live,
            "access_without_payment": live - rightful,
            "stale_orders": [
                order.id
                for order in orders
                if order.state is OrderState.PENDING and order.expires_at is not None and order.expires_at < overdue
            ],
            "unsent_refunds": [
                refund.id
                for refund in refunds
                if refund.state is RefundState.REQUESTED and refund.requested_at < overdue
            ],
            "overdue_webhooks": [
                row.webhook.id for row in inbox if row.next_attempt_at is not None and row.next_attempt_at < overdue
            ],
            "dead_webhooks": [row.webhook.id for row in inbox if row.state is WebhookState.DEAD],
        }
        return BillingHealth(**{check: suspects(ids, most=NAMED) for check, ids in found.items()})

    async def backlog(self, *, at: datetime) -> WebhookBacklog:
        inbox: list[InboxRow] = list(self._database.table(INBOX).values())
        due = [row.next_attempt_at for row in inbox if row.next_attempt_at is not None and row.next_attempt_at <= at]
        dead = sum(row.state is WebhookState.DEAD for row in inbox)
        return WebhookBacklog(due=len(due), oldest_due_at=min(due, default=None), dead=dead)

    def _rightful(self, orders: Iterable[Order], at: datetime) -> set[UUID]:
        payments, facts = self._database.table(PAYMENTS), self._database.table(PAYMENT_FACTS)
        return {
            item_id for order in orders for item_id in derive(order, facts_of(payments, facts, order.id), at=at).granted
        }

    def _live(self, at: datetime) -> set[UUID]:
        enrolments: Iterable[Enrolment] = self._database.table(ENROLMENTS).values()
        return {
            grant.source_id
            for enrolment in enrolments
            for grant in enrolment.grants
            if grant.source == ORDER_ITEM and grant.is_live(at)
        }


def _is_unbalanced(posting: LedgerTransaction) -> bool:
    sums: dict[str, int] = defaultdict(int)
    for entry in posting.entries:
        sums[entry.money.currency] += entry.money.amount_minor
    return not posting.entries or any(sums.values())
