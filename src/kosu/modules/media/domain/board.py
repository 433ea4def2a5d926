"""Assets in the order in which operators want to see them: what is stuck first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.modules.media.domain.assets import AssetSnapshot, AssetState

BY_URGENCY = "urgency"
"""The sort of the list: by `urgency`, and the newest asset first among those of the same."""

_ORDER = (
    AssetState.STALLED,
    AssetState.FAILED,
    AssetState.QUEUED,
    AssetState.PROCESSING,
    AssetState.UPLOADING,
    AssetState.CANCELLED,
    AssetState.READY,
)
URGENCY = {state: place for place, state in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class RunsUnderWay:
    queued: int
    processing: int
    stalled: int


def since(snapshot: AssetSnapshot, at: datetime) -> datetime:
    """When what the asset's state tells of began, as far as it was written down."""
    state, upload, run = snapshot.state(at), snapshot.upload, snapshot.run
    if run is None or state is AssetState.UPLOADING:
        return upload.created_at if upload is not None else snapshot.asset.created_at
    if state is AssetState.STALLED:
        # Its last sign of life: the end of its lease, or where it was given back the step that was begun last.
        begun = [step.started_at for step in run.steps if step.started_at is not None]
        return run.lease_until or max(begun, default=run.started_at or run.created_at)
    if state is AssetState.PROCESSING:
        return run.started_at or run.created_at
    return run.finished_at or run.created_at
