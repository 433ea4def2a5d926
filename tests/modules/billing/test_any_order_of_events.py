"""Every permutation and repetition of every set of facts ends in the same state, ledger and access.

Through the inbox and its settlement, not only through the domain: webhooks, as they come in real life.
`HYPOTHESIS_PROFILE=thorough` tells a hundred times as many stories.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kosu.adapters.memory.billing.records import LEDGER
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.money import Money
from tests.support.billing import (
    PRICE,
    captured,
    fact,
    failed,
    failed_refund,
    memory_world,
    refund,
    reversed_capture,
)

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

HALF = Money(24_500, "KRW")
# Which of the order's two items an item refund is for; the ids are the order's own.
FIRST, SECOND = OrderItemId(UUID(int=1)), OrderItemId(UUID(int=2))
FACTS = [
    captured(),
    captured(object_id="cap2"),
    captured(Money(100, "KRW"), object_id="short"),
    captured(Money(49_000, "USD"), object_id="foreign"),
    reversed_capture(),
    failed(),
    refund(),
    refund(HALF, object_id="half1"),
    refund(HALF, object_id="half2"),
    refund(HALF, object_id="item1", item_ids=(FIRST,)),
    refund(HALF, object_id="item2", item_ids=(SECOND,)),
    refund(object_id="re2", of="cap2"),
    refund(Money(100, "KRW"), object_id="re3", of="short"),
    failed_refund(),
    failed_refund(HALF, object_id="half1"),
    failed_refund(HALF, object_id="item1"),
    fact(FactKind.DISPUTE_OPEN, "dp"),
    fact(FactKind.DISPUTE_WON, "dp"),
    fact(FactKind.DISPUTE_LOST, "dp2", of="cap2"),
]


class Outcome(NamedTuple):
    """`opened` are the positions of the items that are open.

    Not part of it is what was sent back by itself: that was done by what was known at the time.
    """

    state: str
    opened: frozenset[int]
    ledger: frozenset[object]


class Story(NamedTuple):
    told: list[PaymentFact]
    retold: list[PaymentFact]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """One set of facts, told twice: in two orders and with two sets of repetitions."""
    facts = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=7, unique=True))
    repeated = st.lists(st.sampled_from(facts), max_size=3)
    return Story(
        draw(st.permutations(facts + draw(repeated))),
        draw(st.permutations(facts + draw(repeated))),
    )


async def outcome(told: list[PaymentFact]) -> Outcome:
    world = memory_world()
    order = await world.order(world.course(HALF), world.course(HALF))
    ids = dict(zip((FIRST, SECOND), (item.id for item in order.items), strict=True))
    state = ""
    for each in told:
        state = await world.settle(order, replace(each, item_ids=tuple(ids[item_id] for item_id in each.item_ids)))
    assert await world.inbox_states() == ["processed"] * len(told)
    posted = world.database.table(LEDGER).values()
    opened = await world.open_courses(order)
    return Outcome(
        state=state,
        opened=frozenset(position for position, item in enumerate(order.items) if item.course_id in opened),
        ledger=frozenset((transaction.source, transaction.entries) for transaction in posted),
    )


@settings(max_examples=5_000 if THOROUGH else 50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
async def test_the_order_of_arrival_does_not_matter(story: Story) -> None:
    assert await outcome(story.told) == await outcome(story.retold)


async def test_a_story_with_everything_in_it_ends_as_it_should() -> None:
    """An anchor: agreeing with itself is not yet being right."""
    told = await outcome([refund(HALF, object_id="half1"), failed(), captured(PRICE), captured(PRICE)])
    assert told.state == "partially_refunded"
    assert told.opened == frozenset({0, 1})
    assert len(told.ledger) == 2


async def test_an_item_that_went_back_is_closed_whichever_came_first() -> None:
    told = await outcome([refund(HALF, object_id="item1", item_ids=(FIRST,)), captured()])
    assert (told.state, told.opened) == ("partially_refunded", frozenset({1}))
