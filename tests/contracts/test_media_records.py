"""media's records and queries, in memory and in PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kosu.adapters.memory.media import MemoryMediaQueries, MemoryMediaRecords
from kosu.adapters.postgres.media import PostgresMediaQueries, PostgresMediaRecords
from kosu.adapters.system import SystemIds
from kosu.ids import AssetId, LessonId, RunId, UploadId, UserId
from kosu.modules.media.domain.assets import Asset, AssetSnapshot, Publication
from kosu.modules.media.domain.hls import Rendition
from kosu.modules.media.domain.runs import LEASE, Failure, Run, RunState, StepName
from kosu.modules.media.domain.sources import SourceFacts
from kosu.modules.media.domain.uploads import UploadSession, UploadState
from kosu.modules.media.errors import LeaseLost, UploadNotFound
from kosu.modules.media.ports import MediaQueries, MediaRecords, PublishedMedia
from kosu.ports.unit_of_work import Transaction
from tests.support.databases import Database, InPostgres

ids = SystemIds()
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
OWNER = UserId(UUID(int=0xA1))
FACTS = SourceFacts(
    duration_ms=7000,
    width=640,
    height=360,
    fps_numerator=30000,
    fps_denominator=1001,
    video_stream=0,
    audio_stream=None,
)
RENDITION = Rendition(
    name="360p",
    codec="avc1.64001e",
    peak_bps=800_000,
    average_bps=600_000,
    segment_count=2,
    duration_ms=7000,
    width=640,
    height=360,
)


@dataclass(frozen=True, slots=True)
class Media:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries

    def asset(self, lesson_id: LessonId | None = None) -> Asset:
        return Asset(id=AssetId(ids.new()), owner_id=OWNER, lesson_id=lesson_id, created_at=NOW)

    def session(self, asset: Asset, fingerprint: str | None = "file-1", **changes: object) -> UploadSession:
        upload_id = UploadId(ids.new())
        session = UploadSession(
            id=upload_id,
            owner_id=OWNER,
            asset_id=asset.id,
            lesson_id=asset.lesson_id,
            filename="강의.mp4",
            content_type="video/mp4",
            size_bytes=2**40,
            part_size_bytes=2**31,
            key=f"uploads/{upload_id}/source",
            multipart_id="m-1",
            fingerprint=fingerprint,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=72),
        )
        return replace(session, **changes)  # type: ignore[arg-type]

    def run(self, session: UploadSession) -> Run:
        return Run(
            id=RunId(ids.new()),
            asset_id=session.asset_id,
            lesson_id=session.lesson_id,
            upload_id=session.id,
            source_key=session.key,
            source_bytes=session.size_bytes,
            created_at=NOW,
        ).queued(NOW)

    async def stored_asset(self, lesson_id: LessonId | None = None) -> Asset:
        async with self.transaction() as records:
            return await records.assets.add_or_get(self.asset(lesson_id))

    async def stored_session(self, asset: Asset | None = None, **changes: object) -> UploadSession:
        asset = asset or await self.stored_asset()
        async with self.transaction() as records:
            session = await records.uploads.add_or_resume(self.session(asset, None))
            if changes:
                session = replace(session, **changes)  # type: ignore[arg-type]
                await records.uploads.save(session)
            return session

    async def stored_run(self, session: UploadSession | None = None) -> Run:
        run = self.run(session or await self.stored_session())
        async with self.transaction() as records:
            await records.runs.add(run)
        return run

    async def claim(self, run: Run, at: datetime) -> Run | None:
        async with self.transaction() as records:
            return await records.runs.claim(run.id, at=at)

    async def save(self, run: Run, *, fence: int) -> None:
        async with self.transaction() as records:
            await records.runs.save(run, fence=fence)

    async def snapshot(self, asset_id: AssetId) -> AssetSnapshot:
        snapshot = await self.queries.snapshot(asset_id)
        assert snapshot is not None
        return snapshot


@pytest.fixture
def media(db: Database) -> Media:
    return Media(
        db.transaction(MemoryMediaRecords, PostgresMediaRecords),
        db.queries(MemoryMediaQueries, PostgresMediaQueries),
    )


async def test_session_comes_back_as_it_was_saved(media: Media) -> None:
    session = await media.stored_session(fingerprint="file-1")
    changed = replace(session, state=UploadState.REJECTED, purged=True)

    async with media.transaction() as records:
        assert await records.uploads.lock(session.id) == session
        await records.uploads.save(changed)

    assert await media.queries.upload(session.id) == changed


async def test_unknown_session_is_not_found(media: Media) -> None:
    with pytest.raises(UploadNotFound):
        async with media.transaction() as records:
            await records.uploads.lock(UploadId(ids.new()))
    assert await media.queries.upload(UploadId(ids.new())) is None


async def test_open_session_of_the_same_file_is_the_answer(media: Media) -> None:
    asset = await media.stored_asset()
    first, second = media.session(asset), media.session(asset)
    async with media.transaction() as records:
        assert await records.uploads.add_or_resume(first) == first
        assert await records.uploads.add_or_resume(second) == first
    assert await media.queries.open_upload(OWNER, "file-1") == first

    async with media.transaction() as records:
        await records.uploads.save(first.aborted())
        assert await records.uploads.add_or_resume(second) == second


async def test_raced_starts_of_the_same_file_end_in_one_session(media: Media) -> None:
    asset = await media.stored_asset()

    async def start() -> UploadId:
        async with media.transaction() as records:
            return (await records.uploads.add_or_resume(media.session(asset))).id

    assert len(set(await asyncio.gather(*(start() for _ in range(5))))) == 1


async def test_sessions_without_a_fingerprint_are_never_the_same(media: Media) -> None:
    asset = await media.stored_asset()

    assert (await media.stored_session(asset)).id != (await media.stored_session(asset)).id


async def test_expired_sessions_are_the_open_ones_whose_time_is_over(media: Media) -> None:
    late = await media.stored_session(expires_at=NOW)
    early = await media.stored_session(expires_at=NOW - timedelta(hours=1))
    await media.stored_session(expires_at=NOW + timedelta(seconds=1))
    await media.stored_session(expires_at=NOW, state=UploadState.COMPLETED)

    async with media.transaction() as records:
        assert await records.uploads.lock_expired(at=NOW, limit=10) == [early, late]
        assert await records.uploads.lock_expired(at=NOW, limit=1) == [early]


async def test_discardable_sessions_are_those_that_nobody_needs(media: Media) -> None:
    aborted = await media.stored_session(state=UploadState.ABORTED)
    await media.stored_session(state=UploadState.EXPIRED, purged=True)
    await media.stored_session()
    failed, recent, running = [await media.stored_session(state=UploadState.COMPLETED) for _ in range(3)]
    for session, state, finished_at in (
        (failed, RunState.FAILED, NOW - timedelta(seconds=1)),
        (recent, RunState.FAILED, NOW),
        (running, RunState.PROCESSING, None),
    ):
        run = await media.stored_run(session)
        await media.save(replace(run, state=state, finished_at=finished_at), fence=0)

    assert await media.queries.discardable_uploads(ended_before=NOW, limit=10) == [aborted, failed]


async def test_lesson_has_one_asset(media: Media) -> None:
    lesson_id = LessonId(ids.new())
    first = await media.stored_asset(lesson_id)

    assert await media.stored_asset(lesson_id) == first
    assert await media.stored_asset() != await media.stored_asset()


async def test_revisions_are_never_given_twice(media: Media) -> None:
    asset = await media.stored_asset()

    async def take() -> int:
        async with media.transaction() as records:
            return await records.assets.next_revision(asset.id)

    assert sorted(await asyncio.gather(*(take() for _ in range(5)))) == [1, 2, 3, 4, 5]


async def test_pointer_never_moves_back(media: Media) -> None:
    lesson_id = LessonId(ids.new())
    asset = await media.stored_asset(lesson_id)
    assert not await media.queries.published([lesson_id])

    moved = []
    for revision in (2, 1, 2, 3):
        publication = Publication(
            revision=revision, facts=FACTS, renditions=(RENDITION,), published_at=NOW, storyboard=revision == 3
        )
        async with media.transaction() as records:
            moved.append(await records.assets.publish(asset.id, publication))

    assert moved == [True, False, True, True]
    assert (await media.snapshot(asset.id)).asset.publication == publication
    assert await media.queries.published([lesson_id, LessonId(ids.new())]) == {
        lesson_id: PublishedMedia(asset.id, 3, 7000, storyboard=True)
    }


async def test_publication_of_older_times_has_no_storyboard(postgres: InPostgres) -> None:
    """It was written when nobody knew of storyboards."""
    media = Media(
        postgres.transaction(MemoryMediaRecords, PostgresMediaRecords),
        postgres.queries(MemoryMediaQueries, PostgresMediaQueries),
    )
    lesson_id = LessonId(ids.new())
    asset = await media.stored_asset(lesson_id)
    async with media.transaction() as records:
        await records.assets.publish(
            asset.id, Publication(revision=1, facts=FACTS, renditions=(RENDITION,), published_at=NOW)
        )
    async with postgres.pool.connection() as connection:
        await connection.execute("UPDATE media.assets SET publication = publication - 'storyboard'")

    assert await media.queries.published([lesson_id]) == {lesson_id: PublishedMedia(asset.id, 1, 7000)}
    publication = (await media.snapshot(asset.id)).asset.publication
    assert publication is not None
    assert not publication.storyboard


async def test_run_comes_back_as_it_was_saved(media: Media) -> None:
    run = await media.stored_run()
    full = replace(
        run.claimed(NOW).begun(StepName.HLS, NOW).postponed(StepName.HLS, Failure("code", "hint", True), NOW),
        facts=FACTS,
        renditions=(RENDITION,),
        revisions=(1, 2),
        finished_at=NOW,
        error=Failure("code", "hint", False),
    )

    await media.save(full, fence=0)

    async with media.transaction() as records:
        assert await records.runs.lock(run.id) == full
        assert await records.runs.lock(RunId(ids.new())) is None
    assert (await media.snapshot(run.asset_id)).run == full


async def test_claim_takes_a_run_that_nobody_holds(media: Media) -> None:
    run = await media.stored_run()

    first = await media.claim(run, NOW)
    assert first == run.claimed(NOW)
    assert await media.claim(run, NOW + LEASE - timedelta(seconds=1)) is None

    second = await media.claim(run, NOW + LEASE)
    assert second is not None
    assert (second.fence, second.started_at) == (2, NOW)


async def test_claim_ends_what_the_run_waited_for(media: Media) -> None:
    run = await media.stored_run()
    waiting = run.waiting_for_disk(NOW)
    await media.save(waiting, fence=0)
    assert (await media.snapshot(run.asset_id)).run == waiting

    claimed = await media.claim(run, NOW)

    assert claimed == waiting.claimed(NOW)
    assert claimed.waits_for is None


async def test_raced_claims_have_one_winner(media: Media) -> None:
    run = await media.stored_run()

    claims = await asyncio.gather(*(media.claim(run, NOW) for _ in range(6)))

    assert [claim.fence for claim in claims if claim is not None] == [1]


@pytest.mark.parametrize("state", [RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED])
async def test_run_that_is_over_cannot_be_claimed(media: Media, state: RunState) -> None:
    run = await media.stored_run()
    await media.save(replace(run, state=state), fence=0)

    assert await media.claim(run, NOW) is None
    assert await media.claim(replace(run, id=RunId(ids.new())), NOW) is None


async def test_save_under_a_stale_fence_writes_nothing(media: Media) -> None:
    run = await media.stored_run()
    stale = await media.claim(run, NOW)
    fresh = await media.claim(run, NOW + LEASE)
    assert stale is not None

    with pytest.raises(LeaseLost):
        await media.save(replace(stale, percent=50), fence=stale.fence)

    assert (await media.snapshot(run.asset_id)).run == fresh


async def test_due_runs_are_the_active_ones_whose_time_has_come(media: Media) -> None:
    runs = [await media.stored_run() for _ in range(4)]
    wakes = [NOW, NOW - timedelta(hours=1), NOW + timedelta(seconds=1), NOW]
    states = [RunState.QUEUED, RunState.PROCESSING, RunState.QUEUED, RunState.FAILED]
    runs = [replace(run, wake_at=wake, state=state) for run, wake, state in zip(runs, wakes, states, strict=True)]
    for run in runs:
        await media.save(run, fence=0)

    async with media.transaction() as records:
        assert await records.runs.lock_due(at=NOW, limit=10) == [runs[1], runs[0]]
        assert await records.runs.lock_due(at=NOW, limit=1) == [runs[1]]


async def test_runs_in_use_are_active_or_ended_lately_without_success(media: Media) -> None:
    runs = [await media.stored_run() for _ in range(5)]
    late, early = NOW + timedelta(seconds=1), NOW
    ends = [None, late, late, early, late]
    states = [RunState.QUEUED, RunState.FAILED, RunState.CANCELLED, RunState.FAILED, RunState.COMPLETED]
    for run, state, finished_at in zip(runs, states, ends, strict=True):
        await media.save(replace(run, state=state, finished_at=finished_at), fence=0)
    unknown = RunId(ids.new())

    in_use = await media.queries.runs_in_use([unknown, *(run.id for run in runs)], ended_after=NOW)

    assert in_use == {run.id for run in runs[:3]}
    assert not await media.queries.runs_in_use([runs[3].id], ended_after=NOW)


async def test_active_runs_of_an_asset(media: Media) -> None:
    asset = await media.stored_asset()
    first, second = [await media.stored_run(await media.stored_session(asset)) for _ in range(2)]
    await media.stored_run()
    await media.save(first.cancelled(NOW), fence=0)

    async with media.transaction() as records:
        assert await records.runs.lock_active(asset.id) == [second]


async def test_snapshot_shows_the_latest_session_that_counts_and_the_latest_run(media: Media) -> None:
    asset = await media.stored_asset()
    assert await media.snapshot(asset.id) == AssetSnapshot(asset=asset, upload=None, run=None)
    older = await media.stored_session(asset, state=UploadState.COMPLETED)
    await media.stored_run(older)
    newer = await media.stored_session(asset, state=UploadState.COMPLETED)
    run = await media.stored_run(newer)
    await media.stored_session(asset, state=UploadState.ABORTED)

    assert await media.snapshot(asset.id) == AssetSnapshot(asset=asset, upload=newer, run=run)
    assert await media.queries.snapshot(AssetId(ids.new())) is None
