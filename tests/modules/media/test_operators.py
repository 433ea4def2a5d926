"""What operators see of assets and do to them, and that all of it is written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Origin
from kosu.modules.media.domain.assets import AssetState
from kosu.modules.media.domain.runs import LEASE
from kosu.modules.media.errors import SourceCorrupt, TranscoderFailed
from kosu.paging import InvalidCursor
from tests.support.media import LESSON, OWNER, MediaWorld

OPERATOR = UserId(UUID(int=0xF0))
WEBVTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello"


@pytest.fixture
def world(tmp_path: Path) -> MediaWorld:
    return MediaWorld(tmp_path)


async def listed(world: MediaWorld, **query: Any) -> Any:
    query = {"state": None, "cursor": None, "limit": 20} | query
    return await world.container.find_assets()(**query, origin=Origin(OPERATOR))


def audited(world: MediaWorld) -> list[tuple[str, UserId | None, UserId | None, dict[str, object]]]:
    """What, to whose, by whom, with which details, oldest first."""
    entries = sorted(world.database.table("identity.audit_log").values(), key=lambda entry: entry.id)
    return [(entry.action, entry.user_id, entry.origin.actor_id, dict(entry.detail)) for entry in entries]


async def steer(world: MediaWorld, what: str, asset_id: AssetId, *, by: UserId = OPERATOR) -> None:
    use_case = world.container.retry_asset() if what == "retry" else world.container.cancel_asset()
    await use_case(user_id=by, is_operator=by == OPERATOR, asset_id=asset_id, origin=Origin(by))


async def caption(world: MediaWorld, asset_id: AssetId, *, by: UserId) -> None:
    who: dict[str, Any] = {"user_id": by, "is_operator": by == OPERATOR, "origin": Origin(by)}
    await world.container.put_captions()(**who, asset_id=asset_id, lang="en", webvtt=WEBVTT)
    await world.container.remove_captions()(**who, asset_id=asset_id, lang="en")


async def test_asset_is_told_with_its_run(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    world.transcoder.failures["encode_hls"] = [TranscoderFailed("died")]
    await world.process()

    page = await listed(world)

    (item,) = page.items
    assert (item.id, item.owner_id, item.lesson_id, item.filename) == (asset_id, OWNER, LESSON, "lecture.mp4")
    assert (item.state, item.step, item.attempt, item.waiting_for, item.lease_until) == (
        "stalled",
        "hls",
        1,
        "retry",
        None,
    )
    assert (page.next_cursor, page.worker_online) == (None, True)


async def test_state_has_its_beginning(world: MediaWorld) -> None:
    async def since() -> datetime:
        (item,) = (await listed(world)).items
        found: datetime = item.since
        return found

    begin = world.clock.now()
    await world.uploaded()
    world.clock.advance(minutes=1)
    assert await since() == begin, "queued"
    await world.held()
    world.clock.advance(seconds=1)
    assert await since() == begin + timedelta(minutes=1), "processing"
    world.clock.advance(LEASE)
    assert await since() == begin + timedelta(minutes=1) + LEASE, "stalled"
    world.probe.verdict = SourceCorrupt("no picture")
    failed_at = world.clock.now()
    await world.process()
    world.clock.advance(minutes=1)
    assert await since() == failed_at, "failed"


async def test_list_is_filtered_and_paged(world: MediaWorld) -> None:
    for number in range(3):
        await world.start(lesson_id=None, fingerprint=f"file-{number}")
    await world.uploaded()
    first = await listed(world, limit=2)
    second = await listed(world, limit=2, cursor=first.next_cursor)

    assert [item.state for item in (*first.items, *second.items)] == ["queued", *["uploading"] * 3]
    assert second.next_cursor is None
    assert len((await listed(world, state=AssetState.UPLOADING)).items) == 3
    with pytest.raises(InvalidCursor):
        await listed(world, cursor="nonsense")


async def test_looking_is_written_down(world: MediaWorld) -> None:
    await listed(world, state=AssetState.STALLED)

    assert audited(world) == [("media_viewed", None, OPERATOR, {"state": "stalled"})]


async def test_what_operators_do_is_written_down(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await caption(world, asset_id, by=OPERATOR)
    for what in ("cancel", "cancel", "retry", "retry"):
        await steer(world, what, asset_id)
    upload = await world.start()
    await steer(world, "cancel", upload.asset_id)

    detail = {"asset_id": str(asset_id)}
    assert audited(world) == [
        *[("captions_changed", OWNER, OPERATOR, detail | {"lang": "en"})] * 2,
        *[(action, OWNER, OPERATOR, detail) for action in ("media_cancelled", "media_retried", "media_cancelled")],
    ]


async def test_what_owners_do_is_theirs(world: MediaWorld) -> None:
    asset_id = await world.uploaded()
    await caption(world, asset_id, by=OWNER)
    for what in ("cancel", "retry"):
        await steer(world, what, asset_id, by=OWNER)

    assert audited(world) == []
