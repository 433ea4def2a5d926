"""Calls that are made at once are made as one, and stay apart in what becomes of them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence

import pytest

from kosu.coalesced import Coalesced


class Store:
    """Doubles numbers, and remembers which were asked for together. It waits with its answers for `answers`."""

    def __init__(self, *, most_together: int = 100, at_once: int = 1) -> None:
        self.asked: list[list[int]] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self.ask = Coalesced(self._double, most_together=most_together, at_once=at_once)

    async def _double(self, numbers: Sequence[int]) -> Sequence[int]:
        self.asked.append(list(numbers))
        await self.answers.wait()
        if 13 in numbers:
            raise ValueError(13)
        return [number * 2 for number in numbers if number != 17]


async def test_calls_of_one_turn_are_one(store: Store) -> None:
    assert await asyncio.gather(*(store.ask(number) for number in (1, 2, 3))) == [2, 4, 6]
    assert await store.ask(4) == 8
    assert store.asked == [[1, 2, 3], [4]]


async def test_no_more_go_together_than_may() -> None:
    store = Store(most_together=2, at_once=2)
    assert await asyncio.gather(*(store.ask(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert store.asked == [[0, 1], [2, 3], [4]]


async def test_while_as_many_as_may_are_under_way_further_ones_gather() -> None:
    store = Store(at_once=2)
    store.answers.clear()
    calls = []
    for number in range(6):
        calls.append(asyncio.create_task(store.ask(number)))
        for _ in range(3):
            await asyncio.sleep(0)
    assert store.asked == [[0], [1]]
    store.answers.set()
    assert await asyncio.gather(*calls) == [0, 2, 4, 6, 8, 10]
    assert store.asked == [[0], [1], [2, 3, 4, 5]]


async def test_what_is_raised_reaches_all_who_asked_together_and_nobody_else(store: Store) -> None:
    answers = await asyncio.gather(store.ask(1), store.ask(13), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError, ValueError]
    assert await store.ask(1) == 2


async def test_an_answer_that_is_missing_leaves_nobody_waiting(store: Store) -> None:
    async with asyncio.timeout(10):
        answers = await asyncio.gather(store.ask(1), store.ask(17), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ValueError, ValueError]


async def test_who_goes_away_is_not_answered(store: Store) -> None:
    """Nor is it reported as forgotten, when all have gone before it failed."""
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    store.answers.clear()
    leaving = [asyncio.create_task(store.ask(number)) for number in (13, 14)]
    await asyncio.sleep(0.01)
    for call in leaving:
        call.cancel()
    await asyncio.wait(leaving)
    store.answers.set()
    await asyncio.sleep(0.01)
    gc.collect()
    assert reported == []


async def test_who_goes_away_takes_nobody_along(store: Store) -> None:
    store.answers.clear()
    leaving, staying = (asyncio.create_task(store.ask(number)) for number in (1, 2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    leaving.cancel()
    store.answers.set()
    assert await staying == 4
    with pytest.raises(asyncio.CancelledError):
        await leaving


@pytest.fixture
async def store() -> Store:
    return Store()
