"""Refresh tokens: honest users are never logged out, and a copied token is noticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.errors import (
    DeviceMismatch,
    InvalidToken,
    RefreshReplayed,
    SessionExpired,
    SessionRevoked,
)
from tests.support.identity import IdentityWorld


@pytest.fixture
def world() -> IdentityWorld:
    return IdentityWorld()


async def test_each_refresh_makes_a_new_generation(world: IdentityWorld) -> None:
    admitted = await world.register()
    tokens = admitted.tokens
    for generation in (2, 3, 4):
        world.later(minutes=9)
        tokens = await world.refresh(tokens)
        assert world.session(admitted).gen == generation


async def test_a_double_submit_gets_the_same_successor(world: IdentityWorld) -> None:
    first = (await world.register()).tokens
    world.later(minutes=9)
    second = await world.refresh(first)
    assert (await world.refresh(first)).refresh_token == second.refresh_token
    assert (await world.refresh(second)).refresh_token == second.refresh_token


@pytest.mark.parametrize(("seconds", "honoured"), [(29, True), (31, False)])
async def test_the_parent_is_honoured_for_thirty_seconds(world: IdentityWorld, seconds: int, honoured: bool) -> None:
    first = (await world.register()).tokens
    second = await world.refresh(first)
    await world.use(second)
    world.later(seconds=seconds)
    if honoured:
        assert (await world.refresh(first)).refresh_token == second.refresh_token
    else:
        with pytest.raises(RefreshReplayed):
            await world.refresh(first)


async def test_a_lost_answer_may_be_asked_for_again_hours_later(world: IdentityWorld) -> None:
    """The successor was never used, so nobody else can have it: the client simply did not get its answer."""
    first = (await world.register()).tokens
    second = await world.refresh(first)
    world.later(hours=5)
    assert (await world.refresh(first)).refresh_token == second.refresh_token


async def test_a_thief_one_step_behind_is_noticed(world: IdentityWorld) -> None:
    admitted = await world.register()
    second = await world.refresh(admitted.tokens)
    await world.use(second)
    world.later(minutes=5)
    with pytest.raises(RefreshReplayed):
        await world.refresh(admitted.tokens)
    assert world.session(admitted).end_reason is EndReason.REPLAYED
    with pytest.raises(SessionRevoked):
        await world.use(second)


async def test_an_older_generation_ends_the_session_at_once(world: IdentityWorld) -> None:
    admitted = await world.register()
    second = await world.refresh(admitted.tokens)
    world.later(seconds=6)
    third = await world.refresh(second)
    with pytest.raises(RefreshReplayed):
        await world.refresh(admitted.tokens)
    with pytest.raises(SessionRevoked):
        await world.refresh(third)


async def test_a_restored_backup_refuses_without_ending_the_session(world: IdentityWorld) -> None:
    admitted = await world.register()
    backup = dict(world.database.table("identity.sessions"))
    second = await world.refresh(admitted.tokens)
    world.database.tables["identity.sessions"] = backup
    with pytest.raises(InvalidToken):
        await world.refresh(second)
    assert world.session(admitted).ended_at is None


async def test_idle_sessions_end_and_used_ones_do_not(world: IdentityWorld) -> None:
    admitted = await world.register()
    world.later(days=13)
    tokens = await world.refresh(admitted.tokens)
    world.later(days=13)
    tokens = await world.refresh(tokens)
    world.later(days=15)
    with pytest.raises(SessionExpired):
        await world.refresh(tokens)


async def test_no_session_outlives_its_absolute_end(world: IdentityWorld) -> None:
    tokens = (await world.register()).tokens
    for _ in range(2):
        world.later(days=13)
        tokens = await world.refresh(tokens)
    world.later(days=5)
    with pytest.raises(SessionExpired):
        await world.refresh(tokens)


async def test_forged_tokens_are_refused_before_any_io(world: IdentityWorld) -> None:
    token = (await world.register()).tokens.refresh_token
    world.database.available = False
    purpose, kid, body, mac = token.split(".")
    forgeries = [
        f"{purpose}.{kid}.{body}.{mac[:-1]}A",
        f"{purpose}.k2.{body}.{mac}",
        f"did1.{kid}.{body}.{mac}",
        f"{purpose}.{kid}.{body[:-4]}AAAA.{mac}",
        "....",
        "",
    ]
    for forgery in forgeries:
        with pytest.raises(InvalidToken):
            await world.container.refresh_session()(token=forgery, device_id=None)


async def test_a_token_of_another_row_under_the_same_id_is_refused(world: IdentityWorld) -> None:
    """The salt ties a token to its row: one that was made for a row since replaced opens nothing."""
    admitted = await world.register()
    async with world.container.transaction()() as records:
        await records.sessions.save(replace(world.session(admitted), salt=b"another salt 16b"))
    with pytest.raises(InvalidToken):
        await world.refresh(admitted.tokens)


async def test_another_device_is_refused_and_nothing_changes(world: IdentityWorld) -> None:
    admitted = await world.register()
    other = await world.log_in()
    with pytest.raises(DeviceMismatch):
        await world.container.refresh_session()(
            token=admitted.tokens.refresh_token, device_id=world.device(other.tokens)
        )
    assert world.session(admitted).gen == 1


async def test_a_retired_key_verifies_until_it_is_removed() -> None:
    """Keys can be exchanged without logging anybody out."""
    world = IdentityWorld()
    admitted = await world.register()
    token = admitted.tokens.refresh_token
    both = IdentityWorld(keys={"k2": b"2" * 32, "k1": b"1" * 32})
    both.database.tables.update(world.database.tables)
    successor = await both.container.refresh_session()(token=token, device_id=None)
    assert successor.refresh_token.split(".")[1] == "k2"
