"""What the media module tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class AssetReady(Event):
    """A new revision of an asset is published: from now on it is what plays."""

    asset_id: UUID
    lesson_id: UUID | None
    revision: int
    duration_ms: int
