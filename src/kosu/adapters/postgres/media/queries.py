"""Reads of media, each a single statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.media.rows import value_of
from kosu.ids import AssetId, LessonId, RunId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset, AssetSnapshot, RetiredRevision
from kosu.modules.media.domain.captions import Caption, PublishedCaption
from kosu.modules.media.domain.hls import MASTER
from kosu.modules.media.domain.runs import Run
from kosu.modules.media.domain.uploads import OPEN_STATES, UploadSession
from kosu.modules.media.ports import CaptionedAsset, LessonAsset, PublishedMedia

# An asset with its latest upload that was not aborted, and its latest run: `snapshot_of`.
_SNAPSHOT = """to_jsonb(a),
       (SELECT to_jsonb(u) FROM media.uploads u
        WHERE u.asset_id = a.id AND u.state <> 'aborted' ORDER BY u.id DESC LIMIT 1),
       (SELECT to_jsonb(r) FROM media.runs r WHERE r.asset_id = a.id ORDER BY r.id DESC LIMIT 1)"""


class PostgresMediaQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def upload(self, upload_id: UploadId) -> UploadSession | None:
        found = await self._uploads("id = %(id)s", {"id": upload_id})
        return next(iter(found), None)

    async def open_upload(self, owner_id: UserId, fingerprint: str) -> UploadSession | None:
        found = await self._uploads(
            "owner_id = %(owner_id)s AND fingerprint = %(fingerprint)s AND state = ANY(%(open)s)",
            {"owner_id": owner_id, "fingerprint": fingerprint, "open": list(OPEN_STATES)},
        )
        return next(iter(found), None)

    async def discardable_uploads(self, *, ended_before: datetime, limit: int) -> Sequence[UploadSession]:
        return await self._uploads(
            """NOT purged AND (
                   state IN ('aborted', 'expired', 'rejected')
                   OR EXISTS (SELECT FROM media.runs r WHERE r.upload_id = u.id
                              AND r.state IN ('failed', 'cancelled') AND r.finished_at < %(ended_before)s))
               ORDER BY id LIMIT %(limit)s""",
            {"ended_before": ended_before, "limit": limit},
        )

    async def snapshot(self, asset_id: AssetId) -> AssetSnapshot | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                f"SELECT {_SNAPSHOT} FROM media.assets a WHERE a.id = %s",  # noqa: S608 - a literal of this module
                (asset_id,),
            )
            row = await cursor.fetchone()
        return None if row is None else snapshot_of(row)

    async def lesson_assets(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonAsset]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                f"""SELECT {_SNAPSHOT},
                          ARRAY(SELECT lang FROM media.captions c WHERE c.asset_id = a.id ORDER BY lang COLLATE "C"),
                          a.lesson_id
                   FROM media.assets a WHERE a.lesson_id = ANY(%s)""",  # noqa: S608 - a literal of this module
                (list(lesson_ids),),
            )
            return {
                lesson_id: LessonAsset(snapshot_of(tuple(snapshot)), tuple(languages))
                for *snapshot, languages, lesson_id in await cursor.fetchall()
            }

    async def retired_revisions(self, *, retired_before: datetime, limit: int) -> Sequence[RetiredRevision]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT asset_id, revision FROM media.retired_revisions t
                   WHERE retired_at < %(before)s
                     AND NOT EXISTS (SELECT FROM media.assets a WHERE a.id = t.asset_id
                                     AND (a.publication->>'revision')::bigint = t.revision)
                   ORDER BY retired_at, asset_id, revision LIMIT %(limit)s""",
                {"before": retired_before, "limit": limit},
            )
            return [RetiredRevision(*row) for row in await cursor.fetchall()]

    async def unpublished_revisions(self, upload_id: UploadId) -> Sequence[int]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT revision::int
                   FROM media.runs r JOIN media.assets a ON a.id = r.asset_id,
                        jsonb_array_elements(r.revisions) revision
                   WHERE r.upload_id = %s AND r.state IN ('failed', 'cancelled')
                     AND revision IS DISTINCT FROM a.publication->'revision'
                   ORDER BY revision""",
                (upload_id,),
            )
            return [row[0] for row in await cursor.fetchall()]

    async def captioned_asset(self, asset_id: AssetId) -> CaptionedAsset | None:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT to_jsonb(a),
                          coalesce((SELECT jsonb_agg(to_jsonb(c) ORDER BY c.lang COLLATE "C")
                                    FROM media.captions c WHERE c.asset_id = a.id), '[]')
                   FROM media.assets a WHERE a.id = %s""",
                (asset_id,),
            )
            row = await cursor.fetchone()
        if row is None:
            return None
        asset, captions = row
        return CaptionedAsset(value_of(asset, Asset), tuple(value_of(caption, Caption) for caption in captions))

    async def runs_in_use(self, run_ids: Collection[RunId], *, ended_after: datetime) -> frozenset[RunId]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT id FROM media.runs
                   WHERE id = ANY(%(ids)s)
                     AND (state IN ('queued', 'processing')
                          OR (state IN ('failed', 'cancelled') AND finished_at > %(ended_after)s))""",
                {"ids": list(run_ids), "ended_after": ended_after},
            )
            return frozenset(RunId(row[0]) for row in await cursor.fetchall())

    async def runs_with_leftover_chunks(self, *, ended_before: datetime, limit: int) -> Sequence[RunId]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT id FROM media.runs r
                   WHERE state NOT IN ('queued', 'processing') AND finished_at < %(ended_before)s
                     AND EXISTS (SELECT FROM media.chunks c WHERE c.run_id = r.id)
                   ORDER BY id LIMIT %(limit)s""",
                {"ended_before": ended_before, "limit": limit},
            )
            return [RunId(row[0]) for row in await cursor.fetchall()]

    async def published(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, PublishedMedia]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT lesson_id, id, (publication->>'revision')::int,
                          (publication->'facts'->>'duration_ms')::bigint,
                          (publication->>'storyboard')::boolean, publication->>'master', publication->'captions'
                   FROM media.assets WHERE lesson_id = ANY(%s) AND publication IS NOT NULL""",
                (list(lesson_ids),),
            )
            return {row[0]: _published(row[1:]) for row in await cursor.fetchall()}

    async def _uploads(self, condition: str, values: Mapping[str, object]) -> list[UploadSession]:
        async with connection(self._pool) as conn, conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(
                f"SELECT * FROM media.uploads u WHERE {condition}",  # noqa: S608 - a literal of this class
                values,
            )
            return [value_of(row, UploadSession) for row in await cursor.fetchall()]


def snapshot_of(row: tuple[Any, ...]) -> AssetSnapshot:
    """From an asset, its upload and its run as JSON."""
    asset, upload, run = row
    return AssetSnapshot(
        asset=value_of(asset, Asset),
        upload=None if upload is None else value_of(upload, UploadSession),
        run=None if run is None else value_of(run, Run),
    )


def _published(row: tuple[Any, ...]) -> PublishedMedia:
    asset_id, revision, duration_ms, storyboard, master, captions = row
    return PublishedMedia(
        asset_id,
        revision,
        duration_ms,
        # Publications of earlier releases know nothing of these.
        storyboard=storyboard or False,
        master=master or MASTER,
        captions=tuple(value_of(track, PublishedCaption) for track in captions or ()),
    )
