"""Reads of billing's books in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import structs

from kosu.adapters.memory.billing.queries import page_by_id, summary_of, timeline_of
from kosu.adapters.memory.billing.receipts import RECEIPTS
from kosu.adapters.memory.billing.records import LEDGER, ORDERS, PAYMENT_FACTS, PAYMENTS, POSTED_AT, REFUNDS, facts_of
from kosu.adapters.memory.database import MemoryDatabase
from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.book_views import (
    Balance,
    BalanceList,
    EarnedBalance,
    EarnedByCourses,
    EarnedCourse,
    EarnedInMonth,
    Earnings,
    FactDetail,
    LedgerPage,
    LedgerTransactionView,
    OpsOrder,
    OpsOrderPage,
    OpsOrderSummary,
    PaymentDetail,
)
from kosu.modules.billing.domain.ledger import LedgerTransaction, instructor_payable
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.receipts import Receipt
from kosu.modules.billing.domain.refunds import Refund
from kosu.modules.billing.ports.books import BY_POSTING
from kosu.modules.billing.views import PostingView, RefundView
from kosu.money import Money
from kosu.paging import Cursor, page_of

K = TypeVar("K")


class MemoryBooks:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def ledger(
        self, *, order_id: OrderId | None, account: str | None, before: int | None, limit: int
    ) -> LedgerPage:
        found = [
            (place, posting)
            for place, posting in reversed(list(enumerate(self._postings(), start=1)))
            if order_id in {None, posting.order_id}
            and (account is None or any(entry.account == account for entry in posting.entries))
            and (before is None or place < before)
        ]
        page, following = page_of(found, limit, lambda last: Cursor(BY_POSTING, last[1].order_id, last[0]))
        return LedgerPage([self._view(posting) for _, posting in page], following and following.encode())

    async def balances(self, *, account: str | None) -> BalanceList:
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for posting in self._postings():
            for entry in posting.entries:
                if account in {None, entry.account}:
                    sums[entry.account, entry.money.currency] += entry.money.amount_minor
        return BalanceList([Balance(name, Money(sum_, currency)) for (name, currency), sum_ in sorted(sums.items())])

    async def orders(
        self, *, state: OrderState | None, user_id: UserId | None, text: str | None, before: UUID | None, limit: int
    ) -> OpsOrderPage:
        orders: Iterable[Order] = self._database.table(ORDERS).values()
        payments: Iterable[Payment] = self._database.table(PAYMENTS).values()
        of_ref = {payment.order_id for payment in payments if payment.gateway_ref == text}
        found: dict[UUID, Order] = {
            order.id: order
            for order in orders
            if state in {None, order.state}
            and user_id in {None, order.user_id}
            and (text is None or order.number.startswith(text.upper()) or order.id in of_ref)
        }
        page, next_cursor = page_by_id(found, before, limit)
        return OpsOrderPage([_ops_summary(order) for order in page], next_cursor)

    async def order(self, order_id: OrderId) -> OpsOrder | None:
        order: Order | None = self._database.table(ORDERS).get(order_id)
        if order is None:
            return None
        payments: Mapping[PaymentId, Payment] = self._database.table(PAYMENTS)
        own = sorted((each for each in payments.values() if each.order_id == order_id), key=lambda each: each.id)
        facts = self._database.table(PAYMENT_FACTS)
        told: list[tuple[PaymentId, PaymentFact]] = [
            (payment_id, fact) for (payment_id, _), fact in facts.items() if payments[payment_id].order_id == order_id
        ]
        refunds: list[Refund] = [each for each in self._database.table(REFUNDS).values() if each.order_id == order_id]
        receipt: Receipt | None = self._database.table(RECEIPTS).get(order_id)
        return OpsOrder(
            **structs.asdict(_ops_summary(order)),
            tax=Money(sum(item.tax_minor for item in order.items), order.total.currency),
            cancelled_at=order.cancelled_at,
            receipt_number=None if receipt is None else receipt.number,
            timeline=timeline_of(order, facts_of(self._database.table(PAYMENTS), facts, order_id)),
            payments=[
                PaymentDetail(
                    id=payment.id,
                    gateway=payment.gateway,
                    ref=payment.gateway_ref,
                    amount=payment.amount,
                    created_at=payment.created_at,
                )
                for payment in own
            ],
            facts=[
                FactDetail(
                    fact.kind,
                    fact.object_id,
                    fact.money,
                    payment_id=payment_id,
                    capture_id=fact.capture_id,
                    occurred_at=fact.occurred_at,
                    items=list(fact.item_ids),
                )
                for payment_id, fact in sorted(told, key=lambda each: (each[1].occurred_at, each[1].key))
            ],
            refunds=[
                RefundView.of(refund) for refund in sorted(refunds, key=lambda each: (each.requested_at, each.id))
            ],
            ledger=[self._view(posting) for posting in self._postings() if posting.order_id == order_id],
        )

    async def earnings(self, instructor_id: UserId) -> Earnings:
        account = instructor_payable(instructor_id)
        lines = [
            _Line(posting, entry.money)
            for posting in self._postings()
            for entry in posting.entries
            if entry.account == account
        ]
        orders: Mapping[OrderId, Order] = self._database.table(ORDERS)

        def courses(line: _Line) -> tuple[CourseId, ...]:
            items = orders[line.posting.order_id].items
            return tuple(sorted(item.course_id for item in items if item.instructor_id == instructor_id))

        balances = [
            EarnedBalance(**_sums(group), balance=Money(-sum(line.money.amount_minor for line in group), currency))
            for currency, group in sorted(_grouped(lines, lambda line: line.money.currency).items())
        ]
        # Newest first, and the currencies of a month by their names.
        months = [
            EarnedInMonth(**_sums(group), month=month)
            for (month, _), group in sorted(
                sorted(_grouped(lines, lambda line: (line.month, line.money.currency)).items()),
                key=lambda entry: entry[0][0],
                reverse=True,
            )
        ]
        by_courses = [
            EarnedByCourses(
                **_sums(group),
                courses=[_titled(course_id, orders, group) for course_id in course_ids],
                order_count=len({line.posting.order_id for line in group}),
            )
            for (_, course_ids), group in sorted(
                _grouped(lines, lambda line: (line.money.currency, courses(line))).items(),
                key=lambda entry: (-_sums(entry[1])["earned"].amount_minor, entry[0]),
            )
        ]
        return Earnings(balances=balances, months=months, courses=by_courses)

    def _postings(self) -> Iterable[LedgerTransaction]:
        return self._database.table(LEDGER).values()

    def _view(self, posting: LedgerTransaction) -> LedgerTransactionView:
        posted_at: datetime = self._database.table(POSTED_AT)[posting.source]
        return LedgerTransactionView(
            source=posting.source,
            order_id=posting.order_id,
            occurred_at=posting.occurred_at,
            posted_at=posted_at,
            entries=[PostingView(entry.account, entry.money) for entry in posting.entries],
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry on an instructor's account."""

    posting: LedgerTransaction
    money: Money

    @property
    def month(self) -> str:
        return f"{self.posting.occurred_at:%Y-%m}"

    @property
    def is_capture(self) -> bool:
        """Whether it is of a capture or of what undoes one, and not of a refund."""
        return self.posting.source.split("/")[1] in {FactKind.CAPTURED, FactKind.CAPTURE_REVERSED}


def _grouped(lines: Iterable[_Line], key: Callable[[_Line], K]) -> Mapping[K, list[_Line]]:
    groups: dict[K, list[_Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return groups


def _sums(lines: Sequence[_Line]) -> dict[str, Money]:
    currency = lines[0].money.currency
    return {
        "earned": Money(-sum(line.money.amount_minor for line in lines if line.is_capture), currency),
        "refunded": Money(sum(line.money.amount_minor for line in lines if not line.is_capture), currency),
    }


def _titled(course_id: CourseId, orders: Mapping[OrderId, Order], lines: Iterable[_Line]) -> EarnedCourse:
    newest = orders[max(line.posting.order_id for line in lines)]
    return EarnedCourse(course_id, next(item.title for item in newest.items if item.course_id == course_id))


def _ops_summary(order: Order) -> OpsOrderSummary:
    return OpsOrderSummary(**structs.asdict(summary_of(order)), user_id=order.user_id)
