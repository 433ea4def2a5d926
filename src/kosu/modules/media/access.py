"""Who may see and steer an asset: its owner and the operators, audited. For everybody else it does not exist."""

from __future__ import annotations

from datetime import datetime

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.media.domain.assets import Asset, AssetSnapshot
from kosu.modules.media.errors import AssetNotFound
from kosu.modules.media.ports import MediaQueries
from kosu.ports.unit_of_work import OpenTransaction


async def note_operator(
    audit: AuditLog,
    open_transaction: OpenTransaction,
    action: Action,
    asset: Asset,
    *,
    user_id: UserId,
    at: datetime,
    origin: Origin,
    **detail: str | bool,
) -> None:
    """Write down, within the transaction that does it, what an operator does to an asset of somebody else."""
    if user_id != asset.owner_id:
        await audit.record(
            open_transaction, action, asset.owner_id, at=at, origin=origin, asset_id=str(asset.id), **detail
        )


async def visible_asset(
    queries: MediaQueries, asset_id: AssetId, *, user_id: UserId, is_operator: bool
) -> AssetSnapshot:
    """Raises AssetNotFound."""
    snapshot = await queries.snapshot(asset_id)
    if snapshot is None or not (is_operator or snapshot.asset.owner_id == user_id):
        msg = "There is no such asset."
        raise AssetNotFound(msg)
    return snapshot
