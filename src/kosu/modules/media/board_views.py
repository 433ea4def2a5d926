"""What operators see of assets."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import AssetId, LessonId, UserId
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.board import since
from kosu.modules.media.domain.runs import StepName
from kosu.modules.media.domain.waiting import Wait
from kosu.modules.media.views import FailureView, asset_view


class OpsAssetView(msgspec.Struct, frozen=True, kw_only=True):
    """An asset with its latest run or upload, in its state `since` then. A worker has it until `lease_until`."""

    id: AssetId
    owner_id: UserId
    lesson_id: LessonId | None
    filename: str | None
    state: AssetState
    since: datetime
    step: StepName | None
    percent: int
    attempt: int
    error: FailureView | None
    lease_until: datetime | None
    waiting_for: Wait | None
    playable: bool


class OpsAssetPage(msgspec.Struct, frozen=True):
    """`worker_online`: whether some media worker lives; null when nobody can tell."""

    items: list[OpsAssetView]
    next_cursor: str | None
    worker_online: bool | None


def ops_asset_view(snapshot: AssetSnapshot, at: datetime, *, worker_online: bool | None) -> OpsAssetView:
    asset, shown = snapshot.asset, asset_view(snapshot, at, worker_online=worker_online)
    return OpsAssetView(
        id=asset.id,
        owner_id=asset.owner_id,
        lesson_id=asset.lesson_id,
        filename=None if snapshot.upload is None else snapshot.upload.filename,
        state=shown.state,
        since=since(snapshot, at),
        step=shown.step,
        percent=shown.percent,
        attempt=shown.attempt,
        error=shown.error,
        lease_until=None if snapshot.run is None else snapshot.run.lease_until,
        waiting_for=shown.waiting_for,
        playable=shown.playable,
    )
