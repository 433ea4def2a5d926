"""The ledger: double entry, append-only, one transaction for each fact that moved money.

Debits are positive, credits negative; the entries of a transaction sum to zero in each currency. Which transactions an
order has is a function of its facts as a set, so that late, repeated and reordered webhooks end in the same books.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.orders import Order, OrderItem
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.money import Money

PSP_CLEARING = "psp_clearing"
PSP_FEE = "psp_fee"
DISPUTE_HOLD = "dispute_hold"
TAX_PAYABLE = "tax_payable"
PLATFORM_REVENUE = "platform_revenue"
# Money that came in and that no order explains: a wrong amount or currency, until an operator decides.
SUSPENSE = "suspense"

_UNDOES = {FactKind.CAPTURE_REVERSED: FactKind.CAPTURED, FactKind.REFUND_FAILED: FactKind.REFUND}


def instructor_payable(instructor_id: UserId) -> str:
    return f"instructor_payable:{instructor_id}"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    account: str
    money: Money


@dataclass(frozen=True, slots=True)
class LedgerTransaction:
    """`source` is unique for ever: posting a transaction twice is posting it once.

    Raises:
        ValueError: the entries do not sum to zero.
    """

    source: str
    order_id: OrderId
    occurred_at: datetime
    entries: tuple[LedgerEntry, ...]

    def __post_init__(self) -> None:
        sums: dict[str, int] = defaultdict(int)
        for entry in self.entries:
            sums[entry.money.currency] += entry.money.amount_minor
        if any(sums.values()):
            msg = f"unbalanced: {self.source}"
            raise ValueError(msg)


def transactions(order: Order, facts: Collection[PaymentFact]) -> Sequence[LedgerTransaction]:
    """The transactions of all facts whose meaning is settled.

    A fact about a capture waits for the capture, a failed refund for its refund. More facts only ever add
    transactions, they never change one.
    """
    known = {fact.key: fact for fact in facts}
    posted = []
    for fact in sorted(facts, key=lambda fact: (fact.occurred_at, fact.key)):
        entries = _entries(order, fact, known)
        if entries:
            posted.append(
                LedgerTransaction(
                    source=f"{order.id}/{fact.kind}/{fact.object_id}",
                    order_id=order.id,
                    occurred_at=fact.occurred_at,
                    entries=entries,
                )
            )
    return posted


def _entries(
    order: Order, fact: PaymentFact, known: Mapping[tuple[FactKind, str], PaymentFact]
) -> tuple[LedgerEntry, ...]:
    capture = known.get((FactKind.CAPTURED, fact.capture_id))
    if capture is None:
        return ()
    if fact.kind in _UNDOES:
        undone = known.get((_UNDOES[fact.kind], fact.object_id))
        return _negated(_entries(order, undone, known)) if undone else ()
    explained = capture.money == order.total and fact.money.currency == order.total.currency
    earned = _shares(order, fact) if explained else {SUSPENSE: fact.money.amount_minor}
    match fact.kind:
        case FactKind.CAPTURED:
            entries = _move(fact.money, earned, to=PSP_CLEARING) + (_fee(order) if explained else ())
        case FactKind.REFUND:
            entries = _negated(_move(fact.money, earned, to=PSP_CLEARING))
        case FactKind.DISPUTE_OPEN:
            entries = _move(fact.money, {PSP_CLEARING: fact.money.amount_minor}, to=DISPUTE_HOLD)
        case FactKind.DISPUTE_WON:
            entries = _move(fact.money, {DISPUTE_HOLD: fact.money.amount_minor}, to=PSP_CLEARING)
        case FactKind.DISPUTE_LOST:
            entries = _negated(_move(fact.money, earned, to=DISPUTE_HOLD))
        case _:
            entries = ()
    return entries


def _shares(order: Order, fact: PaymentFact) -> Mapping[str, int]:
    """Who earned, or gives back, how much of the amount of a fact.

    Exact for the whole price of its items. Parts are rounded down for all but the platform, so that several partial
    refunds may leave one minor unit each with it.
    """
    items = [item for item in order.items if item.id in fact.item_ids]
    if sum(item.price.amount_minor for item in items) == 0:
        items = list(order.items)
    amount, basis = fact.money.amount_minor, sum(item.price.amount_minor for item in items)
    shares = {account: minor * amount // basis for account, minor in _earned(items).items()}
    return {**shares, PLATFORM_REVENUE: amount - sum(shares.values())}


def _earned(items: Sequence[OrderItem]) -> Mapping[str, int]:
    """What is not the platform's of the price of some items."""
    earned: dict[str, int] = defaultdict(int)
    for item in items:
        earned[TAX_PAYABLE] += item.tax_minor
        earned[instructor_payable(item.instructor_id)] += item.instructor_minor
    return earned


def _fee(order: Order) -> tuple[LedgerEntry, ...]:
    """What the gateway keeps of a capture. It does not give it back with a refund."""
    fee = Money(order.fee_minor, order.total.currency)
    return () if fee.is_free else (LedgerEntry(PSP_FEE, fee), LedgerEntry(PSP_CLEARING, -fee))


def _move(money: Money, origins: Mapping[str, int], *, to: str) -> tuple[LedgerEntry, ...]:
    entries = (
        LedgerEntry(to, money),
        *(LedgerEntry(account, Money(-minor, money.currency)) for account, minor in origins.items()),
    )
    return tuple(entry for entry in entries if not entry.money.is_free)


def _negated(entries: tuple[LedgerEntry, ...]) -> tuple[LedgerEntry, ...]:
    return tuple(LedgerEntry(entry.account, -entry.money) for entry in entries)
