"""Assets as operators see them, in memory and in PostgreSQL: every state, in one order, page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from kosu.adapters.memory.asset_board import MemoryAssetBoard
from kosu.adapters.postgres.media import PostgresAssetBoard
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.board import BY_URGENCY, URGENCY, RunsUnderWay
from kosu.modules.media.domain.runs import LEASE, RunState
from kosu.modules.media.domain.uploads import UploadState
from kosu.modules.media.ports import AssetBoard
from kosu.paging import Cursor
from tests.contracts.test_media_records import NOW, Media, media
from tests.support.databases import Database

__all__ = ["media"]

AT = NOW + LEASE


@pytest.fixture
def board(db: Database) -> AssetBoard:
    found: AssetBoard = db.queries(MemoryAssetBoard, PostgresAssetBoard)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """What came of an asset: its upload's state, and its run's with the end of its lease."""

    state: AssetState
    upload: UploadState = UploadState.COMPLETED
    run: RunState | None = None
    lease: timedelta | None = None


CASES = [
    Case(AssetState.UPLOADING, UploadState.CREATED),
    Case(AssetState.UPLOADING, UploadState.COMPLETING, RunState.COMPLETED),
    Case(AssetState.QUEUED, run=RunState.QUEUED),
    Case(AssetState.PROCESSING, run=RunState.PROCESSING, lease=LEASE + timedelta(seconds=1)),
    Case(AssetState.STALLED, run=RunState.PROCESSING, lease=LEASE),
    Case(AssetState.STALLED, run=RunState.PROCESSING),
    Case(AssetState.READY, run=RunState.COMPLETED),
    Case(AssetState.READY, UploadState.EXPIRED, RunState.COMPLETED),
    Case(AssetState.FAILED, run=RunState.FAILED),
    Case(AssetState.FAILED, UploadState.EXPIRED),
    Case(AssetState.FAILED, UploadState.REJECTED),
    Case(AssetState.CANCELLED, run=RunState.CANCELLED),
    Case(AssetState.CANCELLED, UploadState.ABORTED),
]


async def stored(media: Media, case: Case) -> AssetSnapshot:
    session = await media.stored_session(state=case.upload)
    if case.run is not None:
        run = await media.stored_run(session)
        lease_until = None if case.lease is None else NOW + case.lease
        await media.save(replace(run, state=case.run, lease_until=lease_until), fence=0)
    snapshot = await media.snapshot(session.asset_id)
    assert snapshot.state(AT) is case.state
    return snapshot


async def test_list_shows_what_the_domain_says(media: Media, board: AssetBoard) -> None:
    assets = [await stored(media, case) for case in CASES]
    expected = sorted(assets, key=lambda snapshot: (URGENCY[snapshot.state(AT)], -snapshot.asset.id.int))

    assert await board.snapshots(state=None, after=None, at=AT, limit=100) == expected
    for state in AssetState:
        assert await board.snapshots(state=state, after=None, at=AT, limit=100) == [
            snapshot for snapshot in expected if snapshot.state(AT) is state
        ]


async def test_pages_follow_one_another(media: Media, board: AssetBoard) -> None:
    assets = [await stored(media, case) for case in CASES]
    whole = await board.snapshots(state=None, after=None, at=AT, limit=100)
    assert len(whole) == len(assets)

    for place, last in enumerate(whole, start=1):
        after = Cursor(BY_URGENCY, last.asset.id, URGENCY[last.state(AT)])
        assert await board.snapshots(state=None, after=after, at=AT, limit=3) == whole[place : place + 3]


async def test_latest_upload_and_run_are_shown(media: Media, board: AssetBoard) -> None:
    asset = await media.stored_asset()
    await media.stored_run(await media.stored_session(asset, state=UploadState.COMPLETED))
    newer = await media.stored_session(asset, state=UploadState.COMPLETED)
    run = await media.stored_run(newer)
    await media.stored_session(asset, state=UploadState.ABORTED)

    assert await board.snapshots(state=None, after=None, at=AT, limit=1) == [
        AssetSnapshot(asset=asset, upload=newer, run=run)
    ]


async def test_runs_are_counted_by_what_becomes_of_them(media: Media, board: AssetBoard) -> None:
    for case in CASES:
        await stored(media, case)

    assert await board.runs_under_way(at=AT) == RunsUnderWay(queued=1, processing=1, stalled=2)
