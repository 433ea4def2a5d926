"""What becomes true although no webhook told it: hints, answers of gateways, schedules, nightly lists and returns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from kosu.adapters.memory.billing import MemoryGateway
from kosu.adapters.memory.billing.records import LEDGER
from kosu.errors import TooManyRequests
from kosu.ids import PaymentId
from kosu.modules.billing.domain.inbox import HINT_WINDOW
from kosu.modules.billing.domain.reconciliation import ASKED_AFTER, next_ask
from kosu.modules.billing.errors import GatewayUnavailable, PaymentNotFound
from kosu.modules.billing.jobs import ConfirmPayment
from kosu.modules.billing.views import PlacedOrder
from kosu.money import Money
from kosu.ports.messages import name_of
from tests.support.billing import AT, BillingWorld, captured, failed, memory_world, refund


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


@pytest.fixture
def hinting() -> BillingWorld:
    """At a gateway that signs nothing."""
    return memory_world(MemoryGateway(signing=False))


def ref(order: PlacedOrder) -> str:
    assert order.payment is not None
    return order.payment.ref


async def after_the_window(world: BillingWorld) -> None:
    world.clock.advance(HINT_WINDOW)
    await world.drain()


async def test_a_hint_opens_nothing_by_itself(hinting: BillingWorld) -> None:
    """A forged "it is paid": the gateway, when asked, knows better."""
    order = await hinting.order()
    hinting.gateway.stand(ref(order))
    await hinting.receive(order, captured())
    await after_the_window(hinting)
    assert (await hinting.view(order)).state == "pending"
    assert await hinting.inbox_states() == ["processed"]


async def test_what_the_gateway_says_when_asked_is_what_counts(hinting: BillingWorld) -> None:
    order = await hinting.order()
    hinting.gateway.stand(ref(order), captured(Money(100, "KRW")))
    await hinting.receive(order, captured())
    await after_the_window(hinting)
    assert (await hinting.view(order)).state == "review"
    assert not await hinting.open_courses(order)


async def test_hints_that_come_together_are_one_and_looked_into_after_all_of_them(hinting: BillingWorld) -> None:
    order = await hinting.order()
    for _ in range(50):
        await hinting.receive(order, captured())
    assert await hinting.inbox_states() == ["received"]
    assert await hinting.drain() == 0
    hinting.gateway.stand(ref(order), captured())
    await after_the_window(hinting)
    assert (await hinting.view(order)).state == "paid"
    assert hinting.gateway.fetched == [ref(order)]


async def test_a_hint_after_the_window_is_looked_into_again(hinting: BillingWorld) -> None:
    order = await hinting.order()
    hinting.gateway.stand(ref(order))
    await hinting.receive(order)
    await after_the_window(hinting)
    hinting.gateway.stand(ref(order), captured())
    await hinting.receive(order)
    await after_the_window(hinting)
    assert (await hinting.view(order)).state == "paid"


async def test_a_hint_about_nothing_that_is_known_is_stored_nowhere(hinting: BillingWorld) -> None:
    order = await hinting.order()
    with pytest.raises(PaymentNotFound):
        await hinting.receive(order, payment_ref="mem_nobody")
    assert await hinting.inbox_states() == []


async def test_hints_are_taken_only_so_often(hinting: BillingWorld) -> None:
    order = await hinting.order()
    outcomes = await asyncio.gather(*(hinting.receive(order) for _ in range(300)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 200 + [TooManyRequests] * 100


async def test_a_hint_waits_while_the_gateway_is_away(hinting: BillingWorld) -> None:
    order = await hinting.order()
    hinting.gateway.stand(ref(order), captured())
    await hinting.receive(order)
    hinting.gateway.available = False
    await after_the_window(hinting)
    assert await hinting.inbox_states() == ["failed"]
    hinting.gateway.available = True
    hinting.clock.advance(seconds=10)
    await hinting.drain()
    assert (await hinting.view(order)).state == "paid"


async def test_a_deposit_that_is_taken_back_ends_access_and_a_second_one_opens_it_again(
    hinting: BillingWorld,
) -> None:
    order = await hinting.order()

    async def told(*facts: Any, reverts: bool = False) -> str:
        hinting.clock.advance(minutes=1)
        hinting.gateway.stand(ref(order), *facts, reverts=reverts)
        await hinting.receive(order)
        await after_the_window(hinting)
        return (await hinting.view(order)).state

    assert await told(reverts=True) == "pending"
    assert await told(captured(object_id="first", at=hinting.clock.now())) == "paid"
    assert await told(reverts=True) == "pending"
    assert not await hinting.open_courses(order)
    assert await told(captured(object_id="second", at=hinting.clock.now())) == "paid"
    assert await hinting.open_courses(order)
    assert len(hinting.database.table(LEDGER)) == 3


async def test_an_answer_that_is_older_than_one_that_was_applied_is_passed_over(world: BillingWorld) -> None:
    """Two workers asked at different moments, and the first to ask was the last to write."""
    order = await world.order()
    payment = await payment_of(world, order)
    early = world.clock.now()
    paid = world.gateway.stand(ref(order), captured(at=early - timedelta(seconds=1)))
    late = world.clock.advance(seconds=5)
    assert await world.billing.asking().note(payment, paid, as_of=late)
    await world.drain()
    taken_back = world.gateway.stand(ref(order), reverts=True)
    assert await world.billing.asking().note(payment, taken_back, as_of=world.clock.advance(seconds=5))
    await world.drain()
    stale = world.gateway.stand(ref(order), captured(object_id="never mind"))
    assert await world.billing.asking().note(payment, stale, as_of=early)
    await world.drain()
    assert (await world.view(order)).state == "pending"
    assert await world.inbox_states() == ["processed"] * 3


async def test_a_capture_after_the_question_is_not_undone_by_its_answer(world: BillingWorld) -> None:
    order = await world.order()
    payment = await payment_of(world, order)
    asked_at = world.clock.now()
    await world.settle(order, captured(at=world.clock.advance(seconds=1)))
    world.gateway.stand(ref(order), failed(), reverts=True)
    nothing_yet = await world.gateway.fetch(ref(order))
    assert nothing_yet is not None
    await world.billing.asking().note(payment, nothing_yet, as_of=asked_at)
    await world.drain()
    assert (await world.view(order)).state == "paid"


async def test_the_answer_to_a_hint_is_of_the_moment_of_asking(hinting: BillingWorld) -> None:
    """And not of the moment of the hint: what was captured in between is undone as well."""
    order = await hinting.order()
    await hinting.receive(order)
    paid = hinting.gateway.stand(ref(order), captured(at=hinting.clock.advance(seconds=0.5)))
    await hinting.billing.asking().note(
        await payment_of(hinting, order), paid, as_of=hinting.clock.advance(seconds=0.5)
    )
    await hinting.drain()
    assert (await hinting.view(order)).state == "paid"
    hinting.gateway.stand(ref(order), reverts=True)
    await after_the_window(hinting)
    assert (await hinting.view(order)).state == "pending"


async def payment_of(world: BillingWorld, order: PlacedOrder) -> Any:
    async with world.transaction() as records:
        payment = await records.payments.of_order(order.id)
    assert payment is not None
    return payment


async def test_a_capture_that_no_webhook_told_is_found_by_asking(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.stand(ref(order), captured())
    assert await world.billing.ask_about_payments()() == 0
    world.clock.advance(minutes=1)
    assert await world.billing.ask_about_payments()() == 1
    await world.drain()
    assert (await world.view(order)).state == "paid"


async def test_a_webhook_and_an_answer_about_one_capture_are_one_posting(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.stand(ref(order), captured())
    world.clock.advance(minutes=1)
    await world.billing.ask_about_payments()()
    await world.receive(order, captured())
    await world.drain()
    assert await world.inbox_states() == ["processed", "processed"]
    assert len(world.database.table(LEDGER)) == 1
    assert list(world.grants.calls.values()) == [1]


async def test_a_payment_is_asked_about_ever_more_rarely_for_a_week(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.stand(ref(order))
    started = world.clock.now()
    times = []
    while world.clock.now() < started + timedelta(days=9):
        if await world.billing.ask_about_payments()():
            times.append(world.clock.now() - started)
        world.clock.advance(minutes=1)
    assert times == list(ASKED_AFTER)
    assert await world.inbox_states() == []


async def test_a_payment_that_is_captured_is_no_longer_asked_about(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    world.clock.advance(minutes=1)
    assert await world.billing.ask_about_payments()() == 0
    assert world.gateway.fetched == []
    async with world.transaction() as records:
        assert await records.payments.lock_unasked(at=world.clock.advance(days=9), limit=9) == []


async def test_many_captured_payments_do_not_hide_one_that_is_not(world: BillingWorld) -> None:
    orders = [await world.order() for _ in range(101)]
    for number, order in enumerate(orders[:-1]):
        await world.settle(order, captured(object_id=f"cap-{number}"))
    world.clock.advance(minutes=1)
    assert await world.billing.ask_about_payments()() == 1
    assert world.gateway.fetched == [ref(orders[-1])]


async def test_a_gateway_that_is_away_is_asked_again_later_and_stops_no_other(world: BillingWorld) -> None:
    orders = [await world.order() for _ in range(60)]
    world.gateway.available = False
    world.clock.advance(minutes=1)
    assert await world.billing.ask_about_payments()() == 60
    world.gateway.available = True
    world.gateway.stand(ref(orders[-1]), captured())
    world.clock.advance(minutes=4)
    await world.billing.ask_about_payments()()
    await world.drain()
    assert (await world.view(orders[-1])).state == "paid"


def test_the_schedule_goes_on_where_a_long_stop_left_it() -> None:
    assert next_ask(created_at=AT, at=AT) == AT + timedelta(minutes=1)
    assert next_ask(created_at=AT, at=AT + timedelta(minutes=59)) == AT + timedelta(hours=1)
    assert next_ask(created_at=AT, at=AT + timedelta(hours=1)) == AT + timedelta(hours=6)
    assert next_ask(created_at=AT, at=AT + timedelta(days=7)) is None


async def test_the_nightly_list_finds_what_nobody_told_and_nothing_else(world: BillingWorld) -> None:
    told, untold = await world.order(), await world.order()
    await world.settle(told, captured())
    world.gateway.stand(ref(told), captured())
    world.gateway.stand(ref(untold), captured(object_id="untold"))
    world.gateway.stand("somebody else's", captured())
    assert await world.billing.reconcile_payments()() == 1
    await world.drain()
    assert (await world.view(untold)).state == "paid"
    world.clock.advance(days=1)
    assert await world.billing.reconcile_payments()() == 0
    assert await world.inbox_states() == ["processed", "processed"]


async def test_the_nightly_list_finds_a_refund_made_in_the_gateway_s_console(world: BillingWorld) -> None:
    order = await world.order()
    await world.settle(order, captured())
    world.gateway.stand(ref(order), captured(), refund())
    await world.billing.reconcile_payments()()
    await world.drain()
    assert (await world.view(order)).state == "refunded"


async def test_a_night_without_the_gateway_is_told_to_the_caller(world: BillingWorld) -> None:
    world.gateway.available = False
    with pytest.raises(ExceptionGroup):
        await world.billing.reconcile_payments()()


async def come_back(world: BillingWorld, order: PlacedOrder, **answers: str) -> None:
    """The browser comes back, and the worker does what that asks for."""
    await world.billing.return_from_checkout()(gateway="memory", payment_ref=ref(order), answers=answers)
    for row in list(world.database.table("messaging.outbox").values()):
        if row.name == name_of(ConfirmPayment):
            job = msgspec.convert(row.payload, ConfirmPayment)
            await world.billing.confirm_payment()(gateway=job.gateway, payment_ref=job.payment_ref, answers=job.answers)


async def test_a_buyer_who_comes_back_has_the_payment_confirmed_and_asked_about(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.stand(ref(order), captured())
    await come_back(world, order, key="k", nonsense="\0", long="x" * 301)
    await world.drain()
    assert world.gateway.confirmations == [(ref(order), {"key": "k"})]
    assert (await world.view(order)).state == "paid"


async def test_a_payment_that_the_gateway_refuses_is_asked_about_all_the_same(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.confirming = False
    world.gateway.stand(ref(order), failed())
    await come_back(world, order)
    await world.drain()
    assert (await world.view(order)).state == "failed"


async def test_a_confirmation_is_tried_again_while_the_gateway_is_away(world: BillingWorld) -> None:
    order = await world.order()
    world.gateway.available = False
    with pytest.raises(GatewayUnavailable):
        await come_back(world, order)


async def test_a_return_is_taken_only_so_often_and_only_for_what_is_known(world: BillingWorld) -> None:
    order = await world.order()
    returns = world.billing.return_from_checkout()
    with pytest.raises(PaymentNotFound):
        await returns(gateway="memory", payment_ref="mem_nobody", answers={})
    for _ in range(10):
        await returns(gateway="memory", payment_ref=ref(order), answers={})
    with pytest.raises(TooManyRequests):
        await returns(gateway="memory", payment_ref=ref(order), answers={})


async def test_asking_about_a_payment_that_is_gone_asks_nobody(world: BillingWorld) -> None:
    await world.billing.ask_about_payment()(payment_id=PaymentId(world.ids.new()))
    assert world.gateway.fetched == []
