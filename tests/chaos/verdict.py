"""What became of a round, read in PostgreSQL alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.domain.payments import FactKind
from tests.chaos.plan import Delivery, Plan
from tests.chaos.storm import Storm


@dataclass(frozen=True, slots=True)
class Verdict:
    """Deliveries are counted, and in `duplicates` those that told what an acknowledged one had told before.

    `wrong` are sentences about everything that is not as it has to be.
    """

    sent: int
    acknowledged: int
    applied: int
    duplicates: int
    paid_orders: int
    enrolments: int
    wrong: tuple[str, ...]

    @property
    def lost(self) -> int:
        return self.acknowledged - self.applied

    def __str__(self) -> str:
        return (
            f"sent {self.sent}  acknowledged {self.acknowledged}  applied {self.applied}  "
            f"duplicates {self.duplicates}  lost {self.lost}  "
            f"(orders paid {self.paid_orders}, courses open {self.enrolments}, wrong {len(self.wrong)})"
        )


class Books:
    """The rows of one round's orders."""

    def __init__(self, connection: psycopg.Connection, plan: Plan) -> None:
        self._connection = connection
        self.orders = {order.id: order for order, _ in plan.sales}
        ids = list(self.orders)
        self.inbox: dict[str, str] = dict(
            self._rows(
                "SELECT dedup_key, state FROM billing.webhook_inbox WHERE payment_ref = ANY(%s)",
                [payment.gateway_ref for _, payment in plan.sales],
            )
        )
        self.states: dict[UUID, str] = dict(
            self._rows("SELECT id, state FROM billing.orders WHERE id = ANY(%s)", ids),
        )
        self.facts: set[tuple[UUID, str, str]] = set(
            self._rows(
                """SELECT p.order_id, f.kind, f.object_id FROM billing.payment_facts f
                   JOIN billing.payments p ON p.id = f.payment_id WHERE p.order_id = ANY(%s)""",
                ids,
            )
        )
        self.postings = Counter(
            self._rows("SELECT order_id, source FROM billing.ledger_tx WHERE order_id = ANY(%s)", ids)
        )
        self.live_grants = Counter(
            self._rows(
                """SELECT g.user_id, g.course_id, g.source_id FROM learning.grants g
                   JOIN learning.enrolments e USING (user_id, course_id)
                   WHERE g.revoked_at IS NULL AND g.user_id = ANY(%s)""",
                [order.user_id for order in self.orders.values()],
            )
        )
        self.announced = Counter(
            (UUID(order_id), name)
            for order_id, name in self._rows(
                """SELECT payload->>'order_id', name FROM messaging.outbox
                   WHERE name IN ('billing.OrderPaid', 'billing.OrderRefunded') AND payload->>'order_id' = ANY(%s)""",
                [str(order_id) for order_id in ids],
            )
        )

    def has_applied(self, delivery: Delivery) -> bool:
        """Whether the event is settled and the fact that it tells is known."""
        return self.inbox.get(delivery.message.id) == "processed" and (delivery.order_id, *delivery.fact) in self.facts

    def unbalanced(self) -> list[Any]:
        """Of all rounds: what sums in a transaction and a currency to anything but zero."""
        return self._rows(
            """SELECT source, currency, sum(amount_minor) FROM billing.ledger_entries
               GROUP BY source, currency HAVING sum(amount_minor) <> 0"""
        )

    def dead_letters(self) -> list[Any]:
        """Of all rounds."""
        return self._rows(
            """SELECT 'webhook', dedup_key FROM billing.webhook_inbox WHERE state = 'dead'
               UNION ALL
               SELECT name, error FROM messaging.outbox WHERE next_attempt_at IS NULL AND delivered_at IS NULL"""
        )

    def _rows(self, statement: LiteralString, *values: object) -> list[Any]:
        return self._connection.execute(statement, values).fetchall()


def judge(connection: psycopg.Connection, plan: Plan, storm: Storm) -> Verdict:
    books = Books(connection, plan)
    acknowledged = storm.acknowledged
    return Verdict(
        sent=len(plan.deliveries),
        acknowledged=len(acknowledged),
        applied=sum(books.has_applied(delivery) for delivery in acknowledged),
        duplicates=len(acknowledged) - len({(delivery.order_id, *delivery.fact) for delivery in acknowledged}),
        paid_orders=sum(state == OrderState.PAID for state in books.states.values()),
        enrolments=books.live_grants.total(),
        wrong=(*_not_applied(books, plan, storm), *_wrong_orders(books), *_wrong_at_all(books)),
    )


def _not_applied(books: Books, plan: Plan, storm: Storm) -> Iterator[str]:
    for delivery in storm.acknowledged:
        if not books.has_applied(delivery):
            state = books.inbox.get(delivery.message.id, "not in the inbox")
            yield f"acknowledged and not applied: {delivery.message.id} is {state}"
    for message_id, state in books.inbox.items():
        if state != "processed":
            yield f"at rest, yet {state}: {message_id}"
    invented = books.facts - {(delivery.order_id, *delivery.fact) for delivery in plan.deliveries}
    for order_id, kind, object_id in invented:
        yield f"never told: {kind} {object_id} of {order_id}"


def _wrong_orders(books: Books) -> Iterator[str]:
    """Everything that follows from an order's facts, derived once more and in other words."""
    by_order: dict[UUID, dict[str, str]] = {order_id: {} for order_id in books.orders}
    for order_id, kind, object_id in books.facts:
        by_order[order_id][kind] = object_id
    for order_id, facts in by_order.items():
        state, postings, announcements = _expected(facts)
        if books.states[order_id] != state:
            yield f"{order_id} is {books.states[order_id]} and should be {state}: {facts}"
        posted = {source: count for (owner, source), count in books.postings.items() if owner == order_id}
        if posted != {f"{order_id}/{kind}/{facts[kind]}": 1 for kind in postings}:
            yield f"{order_id} is posted as {posted} for {facts}"
        for name, (least, most) in announcements.items():
            times = books.announced[order_id, f"billing.{name}"]
            if not least <= times <= most:
                yield f"{name} was announced {times} times of {order_id}: {facts}"


def _expected(facts: dict[str, str]) -> tuple[OrderState, list[FactKind], dict[str, tuple[int, int]]]:
    """State, ledger transactions, and how often what is announced at least and at most."""
    if FactKind.CAPTURED not in facts:
        state = OrderState.FAILED if FactKind.FAILED in facts else OrderState.PENDING
        return state, [], {"OrderPaid": (0, 0), "OrderRefunded": (0, 0)}
    if FactKind.REFUND not in facts:
        return OrderState.PAID, [FactKind.CAPTURED], {"OrderPaid": (1, 1), "OrderRefunded": (0, 0)}
    # Whichever of the two was settled first.
    postings = [FactKind.CAPTURED, FactKind.REFUND]
    return OrderState.REFUNDED, postings, {"OrderPaid": (0, 1), "OrderRefunded": (1, 1)}


def _wrong_at_all(books: Books) -> Iterator[str]:
    paid_for = Counter(
        (order.user_id, item.course_id, item.id)
        for order in books.orders.values()
        if books.states[order.id] == OrderState.PAID
        for item in order.items
    )
    for grant in paid_for - books.live_grants:
        yield f"paid without access: {grant}"
    for grant in books.live_grants - paid_for:
        yield f"access without payment: {grant}"
    for row in books.unbalanced():
        yield f"unbalanced: {row}"
    for row in books.dead_letters():
        yield f"dead: {row}"
