"""The media module's wiring: what it needs in, its use cases and facade out."""

from __future__ import annotations

from dependency_injector import containers, providers

from kosu.modules.identity import AuditLog
from kosu.modules.media.delivery import Delivery
from kosu.modules.media.discard import Discard
from kosu.modules.media.discard_chunks import DiscardChunks
from kosu.modules.media.domain.chunks import CHUNK_SEGMENTS
from kosu.modules.media.facade import Media
from kosu.modules.media.ports import (
    AssetBoard,
    ChunkTranscoder,
    LessonAuthors,
    MediaQueries,
    MediaRecords,
    Probe,
    Scratch,
    Transcoder,
)
from kosu.modules.media.processing.chunk_worker import ChunkWorker
from kosu.modules.media.processing.chunked import ChunkedEncode
from kosu.modules.media.processing.held_run import BEAT_SECONDS
from kosu.modules.media.processing.preview import LOOK_SECONDS, Preview
from kosu.modules.media.processing.publishing import Publishing
from kosu.modules.media.processing.steps import Steps
from kosu.modules.media.processing.tidy_scratch import TidyScratch
from kosu.modules.media.use_cases.abort_upload import AbortUpload
from kosu.modules.media.use_cases.cancel_asset import CancelAsset
from kosu.modules.media.use_cases.complete_upload import CompleteUpload
from kosu.modules.media.use_cases.describe_asset import DescribeAsset
from kosu.modules.media.use_cases.drop_revisions import DropRevisions
from kosu.modules.media.use_cases.edit_captions import PutCaptions, RemoveCaptions
from kosu.modules.media.use_cases.encode_chunks import EncodeChunks
from kosu.modules.media.use_cases.expire_uploads import ExpireUploads
from kosu.modules.media.use_cases.find_assets import FindAssets
from kosu.modules.media.use_cases.get_upload import GetUpload
from kosu.modules.media.use_cases.list_course_media import ListCourseMedia
from kosu.modules.media.use_cases.presign_parts import PresignParts
from kosu.modules.media.use_cases.preview_asset import PreviewAsset
from kosu.modules.media.use_cases.process_run import ProcessRun, StepTold, untold
from kosu.modules.media.use_cases.publish_captions import PublishCaptions
from kosu.modules.media.use_cases.reconcile_runs import ReconcileRuns
from kosu.modules.media.use_cases.retry_asset import RetryAsset
from kosu.modules.media.use_cases.start_upload import StartUpload
from kosu.ports.clock import Clock
from kosu.ports.delivery_signer import DeliverySigner
from kosu.ports.id_source import IdSource
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction
from kosu.ports.workers import Workers


class MediaContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    transaction: providers.Provider[Transaction[MediaRecords]] = providers.Dependency()
    queries: providers.Provider[MediaQueries] = providers.Dependency()
    store: providers.Provider[ObjectStore] = providers.Dependency()
    signer: providers.Provider[DeliverySigner] = providers.Dependency()
    probe: providers.Provider[Probe] = providers.Dependency()
    transcoder: providers.Provider[Transcoder] = providers.Dependency()
    chunk_transcoder: providers.Provider[ChunkTranscoder] = providers.Dependency()
    scratch: providers.Provider[Scratch] = providers.Dependency()
    workers: providers.Provider[Workers] = providers.Dependency()
    board: providers.Provider[AssetBoard] = providers.Dependency()
    audit: providers.Provider[AuditLog] = providers.Dependency()
    lesson_authors: providers.Provider[LessonAuthors] = providers.Dependency()
    media_base_url: providers.Provider[str] = providers.Dependency()
    cookie_ttl_seconds: providers.Provider[int] = providers.Dependency()
    max_upload_bytes: providers.Provider[int] = providers.Dependency()
    upload_quota_bytes: providers.Provider[int] = providers.Dependency()
    chunk_threshold_seconds: providers.Provider[int] = providers.Dependency()
    chunk_segments: providers.Provider[int] = providers.Object(CHUNK_SEGMENTS)
    beat_seconds: providers.Provider[float] = providers.Object(BEAT_SECONDS)
    step_told: providers.Provider[StepTold] = providers.Object(untold)
    look_seconds: providers.Provider[float] = providers.Object(LOOK_SECONDS)

    discard = providers.Singleton(Discard, transaction=transaction, queries=queries, store=store)
    delivery = providers.Singleton(
        Delivery,
        signer=signer,
        clock=clock,
        media_base_url=media_base_url,
        cookie_ttl_seconds=cookie_ttl_seconds,
    )
    discard_chunks = providers.Singleton(DiscardChunks, transaction=transaction, store=store)
    publishing = providers.Singleton(
        Publishing, store=store, scratch=scratch, clock=clock, discard_chunks=discard_chunks
    )
    preview = providers.Singleton(Preview, store=store, look_seconds=look_seconds)
    chunk_worker = providers.Singleton(
        ChunkWorker,
        transaction=transaction,
        store=store,
        transcoder=chunk_transcoder,
        clock=clock,
        beat_seconds=beat_seconds,
    )
    chunked = providers.Singleton(
        ChunkedEncode,
        transaction=transaction,
        transcoder=chunk_transcoder,
        worker=chunk_worker,
        preview=preview,
        clock=clock,
        threshold_seconds=chunk_threshold_seconds,
        chunk_segments=chunk_segments,
        beat_seconds=beat_seconds,
    )
    steps = providers.Singleton(
        Steps,
        store=store,
        probe=probe,
        transcoder=transcoder,
        scratch=scratch,
        preview=preview,
        publishing=publishing,
        chunked=chunked,
    )

    tidy_scratch = providers.Singleton(TidyScratch, queries=queries, scratch=scratch, clock=clock)

    start_upload = providers.Singleton(
        StartUpload,
        transaction=transaction,
        queries=queries,
        store=store,
        lesson_authors=lesson_authors,
        clock=clock,
        ids=ids,
        max_upload_bytes=max_upload_bytes,
        upload_quota_bytes=upload_quota_bytes,
    )
    presign_parts = providers.Singleton(
        PresignParts, transaction=transaction, queries=queries, store=store, clock=clock
    )
    get_upload = providers.Singleton(GetUpload, queries=queries, store=store)
    complete_upload = providers.Singleton(
        CompleteUpload, transaction=transaction, queries=queries, store=store, discard=discard, clock=clock, ids=ids
    )
    abort_upload = providers.Singleton(AbortUpload, transaction=transaction, discard=discard)
    expire_uploads = providers.Singleton(
        ExpireUploads,
        transaction=transaction,
        queries=queries,
        discard=discard,
        discard_chunks=discard_chunks,
        clock=clock,
    )
    preview_asset = providers.Singleton(
        PreviewAsset,
        queries=queries,
        store=store,
        delivery=delivery,
    )
    drop_revisions = providers.Singleton(
        DropRevisions, transaction=transaction, queries=queries, store=store, clock=clock
    )
    describe_asset = providers.Singleton(DescribeAsset, queries=queries, workers=workers, clock=clock)
    list_course_media = providers.Singleton(
        ListCourseMedia, queries=queries, lesson_authors=lesson_authors, workers=workers, clock=clock
    )
    find_assets = providers.Singleton(
        FindAssets, transaction=transaction, board=board, workers=workers, audit=audit, clock=clock
    )
    retry_asset = providers.Singleton(RetryAsset, transaction=transaction, queries=queries, audit=audit, clock=clock)
    cancel_asset = providers.Singleton(
        CancelAsset, transaction=transaction, queries=queries, discard=discard, audit=audit, clock=clock
    )
    put_captions = providers.Singleton(PutCaptions, transaction=transaction, queries=queries, audit=audit, clock=clock)
    remove_captions = providers.Singleton(
        RemoveCaptions, transaction=transaction, queries=queries, audit=audit, clock=clock
    )
    publish_captions = providers.Singleton(PublishCaptions, transaction=transaction, queries=queries, store=store)
    process_run = providers.Singleton(
        ProcessRun,
        transaction=transaction,
        scratch=scratch,
        steps=steps,
        tidy_scratch=tidy_scratch,
        clock=clock,
        beat_seconds=beat_seconds,
        told=step_told,
    )
    encode_chunks = providers.Singleton(
        EncodeChunks,
        transaction=transaction,
        store=store,
        scratch=scratch,
        worker=chunk_worker,
        tidy_scratch=tidy_scratch,
        clock=clock,
    )
    reconcile_runs = providers.Singleton(ReconcileRuns, transaction=transaction, clock=clock)
    facade = providers.Singleton(
        Media,
        queries=queries,
        delivery=delivery,
    )
