"""How many devices, and which one gives way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kosu.modules.identity.admission import Place
from kosu.modules.identity.domain.device_policy import MOST_DEVICES, DevicePolicy
from kosu.modules.identity.domain.sessions import EndReason
from kosu.modules.identity.errors import DeviceLimitReached, SessionRevoked
from tests.support.identity import CLIENT, IdentityWorld


@pytest.mark.parametrize(
    ("roles", "limit"), [({"learner"}, 5), ({"learner", "operator"}, 2), ({"instructor", "operator"}, 8)]
)
async def test_a_role_may_have_another_limit_and_the_most_generous_counts(roles: set[str], limit: int) -> None:
    world = IdentityWorld()
    user = replace(world.user(await world.register()), roles=frozenset(roles))
    assert DevicePolicy(by_role={"operator": 2, "instructor": 8}).limit_of(user) == limit


async def test_an_exempt_account_has_as_many_as_there_are() -> None:
    world = IdentityWorld(policy=DevicePolicy(limit=1, exempt=frozenset({"ada@kosu.test"})))
    await world.register()
    for _ in range(9):
        await world.log_in()
    assert DevicePolicy(exempt=frozenset({"ada@kosu.test"})).limit_of(world.users()[0]) == MOST_DEVICES


async def test_where_nobody_can_be_asked_the_longest_unseen_device_gives_way() -> None:
    world = IdentityWorld(policy=DevicePolicy(limit=2, evict_oldest=True))
    first = await world.register()
    world.later(minutes=2)
    second = await world.log_in()
    world.later(minutes=2)
    await world.use(first.tokens)
    third = await world.log_in()
    assert world.session(second).end_reason is EndReason.EVICTED
    with pytest.raises(SessionRevoked) as refused:
        await world.use(second.tokens)
    assert refused.value.reason == "evicted"
    for kept in (first, third):
        await world.use(kept.tokens)


async def test_a_limit_that_was_lowered_admits_nobody_until_there_is_room() -> None:
    """A low slot that happens to be free is not room."""
    world = IdentityWorld(device_limit=3)
    devices = [await world.register(), await world.log_in(), await world.log_in()]
    await world.container.end_session()(user_id=devices[0].user.id, session_id=devices[0].session.id)
    world.container.admission.reset()
    world.container.log_in.reset()
    world.container.device_policy.override(DevicePolicy(limit=2))
    with pytest.raises(DeviceLimitReached):
        await world.log_in()


async def test_a_lowered_limit_is_reached_by_evicting_as_many_as_it_takes() -> None:
    world = IdentityWorld(device_limit=4)
    devices = [await world.register(), *[await world.log_in() for _ in range(3)]]
    world.container.admission.reset()
    world.container.log_in.reset()
    world.container.device_policy.override(DevicePolicy(limit=2, evict_oldest=True))
    newest = await world.log_in()
    live = [device for device in [*devices, newest] if world.session(device).ended_at is None]
    assert len(live) == 2
    assert newest in live


async def test_roles_that_changed_during_the_log_in_decide_on_the_session() -> None:
    """Who became an operator while the password was being hashed gets an operator's short session."""
    world = IdentityWorld()
    admitted = await world.register()
    verified, at = world.user(admitted), world.clock.now()
    async with world.container.transaction()() as records:
        await records.users.save(verified.with_roles(frozenset({"learner", "operator"}), at))
    async with world.container.transaction()() as records:
        place = await world.container.admission().admit(
            records, verified, device_id=world.device(admitted.tokens), client=CLIENT, at=at
        )
    assert isinstance(place, Place)
    assert place.session.idle == timedelta(minutes=30)
