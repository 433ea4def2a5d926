"""media in memory: records and queries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from kosu.adapters.memory.captions import MemoryCaptions
from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, Table, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.ids import AssetId, CourseId, LessonId, RunId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset, AssetSnapshot, Publication, RetiredRevision
from kosu.modules.media.domain.chunks import Chunk, ChunkState
from kosu.modules.media.domain.runs import Run, RunState
from kosu.modules.media.domain.uploads import UploadSession, UploadState
from kosu.modules.media.errors import LeaseLost, UploadNotFound
from kosu.modules.media.ports import CaptionedAsset, LessonAsset, PublishedMedia

UPLOADS = "media.uploads"
ASSETS = "media.assets"
RUNS = "media.runs"
RETIRED = "media.retired_revisions"
CAPTIONS = "media.captions"
CHUNKS = "media.chunks"

T = TypeVar("T")


class MemoryUploads:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._uploads = workspace.table(UPLOADS)

    async def add_or_resume(self, session: UploadSession) -> UploadSession:
        existing = _open_upload(self._uploads.values(), session.owner_id, session.fingerprint)
        if existing is not None:
            return existing
        self._uploads[session.id] = session
        return session

    async def lock_used_bytes(self, owner_id: UserId) -> int:
        published = (
            (asset.id, asset.publication.revision)
            for asset in self._workspace.table(ASSETS).values()
            if asset.publication is not None
        )
        retired = ((revision.asset_id, revision.revision) for revision in self._workspace.table(RETIRED))
        kept = {*published, *retired}
        made_of = {
            run.upload_id
            for run in self._workspace.table(RUNS).values()
            if any((run.asset_id, revision) in kept for revision in run.revisions)
        }
        return sum(
            session.size_bytes
            for session in self._uploads.values()
            if session.owner_id == owner_id and (not session.purged or session.id in made_of)
        )

    async def lock(self, upload_id: UploadId) -> UploadSession:
        session: UploadSession | None = self._uploads.get(upload_id)
        if session is None:
            msg = "There is no such upload."
            raise UploadNotFound(msg)
        return session

    async def save(self, session: UploadSession) -> None:
        self._uploads[session.id] = session

    async def lock_expired(self, *, at: datetime, limit: int) -> Sequence[UploadSession]:
        due = (session for session in self._uploads.values() if session.is_open and session.expires_at <= at)
        return sorted(due, key=lambda session: (session.expires_at, session.id))[:limit]


class MemoryAssets:
    def __init__(self, assets: Table, retired: Table) -> None:
        self._assets = assets
        self._retired = retired

    async def add_or_get(self, asset: Asset) -> Asset:
        for other in self._assets.values():
            if asset.lesson_id is not None and other.lesson_id == asset.lesson_id:
                existing: Asset = other
                return existing
        self._assets[asset.id] = asset
        return asset

    async def next_revision(self, asset_id: AssetId) -> int:
        asset: Asset = self._assets[asset_id]
        self._assets[asset_id] = replace(asset, last_revision=asset.last_revision + 1)
        return asset.last_revision + 1

    async def publish(self, asset_id: AssetId, publication: Publication) -> bool:
        asset: Asset = self._assets[asset_id]
        if asset.publication is not None and asset.publication.revision > publication.revision:
            return False
        if asset.publication is not None and asset.publication.revision < publication.revision:
            self._retired[RetiredRevision(asset_id, asset.publication.revision)] = publication.published_at
        self._assets[asset_id] = replace(asset, publication=publication)
        return True

    async def forget_retired(self, retired: RetiredRevision) -> None:
        self._retired.pop(retired, None)

    async def publish_captions(self, asset_id: AssetId, publication: Publication) -> bool:
        asset: Asset = self._assets[asset_id]
        if (
            asset.publication is None
            or asset.publication.revision != publication.revision
            or asset.publication.captions_version >= publication.captions_version
        ):
            return False
        self._assets[asset_id] = replace(asset, publication=publication)
        return True


class MemoryRuns:
    def __init__(self, runs: Table) -> None:
        self._runs = runs

    async def add(self, run: Run) -> None:
        self._runs[run.id] = run

    async def lock(self, run_id: RunId) -> Run | None:
        return self._runs.get(run_id)

    async def lock_active(self, asset_id: AssetId) -> Sequence[Run]:
        return sorted(
            (run for run in self._runs.values() if run.asset_id == asset_id and run.is_active),
            key=lambda run: run.id,
        )

    async def claim(self, run_id: RunId, *, at: datetime) -> Run | None:
        run: Run | None = self._runs.get(run_id)
        if run is None or not run.is_active or run.is_held(at):
            return None
        self._runs[run_id] = run.claimed(at)
        return run.claimed(at)

    async def save(self, run: Run, *, fence: int) -> None:
        stored: Run | None = self._runs.get(run.id)
        if stored is None or stored.fence != fence:
            msg = f"run {run.id} is no longer at fence {fence}"
            raise LeaseLost(msg)
        self._runs[run.id] = run

    async def lock_due(self, *, at: datetime, limit: int) -> Sequence[Run]:
        due = ((run.wake_at, run) for run in self._runs.values() if run.is_active and run.wake_at is not None)
        return [run for wake_at, run in sorted(due, key=lambda pair: (pair[0], pair[1].id)) if wake_at <= at][:limit]


class MemoryChunks:
    def __init__(self, chunks: Table, runs: Table) -> None:
        self._chunks = chunks
        self._runs = runs

    async def add(self, chunks: Sequence[Chunk]) -> None:
        self._chunks.update({(chunk.run_id, chunk.index): chunk for chunk in chunks})

    async def of(self, run_id: RunId) -> Sequence[Chunk]:
        return [chunk for (owner, _), chunk in sorted(self._chunks.items()) if owner == run_id]

    async def frames(self, run_id: RunId) -> int:
        return sum(chunk.frames for chunk in await self.of(run_id))

    async def claim(self, run_id: RunId, *, at: datetime) -> Chunk | None:
        free = (chunk for chunk in await self.of(run_id) if chunk.is_claimable(at))
        chunk = next(free, None) if self._is_active(run_id) else None
        if chunk is None:
            return None
        self._chunks[run_id, chunk.index] = chunk.claimed(at)
        return chunk.claimed(at)

    async def save(self, chunk: Chunk, *, fence: int) -> None:
        stored: Chunk | None = self._chunks.get((chunk.run_id, chunk.index))
        ours = stored is not None and stored.fence == fence and stored.state is ChunkState.WAITING
        if not ours or not self._is_active(chunk.run_id):
            msg = f"chunk {chunk.index} of run {chunk.run_id} is no longer ours at fence {fence}"
            raise LeaseLost(msg)
        self._chunks[chunk.run_id, chunk.index] = chunk

    async def give_up(self, run_id: RunId) -> None:
        for chunk in await self.of(run_id):
            self._chunks[run_id, chunk.index] = replace(chunk.failed(), fence=chunk.fence + 1)

    async def remove(self, run_id: RunId) -> None:
        for chunk in await self.of(run_id):
            del self._chunks[run_id, chunk.index]

    def _is_active(self, run_id: RunId) -> bool:
        return run_id in self._runs and self._runs[run_id].is_active


class MemoryMediaRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        self.uploads = MemoryUploads(workspace)
        self.assets = MemoryAssets(workspace.table(ASSETS), workspace.table(RETIRED))
        self.runs = MemoryRuns(workspace.table(RUNS))
        self.captions = MemoryCaptions(workspace.table(ASSETS), workspace.table(CAPTIONS))
        self.chunks = MemoryChunks(workspace.table(CHUNKS), workspace.table(RUNS))


class MemoryMediaQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def upload(self, upload_id: UploadId) -> UploadSession | None:
        return self._database.table(UPLOADS).get(upload_id)

    async def open_upload(self, owner_id: UserId, fingerprint: str) -> UploadSession | None:
        return _open_upload(self._database.table(UPLOADS).values(), owner_id, fingerprint)

    async def discardable_uploads(self, *, ended_before: datetime, limit: int) -> Sequence[UploadSession]:
        given_up = {
            run.upload_id
            for run in self._database.table(RUNS).values()
            if run.state in {RunState.FAILED, RunState.CANCELLED} and run.finished_at < ended_before
        }
        sessions = (
            session
            for session in self._database.table(UPLOADS).values()
            if not session.purged and (session.is_discarded or session.id in given_up)
        )
        return sorted(sessions, key=lambda session: session.id)[:limit]

    async def snapshot(self, asset_id: AssetId) -> AssetSnapshot | None:
        asset = self._database.table(ASSETS).get(asset_id)
        return None if asset is None else self._snapshot(asset)

    def _snapshot(self, asset: Asset) -> AssetSnapshot:
        def counts(upload: UploadSession) -> bool:
            return upload.asset_id == asset.id and upload.state is not UploadState.ABORTED

        return AssetSnapshot(
            asset=asset,
            upload=_latest(self._database.table(UPLOADS), counts),
            run=_latest(self._database.table(RUNS), lambda run: run.asset_id == asset.id),
        )

    async def lesson_assets(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, LessonAsset]:
        assets = [asset for asset in self._database.table(ASSETS).values() if asset.lesson_id in lesson_ids]
        return {asset.lesson_id: LessonAsset(self._snapshot(asset), self._languages(asset.id)) for asset in assets}

    def _languages(self, asset_id: AssetId) -> tuple[str, ...]:
        return tuple(sorted(lang for owner, lang in self._database.table(CAPTIONS) if owner == asset_id))

    async def retired_revisions(self, *, retired_before: datetime, limit: int) -> Sequence[RetiredRevision]:
        retired = ((at, revision) for revision, at in self._database.table(RETIRED).items() if at < retired_before)
        oldest = sorted(retired, key=lambda pair: (pair[0], pair[1].asset_id, pair[1].revision))
        return [revision for _, revision in oldest if not self._is_published(revision)][:limit]

    async def unpublished_revisions(self, upload_id: UploadId) -> Sequence[int]:
        return [
            revision
            for run in self._database.table(RUNS).values()
            if run.upload_id == upload_id and run.state in {RunState.FAILED, RunState.CANCELLED}
            for revision in run.revisions
            if not self._is_published(RetiredRevision(run.asset_id, revision))
        ]

    def _is_published(self, revision: RetiredRevision) -> bool:
        publication = self._database.table(ASSETS)[revision.asset_id].publication
        return publication is not None and publication.revision == revision.revision

    async def captioned_asset(self, asset_id: AssetId) -> CaptionedAsset | None:
        asset = self._database.table(ASSETS).get(asset_id)
        if asset is None:
            return None
        captions = sorted(item for item in self._database.table(CAPTIONS).items() if item[0][0] == asset_id)
        return CaptionedAsset(asset, tuple(caption for _, caption in captions))

    async def runs_in_use(self, run_ids: Collection[RunId], *, ended_after: datetime) -> frozenset[RunId]:
        runs = (run for run in self._database.table(RUNS).values() if run.id in run_ids)
        return frozenset(
            run.id
            for run in runs
            if run.is_active or (run.state in {RunState.FAILED, RunState.CANCELLED} and run.finished_at > ended_after)
        )

    async def runs_with_leftover_chunks(self, *, ended_before: datetime, limit: int) -> Sequence[RunId]:
        cut = {run_id for run_id, _ in self._database.table(CHUNKS)}
        runs = (run for run in self._database.table(RUNS).values() if run.id in cut and not run.is_active)
        return sorted(run.id for run in runs if run.finished_at < ended_before)[:limit]

    async def published(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, PublishedMedia]:
        return {
            asset.lesson_id: PublishedMedia(
                asset.id,
                asset.publication.revision,
                asset.publication.facts.duration_ms,
                storyboard=asset.publication.storyboard,
                master=asset.publication.master,
                captions=asset.publication.captions,
            )
            for asset in self._database.table(ASSETS).values()
            if asset.lesson_id in lesson_ids and asset.publication is not None
        }


class MemoryLessonAuthors:
    """Who may put a video into which lesson: `allow` says so. They all are lessons of every course."""

    def __init__(self) -> None:
        self._allowed: set[tuple[UserId, LessonId]] = set()

    def allow(self, user_id: UserId, lesson_id: LessonId) -> None:
        self._allowed.add((user_id, lesson_id))

    async def may_attach(self, *, user_id: UserId, lesson_id: LessonId) -> bool:
        return (user_id, lesson_id) in self._allowed

    async def video_lessons(self, course_id: CourseId, *, user_id: UserId, is_operator: bool) -> Sequence[LessonId]:
        del course_id
        return sorted(lesson_id for author, lesson_id in self._allowed if is_operator or author == user_id)


def _open_upload(sessions: Iterable[UploadSession], owner_id: UserId, fingerprint: str | None) -> UploadSession | None:
    return next(
        (
            session
            for session in sessions
            if fingerprint is not None
            and session.is_open
            and session.owner_id == owner_id
            and session.fingerprint == fingerprint
        ),
        None,
    )


def _latest(table: Table, counts: Callable[[T], bool]) -> T | None:
    return max((row for row in table.values() if counts(row)), key=lambda row: row.id, default=None)
