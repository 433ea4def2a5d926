"""Webhooks from their acknowledgement to their settlement."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from kosu.adapters.memory.billing import MemoryGateway, MemoryWebhookInbox
from kosu.adapters.memory.billing.records import LEDGER
from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.outbox import OutboxRow
from kosu.adapters.memory.queue import MemoryQueue
from kosu.ids import PaymentId
from kosu.modules.billing.domain.inbox import (
    BACKOFF,
    HOPELESS_ATTEMPTS,
    ClaimedWebhook,
    Envelope,
    ReceivedWebhook,
    WebhookId,
)
from kosu.modules.billing.domain.payments import PaymentFact
from kosu.modules.billing.domain.readings import Reading
from kosu.modules.billing.errors import BadSignature, PayloadTooLarge, UnknownGateway, UnstorableWebhook
from kosu.modules.billing.jobs import DrainInbox
from kosu.modules.billing.reception import MOST_TOGETHER, PUTS_IN_FLIGHT, Reception
from kosu.modules.billing.use_cases.settle_webhook import SettleWebhook
from kosu.modules.billing.views import PlacedOrder, WebhookView
from kosu.money import Money
from kosu.ports.messages import Job
from kosu.ports.unit_of_work import DatabaseUnavailable
from tests.support.billing import BillingWorld, captured, failed, memory_world, refund


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


async def webhooks(world: BillingWorld) -> list[WebhookView]:
    return (await world.queries.webhooks(state=None, before=None, limit=100)).items


async def test_a_webhook_is_stored_and_rung_for_before_it_is_settled(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order, captured())
    assert await world.inbox_states() == ["received"]
    assert world.queue.take() == [DrainInbox()]
    assert (await world.view(order)).state == "pending"


async def test_a_webhook_told_five_times_is_settled_once(world: BillingWorld) -> None:
    order = await world.order()
    for _ in range(5):
        await world.receive(order, captured(), event_id="same")
    await world.drain()
    assert await world.inbox_states() == ["processed"]
    assert list(world.grants.calls.values()) == [1]


async def test_one_fact_under_two_event_ids_is_one_posting(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    await world.settle(order, captured())
    assert await world.inbox_states() == ["processed", "processed"]
    assert len(world.database.table(LEDGER)) == 1
    assert list(world.grants.calls.values()) == [1]


async def test_webhooks_of_one_turn_share_one_statement_and_one_ring(world: BillingWorld) -> None:
    orders = [await world.order() for _ in range(8)]
    await asyncio.gather(*(world.receive(order, captured()) for order in orders))
    assert world.queue.take() == [DrainInbox()]
    assert await world.inbox_states() == ["received"] * 8


class CountingQueue(MemoryQueue):
    """Notes with each ring how many webhooks were committed by then."""

    def __init__(self, world: BillingWorld) -> None:
        super().__init__()
        self.committed: list[int] = []
        self.rung = asyncio.Event()
        self._world = world

    async def enqueue(self, job: Job, *, once: bool = False) -> None:
        self.committed.append(len(await webhooks(self._world)))
        self.rung.set()


async def test_a_burst_rings_less_than_once_each_and_once_after_its_last_commit(world: BillingWorld) -> None:
    """The last ring of each of two bursts sees them all: no webhook is left to the sweep."""
    queue = CountingQueue(world)
    reception = Reception(world.inbox, queue)
    for count in range(1, 41):
        envelope = Envelope(dedup_key=f"burst-{count}", event_type="", payment_ref=None, key_id="")
        await reception.accept(
            ReceivedWebhook(WebhookId(world.ids.new()), "memory", envelope, b"{}", world.clock.now())
        )
        async with asyncio.timeout(10):
            while count in {20, 40} and queue.committed[-1] < count:
                queue.rung.clear()
                await queue.rung.wait()
    assert len(queue.committed) < 40


class HeldInbox(MemoryWebhookInbox):
    """A database that is slow until it is told to go on; notes how many came together, and how many at once."""

    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self.batches: list[int] = []
        self.most_at_once = 0
        self.go_on = asyncio.Event()
        self._at_once = 0

    async def put(self, webhooks: Sequence[ReceivedWebhook]) -> int:
        self.batches.append(len(webhooks))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await self.go_on.wait()
        self._at_once -= 1
        return await super().put(webhooks)


class Storm:
    """Webhooks that come one by one, each in an event-loop turn of its own, to a database that is slow."""

    def __init__(self, world: BillingWorld) -> None:
        self.inbox = HeldInbox(world.database)
        self._world = world
        self._reception = Reception(self.inbox, world.queue)
        self._accepting: list[asyncio.Task[None]] = []

    async def send(self, count: int) -> list[asyncio.Task[None]]:
        sent = [asyncio.create_task(self._accept()) for _ in range(count)]
        self._accepting += sent
        for _ in range(5):
            await asyncio.sleep(0)
        return sent

    async def pass_by(self) -> None:
        self.inbox.go_on.set()
        await asyncio.gather(*self._accepting, return_exceptions=True)

    async def _accept(self) -> None:
        webhook_id = WebhookId(self._world.ids.new())
        envelope = Envelope(dedup_key=str(webhook_id), event_type="", payment_ref=None, key_id="")
        await self._reception.accept(ReceivedWebhook(webhook_id, "memory", envelope, b"{}", self._world.clock.now()))


async def test_webhooks_that_come_while_others_are_being_stored_share_the_next_statement(world: BillingWorld) -> None:
    """The slower the database, the more share a commit; it is never asked for more than a few at once."""
    storm = Storm(world)
    for _ in range(PUTS_IN_FLIGHT + 10):
        await storm.send(1)
    await storm.pass_by()
    assert storm.inbox.batches == [1] * PUTS_IN_FLIGHT + [10]
    assert storm.inbox.most_at_once == PUTS_IN_FLIGHT
    assert await world.inbox_states() == ["received"] * (PUTS_IN_FLIGHT + 10)


async def test_one_statement_stores_no_more_than_it_may(world: BillingWorld) -> None:
    storm = Storm(world)
    for count in [1] * PUTS_IN_FLIGHT + [MOST_TOGETHER + 44]:
        await storm.send(count)
    await storm.pass_by()
    assert storm.inbox.batches == [1] * PUTS_IN_FLIGHT + [MOST_TOGETHER, 44]


async def test_a_sender_that_hangs_up_while_its_batch_gathers_takes_no_other_with_it(world: BillingWorld) -> None:
    storm = Storm(world)
    for _ in range(PUTS_IN_FLIGHT):
        await storm.send(1)
    hanging_up, *others = await storm.send(3)
    hanging_up.cancel()
    await storm.pass_by()
    assert hanging_up.cancelled()
    assert [other.exception() for other in others] == [None, None]
    assert await world.inbox_states() == ["received"] * (PUTS_IN_FLIGHT + 3)


async def test_an_outage_in_the_middle_of_a_storm_fails_those_that_wait_and_no_later_one(world: BillingWorld) -> None:
    storm = Storm(world)
    waiting = [task for _ in range(PUTS_IN_FLIGHT + 2) for task in await storm.send(1)]
    world.database.available = False
    await storm.pass_by()
    assert {type(task.exception()) for task in waiting} == {DatabaseUnavailable}
    world.database.available = True
    (later,) = await storm.send(1)
    await later
    assert await world.inbox_states() == ["received"]


async def test_a_webhook_that_cannot_be_stored_fails_alone(world: BillingWorld) -> None:
    order = await world.order()
    outcomes = await asyncio.gather(
        world.receive(order, captured()),
        world.receive(order, captured(), payment_ref="NUL \0"),
        world.receive(order, failed()),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), UnstorableWebhook, type(None)]
    assert await world.inbox_states() == ["received", "received"]


async def test_a_sender_that_hangs_up_takes_no_other_with_it(world: BillingWorld) -> None:
    order = await world.order()
    hanging_up = asyncio.create_task(world.receive(order, captured()))
    waiting = asyncio.create_task(world.receive(order, failed()))
    await asyncio.sleep(0)
    hanging_up.cancel()
    await waiting
    assert await world.inbox_states() == ["received", "received"]


async def test_a_webhook_is_acknowledged_while_the_queue_is_away(world: BillingWorld) -> None:
    order = await world.order()
    world.queue.available = False
    await world.receive(order, captured())
    await world.drain()
    assert (await world.view(order)).state == "paid"


async def test_a_webhook_is_not_acknowledged_while_the_database_is_away(world: BillingWorld) -> None:
    order = await world.order()
    world.database.available = False
    outcomes = await asyncio.gather(
        world.receive(order, captured()), world.receive(order, failed()), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable, DatabaseUnavailable]
    world.database.available = True
    await world.receive(order, captured())
    assert await world.inbox_states() == ["received"]


async def test_what_is_forged_too_large_or_for_nobody_is_stored_nowhere(world: BillingWorld) -> None:
    receive = world.billing.receive_webhook()
    raw, headers = world.gateway.webhook(captured(), event_id="e", payment_ref="r")
    with pytest.raises(BadSignature):
        await receive(gateway="memory", raw=raw + b" ", headers=headers)
    with pytest.raises(UnknownGateway):
        await receive(gateway="toss", raw=raw, headers=headers)
    large = b" " * 65_537
    with pytest.raises(PayloadTooLarge):
        await receive(gateway="memory", raw=large, headers={"memory-signature": world.gateway.sign(large)})
    assert await world.inbox_states() == []
    assert world.queue.take() == []


async def test_a_signed_body_that_makes_no_sense_is_stored_and_dead(world: BillingWorld) -> None:
    raw = b"\xff not json"
    await world.billing.receive_webhook()(
        gateway="memory", raw=raw, headers={"memory-signature": world.gateway.sign(raw)}
    )
    await world.drain()
    (webhook,) = await webhooks(world)
    assert (webhook.state, webhook.error_code, webhook.attempts) == ("dead", "malformed_event", 1)


async def test_an_event_that_means_nothing_to_us_is_ignored(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order)
    await world.drain()
    assert await world.inbox_states() == ["ignored"]


async def test_a_wrong_amount_is_for_review_and_opens_nothing(world: BillingWorld) -> None:
    order = await world.order()
    assert await world.settle(order, captured(Money(100, "KRW"))) == "review"
    assert not await world.open_courses(order)


async def test_a_refund_that_comes_before_its_capture_waits_for_it(world: BillingWorld) -> None:
    order = await world.order()
    assert await world.settle(order, refund()) == "pending"
    assert await world.settle(order, captured()) == "refunded"
    assert not await world.open_courses(order)


async def test_a_late_failure_leaves_the_order_paid(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    assert await world.settle(order, failed()) == "paid"
    assert await world.open_courses(order)


async def test_a_refund_ends_access(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    assert await world.settle(order, refund()) == "refunded"
    assert not await world.open_courses(order)


async def test_others_are_told_once_of_the_payment_and_once_of_the_refund(world: BillingWorld) -> None:
    order = await world.order()
    for each in (captured(), captured(), failed(), refund(), refund(), failed()):
        await world.settle(order, each)
    rows: list[OutboxRow] = list(world.database.table("messaging.outbox").values())
    assert [row.name for row in rows] == ["billing.OrderPaid", "billing.OrderRefunded"]
    assert rows[0].payload["order_id"] == str(order.id)


async def test_one_of_two_purchases_refunded_leaves_the_other(world: BillingWorld) -> None:
    """The first order expired, a second was placed, and then both were paid."""
    course = world.course()
    first = await world.order(course)
    world.clock.advance(minutes=31)
    second = await world.order(course)
    await world.settle(first, captured(object_id="cap1"))
    await world.settle(second, captured(object_id="cap2"))
    await world.settle(first, refund(of="cap1"))
    assert await world.open_courses(second) == {course}


async def test_a_fact_told_again_with_another_amount_is_for_an_operator(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    await world.settle(order, captured(Money(1, "KRW")))
    assert (await world.view(order)).state == "paid"
    assert await world.inbox_states() == ["dead", "processed"]


async def early(world: BillingWorld) -> PlacedOrder:
    """A webhook has arrived whose payment is not committed yet."""
    order = await world.order()
    assert order.payment is not None
    await world.receive(order, captured(), payment_ref="mem_early")
    await world.drain()
    return order


async def test_an_unknown_payment_is_tried_again_until_it_is_known(world: BillingWorld) -> None:
    order = await early(world)
    assert await world.inbox_states() == ["failed"]
    async with world.transaction() as records:
        payment = await records.payments.of_order(order.id)
        assert payment is not None
        await records.payments.add(replace(payment, id=PaymentId(world.ids.new()), gateway_ref="mem_early"))
    assert await world.drain() == 0
    world.clock.advance(seconds=10)
    await world.drain()
    assert (await world.view(order)).state == "paid"
    assert await world.inbox_states() == ["processed"]


async def test_an_unknown_payment_is_believed_in_for_a_day_and_no_longer(world: BillingWorld) -> None:
    await early(world)
    started = world.clock.now()
    while (webhook := (await webhooks(world))[0]).next_attempt_at is not None:
        world.clock.advance(webhook.next_attempt_at - world.clock.now())
        await world.drain()
    assert (webhook.state, webhook.error_code) == ("dead", "unknown_payment")
    assert world.clock.now() - started == timedelta(hours=24)


class FaultyGateway(MemoryGateway):
    """A gateway whose adapter has a mistake in it: it fails in a way that nobody foresaw."""

    def read(self, document: bytes) -> Reading:
        if b"poison" in document:
            msg = "nobody foresaw this"
            raise ZeroDivisionError(msg)
        return super().read(document)


def poison() -> PaymentFact:
    return captured(object_id="poison")


async def test_poison_is_put_off_told_to_the_caller_and_stops_no_other() -> None:
    world = memory_world(FaultyGateway())
    orders = [await world.order() for _ in range(6)]
    await world.receive(orders[0], poison())
    for order in orders[1:]:
        await world.receive(order, captured())
    with pytest.raises(ExceptionGroup) as raised:
        await world.drain()
    assert [type(error) for error in raised.value.exceptions] == [ZeroDivisionError]
    assert await world.inbox_states() == ["failed"] + ["processed"] * 5


async def test_poison_is_dead_after_twelve_attempts() -> None:
    world = memory_world(FaultyGateway())
    await world.receive(await world.order(), poison())
    started = world.clock.now()
    for wait in (timedelta(), *BACKOFF):
        world.clock.advance(wait)
        with pytest.raises(ExceptionGroup):
            await world.drain()
    (webhook,) = await webhooks(world)
    assert (webhook.state, webhook.attempts, webhook.error_code) == ("dead", 12, "unforeseen")
    assert world.clock.now() - started > timedelta(hours=11)
    world.clock.advance(days=7)
    assert await world.drain() == 0


async def test_a_webhook_whose_worker_died_is_taken_over_when_the_lease_ends(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order, captured())
    await world.inbox.claim(at=world.clock.now(), lease=timedelta(seconds=60), limit=9)
    assert await world.drain() == 0
    world.clock.advance(seconds=60)
    assert await world.drain() == 1
    assert (await world.view(order)).state == "paid"


async def test_what_a_stopping_worker_has_not_settled_is_due_at_once(world: BillingWorld) -> None:
    """Not when its lease ends: somebody waits for the course that was paid for."""
    orders = [await world.order() for _ in range(2)]
    for order in orders:
        await world.receive(order, captured())
    settle, hangs = world.billing.settle_webhook(), asyncio.Event()

    async def settle_one(webhook: ClaimedWebhook) -> None:
        if webhook.payment_ref == orders[0].payment.ref:  # type: ignore[union-attr]
            await settle(webhook)
        else:
            hangs.set()
            await asyncio.Event().wait()

    draining = asyncio.create_task(replace(world.billing.drain_inbox(), settle=cast(SettleWebhook, settle_one))())
    await hangs.wait()
    await asyncio.sleep(0)
    draining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await draining
    assert sorted((webhook.state, webhook.error_code) for webhook in await webhooks(world)) == [
        ("failed", "interrupted"),
        ("processed", None),
    ]
    assert await world.drain() == 1
    assert [(await world.view(order)).state for order in orders] == ["paid", "paid"]


async def test_a_worker_that_was_given_up_changes_nothing_when_it_comes_back(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order, captured())
    (late,) = await world.inbox.claim(at=world.clock.now(), lease=timedelta(seconds=60), limit=9)
    world.clock.advance(seconds=60)
    (current,) = await world.inbox.claim(at=world.clock.now(), lease=timedelta(seconds=60), limit=9)
    await world.billing.settle_webhook()(late)
    assert (await world.view(order)).state == "pending"
    await world.billing.settle_webhook()(current)
    assert (await world.view(order)).state == "paid"


async def test_a_webhook_that_kills_every_worker_is_dead_in_the_end(world: BillingWorld) -> None:
    await world.receive(await world.order(), captured())
    for _ in range(HOPELESS_ATTEMPTS - 1):
        await world.inbox.claim(at=world.clock.now(), lease=timedelta(seconds=60), limit=9)
        world.clock.advance(seconds=60)
    await world.drain()
    (webhook,) = await webhooks(world)
    assert (webhook.state, webhook.error_code) == ("dead", "attempts_exhausted")


async def test_a_gateway_that_was_switched_off_is_waited_for(world: BillingWorld) -> None:
    order = await world.order()
    await world.receive(order, captured())
    world.gateways.clear()
    await world.drain()
    world.gateways[world.gateway.name] = world.gateway
    world.clock.advance(seconds=10)
    await world.drain()
    assert (await world.view(order)).state == "paid"
