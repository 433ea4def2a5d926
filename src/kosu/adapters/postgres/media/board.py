"""Assets as operators see them: their latest upload and run, by a state that nobody stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.types.json import Jsonb

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.media.queries import snapshot_of
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.board import URGENCY, RunsUnderWay
from kosu.paging import Cursor

# `AssetSnapshot.state` in SQL.
_ASSETS = """
    SELECT a.id, u.id AS upload_id, r.id AS run_id,
           CASE WHEN u.state IN ('created', 'uploading', 'completing') THEN 'uploading'
                WHEN r.state = 'processing' AND r.lease_until > %(at)s THEN 'processing'
                WHEN r.state = 'processing' THEN 'stalled'
                WHEN r.state = 'completed' THEN 'ready'
                WHEN r.state IS NOT NULL THEN r.state
                WHEN u.state IN ('expired', 'rejected') THEN 'failed'
                ELSE 'cancelled' END AS state
    FROM media.assets a
    LEFT JOIN LATERAL (SELECT id, state FROM media.uploads WHERE asset_id = a.id AND state <> 'aborted'
                       ORDER BY id DESC LIMIT 1) u ON true
    LEFT JOIN LATERAL (SELECT id, state, lease_until FROM media.runs WHERE asset_id = a.id
                       ORDER BY id DESC LIMIT 1) r ON true
"""
# What a row is made of is fetched for the page alone.
_PAGE = f"""
    SELECT to_jsonb(a), to_jsonb(u), to_jsonb(r) FROM (
        SELECT * FROM (
            SELECT *, (%(urgency)s::jsonb->>state)::int AS urgency FROM ({_ASSETS}) stated
            WHERE %(state)s::text IS NULL OR state = %(state)s
        ) ranked
        WHERE %(after_id)s::uuid IS NULL
           OR urgency > %(after_urgency)s OR (urgency = %(after_urgency)s AND id < %(after_id)s)
        ORDER BY urgency, id DESC LIMIT %(limit)s
    ) page
    JOIN media.assets a ON a.id = page.id
    LEFT JOIN media.uploads u ON u.id = page.upload_id
    LEFT JOIN media.runs r ON r.id = page.run_id
    ORDER BY page.urgency, page.id DESC
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

    async def runs_under_way(self, *, at: datetime) -> RunsUnderWay:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT count(*) FILTER (WHERE state = 'queued'),
                          count(*) FILTER (WHERE state = 'processing' AND lease_until > %(at)s),
                          count(*) FILTER (WHERE state = 'processing' AND lease_until > %(at)s IS NOT TRUE)
                   FROM media.runs WHERE state IN ('queued', 'processing')""",
                {"at": at},
            )
            (counts,) = await cursor.fetchall()
            return RunsUnderWay(*counts)
