"""What happens in a round, all of it decided by its seed: orders, what a gateway tells of them, and who dies when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from kosu.adapters.sandbox.events import SandboxMessage, facts_of, messages_for
from kosu.ids import CourseId, OrderId, PaymentId, UserId
from kosu.modules.billing.domain.orders import Order, OrderItemId, place
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.pricing import Terms, priced_item
from kosu.modules.billing.domain.sandbox import SANDBOX, SandboxAction
from kosu.money import Money

Part = Literal["api", "worker", "redis", "postgres"]

EVENTS = 1_000
CLIENTS = 16
COURSES = 8
# About six seconds of traffic in all, so that there is something to hit at every moment.
MEAN_PAUSE_SECONDS = 0.09
# The others send once: what they were acknowledged must come true though nobody ever tells it again.
PERSISTENT_SHARE = 0.8
# How many of a hundred orders.
SCENARIOS = {
    "paid": 58,
    "told twice": 8,
    "told by two events": 8,
    "declined before": 8,
    "declined after": 6,
    "refunded before": 8,
    "declined": 4,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending of one event; `persistent` ones are repeated until they are acknowledged."""

    order_id: OrderId
    message: SandboxMessage
    pause_seconds: float
    persistent: bool

    @property
    def fact(self) -> tuple[str, str]:
        """Kind and object of the only fact that the event tells."""
        (fact,) = facts_of(self.message.body)
        return fact.kind, fact.object_id


@dataclass(frozen=True, slots=True)
class Kill:
    """`part` dies `delay_seconds` after so many deliveries were acknowledged, or after all were sent."""

    part: Part
    after_acknowledged: int
    delay_seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`clients` are the deliveries of each client, in its order of sending."""

    seed: int
    sales: Sequence[tuple[Order, Payment]]
    clients: Sequence[Sequence[Delivery]]
    kills: Sequence[Kill]

    @property
    def deliveries(self) -> Sequence[Delivery]:
        return [delivery for client in self.clients for delivery in client]


def plan(seed: int, *parts: Part) -> Plan:
    """A round in which all of `parts` are killed at some moment, as often as they are named."""
    rng = random.Random(seed)  # noqa: S311 - the same for the same seed, which is what it is for
    at = datetime.now(UTC)
    sales: list[tuple[Order, Payment]] = []
    clients: list[list[Delivery]] = [[] for _ in range(CLIENTS)]
    count = 0
    while count < EVENTS:
        order, payment = _sale(rng, at)
        sales.append((order, payment))
        for story in _stories(rng, payment, at):
            room = story[: EVENTS - count]
            rng.choice(clients).extend(_delivery(rng, order, message) for message in room)
            count += len(room)
    return Plan(seed, sales, clients, _kills(rng, parts))


def _sale(rng: random.Random, at: datetime) -> tuple[Order, Payment]:
    order_id = OrderId(_uuid(rng))
    items = tuple(
        priced_item(
            item_id=OrderItemId(_uuid(rng)),
            course_id=CourseId(UUID(int=course + 1)),
            instructor_id=UserId(UUID(int=course + 1)),
            slug=f"course-{course}",
            title=f"Course {course}",
            full_price=Money(rng.randrange(1_000, 90_000), "KRW"),
            terms=Terms(),
        )
        for course in rng.sample(range(COURSES), rng.choice([1, 1, 1, 2]))
    )
    order = place(order_id=order_id, user_id=UserId(_uuid(rng)), items=items, gateway=SANDBOX, at=at)
    payment = Payment(
        id=PaymentId(_uuid(rng)),
        order_id=order_id,
        gateway=SANDBOX,
        gateway_ref=f"sbx_{order_id.hex}",
        checkout_url="",
        amount=order.total,
        created_at=at,
    )
    return order, payment


def _stories(rng: random.Random, payment: Payment, at: datetime) -> list[list[SandboxMessage]]:
    """What is told of a payment: each story by one client, in this order, and several at the same time."""

    def told(action: SandboxAction) -> SandboxMessage:
        return messages_for(action, payment, left=payment.amount, at=at)[0]

    pay, decline, refund = told(SandboxAction.PAY), told(SandboxAction.FAIL), told(SandboxAction.REFUND)
    stories = {
        "paid": [[pay]],
        "told twice": [[pay], [pay]],
        "told by two events": [[pay], [SandboxMessage(f"{pay.id}_again", pay.body)]],
        "declined before": [[decline, pay]],
        "declined after": [[pay, decline]],
        "refunded before": [[refund, pay]],
        "declined": [[decline]],
    }
    (scenario,) = rng.choices(list(SCENARIOS), list(SCENARIOS.values()))
    return stories[scenario]


def _delivery(rng: random.Random, order: Order, message: SandboxMessage) -> Delivery:
    return Delivery(order.id, message, rng.expovariate(1 / MEAN_PAUSE_SECONDS), rng.random() < PERSISTENT_SHARE)


def _kills(rng: random.Random, parts: Sequence[Part]) -> Sequence[Kill]:
    moments = sorted(rng.randrange(EVENTS // 20, EVENTS * 9 // 10) for _ in parts)
    victims = rng.sample(parts, len(parts))
    return [Kill(part, moment, rng.uniform(0, 0.3)) for part, moment in zip(victims, moments, strict=True)]


def _uuid(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)
