"""What follows from facts that were not known of an order before. Computed, not done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.domain.ledger import LedgerTransaction, transactions
from kosu.modules.billing.domain.orders import Order, OrderItemId
from kosu.modules.billing.domain.payments import PaymentFact
from kosu.modules.billing.domain.refunds import Refund, surplus_refunds
from kosu.modules.billing.domain.standing import Standing, derive


@dataclass(frozen=True, slots=True)
class Consequences:
    """`postings` are those of all facts, new and known; the ledger takes each of them once."""

    facts: Sequence[PaymentFact]
    before: Standing
    after: Standing
    known_postings: Sequence[LedgerTransaction]
    postings: Sequence[LedgerTransaction]
    refunds: Sequence[Refund]

    @property
    def opened(self) -> frozenset[OrderItemId]:
        return self.after.granted - self.before.granted

    @property
    def closed(self) -> frozenset[OrderItemId]:
        return self.before.granted - self.after.granted

    @property
    def new_postings(self) -> Sequence[LedgerTransaction]:
        known = {posting.source for posting in self.known_postings}
        return [posting for posting in self.postings if posting.source not in known]


def consequences(
    order: Order, known: Collection[PaymentFact], told: Collection[PaymentFact], *, at: datetime
) -> Consequences:
    """Before and after are both derived, so that access moves exactly with them. Repeated facts change nothing."""
    known_keys = {fact.key for fact in known}
    new = list({fact.key: fact for fact in told if fact.key not in known_keys}.values())
    facts = [*known, *new]
    return Consequences(
        facts=new,
        before=derive(order, known, at=at),
        after=derive(order, facts, at=at),
        known_postings=transactions(order, known),
        postings=transactions(order, facts),
        refunds=surplus_refunds(order, facts, at=at),
    )
