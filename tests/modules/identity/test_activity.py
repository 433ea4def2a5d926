"""When sessions were last seen: written behind, and seldom."""

from __future__ import annotations

import pytest

from kosu.ports.unit_of_work import DatabaseUnavailable
from tests.support.identity import IdentityWorld


@pytest.fixture
def world() -> IdentityWorld:
    return IdentityWorld()


async def test_a_session_is_noted_once_a_minute(world: IdentityWorld) -> None:
    admitted = await world.register()
    await world.use(admitted.tokens)
    noted = world.session(admitted).last_seen_at
    world.later(seconds=59)
    await world.use(admitted.tokens)
    assert world.session(admitted).last_seen_at == noted
    world.later(seconds=1)
    await world.use(admitted.tokens)
    assert world.session(admitted).last_seen_at == world.clock.now()


async def test_the_first_use_of_a_generation_is_noted_at_once(world: IdentityWorld) -> None:
    """It is what tells a lost answer from a stolen token."""
    admitted = await world.register()
    await world.use(admitted.tokens)
    successor = await world.refresh(admitted.tokens)
    await world.use(successor)
    assert world.session(admitted).acked_gen == 2


async def test_what_could_not_be_written_is_written_later(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.later(minutes=1)
    await world.container.authenticate_request()(access_token=admitted.tokens.access_token)
    seen_at = world.clock.now()
    world.database.available = False
    with pytest.raises(DatabaseUnavailable):
        await world.container.activity().flush()
    world.database.available = True
    await world.container.activity().flush()
    assert world.session(admitted).last_seen_at == seen_at
