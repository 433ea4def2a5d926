"""Assets as operators see them: their latest upload and run, by a state that nobody stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.media.queries import snapshot_of
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.board import URGENCY
from kosu.paging import Cursor

# `AssetSnapshot.state` in SQL.
_ASSETS = """
    SELECT a.id, to_jsonb(a) AS asset, to_jsonb(u) AS upload, to_jsonb(r) AS run,
           CASE WHEN u.state IN ('created', 'uploading', 'completing') THEN 'uploading'
                WHEN r.state = 'processing' AND r.lease_until > %(at)s THEN 'processing'
                WHEN r.state = 'processing' THEN 'stalled'
                WHEN r.state = 'completed' THEN 'ready'
                WHEN r.state IS NOT NULL THEN r.state
                WHEN u.state IN ('expired', 'rejected') THEN 'failed'
                ELSE 'cancelled' END AS state
    FROM media.assets a
    LEFT JOIN LATERAL (SELECT * FROM media.uploads WHERE asset_id = a.id AND state <> 'aborted'
                       ORDER BY id DESC LIMIT 1) u ON true
    LEFT JOIN LATERAL (SELECT * FROM media.runs WHERE asset_id = a.id ORDER BY id DESC LIMIT 1) r ON true
"""
_PAGE = f"""
    SELECT asset, upload, run FROM (
        SELECT *, (%(urgency)s::jsonb->>state)::int AS urgency FROM ({_ASSETS}) stated
        WHERE %(state)s::text IS NULL OR state = %(state)s
    ) ranked
    WHERE %(after_id)s::uuid IS NULL
       OR urgency > %(after_urgency)s OR (urgency = %(after_urgency)s AND id < %(after_id)s)
    ORDER BY urgency, id DESC LIMIT %(limit)s
"""  # noqa: S608 - made of literals


class PostgresAssetBoard:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def snapshots(
        self, *, state: AssetState | None, after: Cursor | None, at: datetime, limit: int
    ) -> Sequence[AssetSnapshot]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                _PAGE,
                {
                    "at": at,
                    "urgency": Jsonb(URGENCY),
                    "state": state,
                    "after_id": None if after is None else after.id,
                    "after_urgency": 0 if after is None else after.value,
                    "limit": limit,
                },
            )
            return [snapshot_of(row) for row in await cursor.fetchall()]
