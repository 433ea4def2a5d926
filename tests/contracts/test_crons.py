"""Crons: one candidate leads, and no slot is given twice, whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.crons import MemoryCrons
from kosu.adapters.postgres.crons import PostgresCrons
from kosu.ports.crons import Candidate, Crons
from kosu.ports.unit_of_work import DatabaseUnavailable
from kosu.settings import PostgresSettings, Secret

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "postgres"])
def crons(request: pytest.FixtureRequest) -> Crons:
    if request.param == "memory":
        return MemoryCrons(MemoryClock())
    return PostgresCrons(PostgresSettings(url=Secret(request.getfixturevalue("database"))))


async def test_the_first_one_leads_until_its_candidacy_ends(crons: Crons) -> None:
    async with crons.candidate() as stand_by:
        async with crons.candidate() as leader:
            assert await leader.elected()
            assert not await stand_by.elected()
            assert await leader.elected()
        assert await stand_by.elected()
        async with crons.candidate() as third:
            assert not await third.elected()


async def test_a_slot_is_given_once(crons: Crons) -> None:
    async with crons.candidate() as one, crons.candidate() as other:
        assert await one.claim({"b": NOON, "a": NOON}) == ["a", "b"]
        assert await one.claim({"a": NOON, "c": NOON}) == ["c"]
        assert await other.claim({"a": NOON, "b": NOON + MINUTE}) == ["b"]


async def test_no_slot_before_the_last_one_is_given(crons: Crons) -> None:
    """A leader that slept comes too late, and one whose clock is behind changes nothing."""
    async with crons.candidate() as candidate:
        assert await candidate.claim({"a": NOON}) == ["a"]
        assert await candidate.claim({"a": NOON - MINUTE}) == []
        assert await candidate.claim({"a": NOON + MINUTE}) == ["a"]


async def test_a_slot_that_is_given_back_can_be_claimed_again(crons: Crons) -> None:
    async with crons.candidate() as candidate:
        await candidate.claim({"a": NOON, "b": NOON})
        await candidate.give_back("a", NOON)
        assert await candidate.claim({"a": NOON - MINUTE, "b": NOON}) == []
        assert await candidate.claim({"a": NOON, "b": NOON}) == ["a"]
        await candidate.claim({"a": NOON + MINUTE})
        await candidate.give_back("a", NOON)  # too late: another slot was claimed meanwhile
        assert await candidate.claim({"a": NOON + MINUTE}) == []


async def test_time_is_told_in_utc(crons: Crons) -> None:
    async with crons.candidate() as candidate:
        assert (await candidate.now()).utcoffset() == timedelta(0)


async def test_racing_candidates_get_each_slot_once(database: str) -> None:
    crons = PostgresCrons(PostgresSettings(url=Secret(database)))
    async with crons.candidate() as one, crons.candidate() as two, crons.candidate() as three:
        for minute in range(20):
            slots = dict.fromkeys(("a", "b", "c"), NOON + minute * MINUTE)
            given = await asyncio.gather(*(candidate.claim(slots) for candidate in (one, two, three)))
            assert sorted(name for names in given for name in names) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda candidate: candidate.now(),
        lambda candidate: candidate.claim({"a": NOON}),
        lambda candidate: candidate.give_back("a", NOON),
    ],
)
async def test_a_leader_whose_session_has_ended_is_told_so(
    database: str, ask: Callable[[Candidate], Awaitable[object]]
) -> None:
    """Whatever it asks: claims go through the very session that holds the lock."""
    crons = PostgresCrons(PostgresSettings(url=Secret(database)))
    async with crons.candidate() as leader:
        assert await leader.elected()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = 'kosu-scheduler' AND datname = current_database()"""
            )
        with pytest.raises(DatabaseUnavailable):
            await ask(leader)


async def test_a_leader_that_is_silent_for_too_long_has_ended(database: str) -> None:
    crons = PostgresCrons(PostgresSettings(url=Secret(database)), patience_seconds=0.2)
    async with crons.candidate() as silent:
        assert await silent.elected()
        async with asyncio.timeout(10):
            while True:
                await asyncio.sleep(0.05)
                async with crons.candidate() as other:
                    if await other.elected():
                        break
        with pytest.raises(DatabaseUnavailable):
            await silent.now()


async def test_a_database_that_is_away_is_said_to_be() -> None:
    memory = MemoryCrons(MemoryClock())
    memory.available = False
    for crons in (memory, PostgresCrons(PostgresSettings(url=Secret("postgresql://kosu@127.0.0.1:1/kosu")))):
        with pytest.raises(DatabaseUnavailable):
            async with crons.candidate():
                pass
