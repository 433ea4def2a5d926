"""Playing: while the leases are away everybody may."""

from __future__ import annotations

import pytest

from kosu.ids import LessonId
from kosu.modules.identity.domain.streams import StreamId
from kosu.modules.identity.domain.viewer import Viewer
from kosu.modules.identity.errors import StreamLimitReached, StreamLost
from tests.support.identity import IdentityWorld


@pytest.fixture
def world() -> IdentityWorld:
    return IdentityWorld()


async def a_viewer(world: IdentityWorld, *, first: bool = False) -> Viewer:
    admitted = await (world.register() if first else world.log_in())
    return await world.container.authenticate_request()(access_token=admitted.tokens.access_token)


async def test_one_device_more_than_may_play_is_told_which_ones_do(world: IdentityWorld) -> None:
    viewers = [await a_viewer(world, first=True), await a_viewer(world), await a_viewer(world)]
    lesson = LessonId(world.container.ids().new())
    for viewer in viewers[:2]:
        await world.container.claim_stream()(viewer=viewer, lesson_id=lesson)
    with pytest.raises(StreamLimitReached) as refused:
        await world.container.claim_stream()(viewer=viewers[2], lesson_id=lesson)
    assert refused.value.limit == len(refused.value.streams) == 2


async def test_an_outage_of_the_leases_stops_nobody(world: IdentityWorld) -> None:
    viewers = [await a_viewer(world, first=True), await a_viewer(world), await a_viewer(world)]
    lesson = LessonId(world.container.ids().new())
    world.streams.available = False
    leases = [await world.container.claim_stream()(viewer=viewer, lesson_id=lesson) for viewer in viewers]
    for viewer, lease in zip(viewers, leases, strict=True):
        assert await world.container.keep_stream()(viewer=viewer, stream_id=lease.id) == lease.expires_at
        await world.container.release_stream()(viewer=viewer, stream_id=lease.id)


async def test_a_stream_that_was_never_claimed_is_lost(world: IdentityWorld) -> None:
    viewer = await a_viewer(world, first=True)
    with pytest.raises(StreamLost):
        await world.container.keep_stream()(viewer=viewer, stream_id=StreamId(world.container.ids().new()))


async def test_an_end_of_a_device_that_the_leases_missed_is_made_up_for(world: IdentityWorld) -> None:
    viewer = await a_viewer(world, first=True)
    lease = await world.container.claim_stream()(viewer=viewer, lesson_id=LessonId(world.container.ids().new()))
    world.streams.available = False
    await world.container.end_session()(user_id=viewer.user_id, session_id=viewer.session_id)
    world.streams.available = True
    await world.deliver_session_ends()
    with pytest.raises(StreamLost):
        await world.container.keep_stream()(viewer=viewer, stream_id=lease.id)
