"""Who may see and steer an asset: its owner and the operators. For everybody else it does not exist."""

from __future__ import annotations

from kosu.ids import AssetId, UserId
from kosu.modules.media.domain.assets import AssetSnapshot
from kosu.modules.media.errors import AssetNotFound
from kosu.modules.media.ports import MediaQueries


async def visible_asset(
    queries: MediaQueries, asset_id: AssetId, *, user_id: UserId, is_operator: bool
) -> AssetSnapshot:
    """Raises AssetNotFound."""
    snapshot = await queries.snapshot(asset_id)
    if snapshot is None or not (is_operator or snapshot.asset.owner_id == user_id):
        msg = "There is no such asset."
        raise AssetNotFound(msg)
    return snapshot
