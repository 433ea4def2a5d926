"""media on memory adapters, with builders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.asset_board import MemoryAssetBoard
from kosu.adapters.memory.chunk_transcoder import MemoryChunkTranscoder
from kosu.adapters.memory.clock import MemoryClock, MemoryIds
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.delivery_signer import MemorySigner
from kosu.adapters.memory.identity import MemoryIdentityRecords
from kosu.adapters.memory.media import (
    MemoryLessonAuthors,
    MemoryMediaQueries,
    MemoryMediaRecords,
)
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.memory.outbox import OutboxRow
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.memory.scratch import MemoryScratch
from kosu.adapters.memory.transcoder import MemoryProbe, MemoryTranscoder
from kosu.adapters.memory.workers import MemoryWorkers
from kosu.ids import AssetId, LessonId, RunId, UploadId, UserId
from kosu.modules.identity import AuditLog
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.media.container import MediaContainer
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.domain.uploads import MIB, UploadSession
from kosu.modules.media.ports import MediaRecords
from kosu.modules.media.processing.held_run import HeldRun
from kosu.modules.media.views import AssetView, UploadView
from kosu.ports.object_store import PresignedPart
from kosu.ports.unit_of_work import Transaction

OWNER = UserId(UUID(int=0xA1))
STRANGER = UserId(UUID(int=0xB2))
LESSON = LessonId(UUID(int=0xC3))
MAX_UPLOAD_BYTES = 1024**4
UPLOAD_QUOTA_BYTES = 4 * MAX_UPLOAD_BYTES
CHUNK_THRESHOLD_SECONDS = 60


def video_bytes(size_bytes: int) -> bytes:
    """Bytes that pass for an MP4 at first sight."""
    return (b"\x00\x00\x00\x18ftypisom" + bytes(size_bytes))[:size_bytes]


class MediaWorld:
    """All of media in memory. The clock stands still until a test moves it."""

    def __init__(self, directory: Path) -> None:
        self.clock = MemoryClock()
        self.ids = MemoryIds()
        self.database = MemoryDatabase()
        self.queue = MemoryQueue()
        self.store = MemoryObjectStore(self.clock)
        self.signer = MemorySigner()
        self.probe = MemoryProbe()
        self.transcoder = MemoryTranscoder()
        self.chunk_transcoder = MemoryChunkTranscoder()
        self.scratch = MemoryScratch(directory)
        self.workers = MemoryWorkers("media")
        self.steps_told: list[tuple[StepName, str, timedelta]] = []
        self.audit = AuditLog(
            MemoryTransaction(self.database, self.queue, self.clock, self.ids, MemoryIdentityRecords),
            AuditTrail(self.ids),
        )
        self.lesson_authors = MemoryLessonAuthors()
        self.lesson_authors.allow(OWNER, LESSON)
        self.queries = MemoryMediaQueries(self.database)
        self.transaction: Transaction[MediaRecords] = MemoryTransaction(
            self.database, self.queue, self.clock, self.ids, MemoryMediaRecords
        )
        self.container = MediaContainer(
            clock=Object(self.clock),
            ids=Object(self.ids),
            transaction=Object(self.transaction),
            queries=Object(self.queries),
            store=Object(self.store),
            signer=Object(self.signer),
            probe=Object(self.probe),
            transcoder=Object(self.transcoder),
            chunk_transcoder=Object(self.chunk_transcoder),
            scratch=Object(self.scratch),
            workers=Object(self.workers),
            board=Object(MemoryAssetBoard(self.database)),
            audit=Object(self.audit),
            lesson_authors=Object(self.lesson_authors),
            media_base_url=Object("https://media.kosu.test"),
            cookie_ttl_seconds=Object(7200),
            max_upload_bytes=Object(MAX_UPLOAD_BYTES),
            upload_quota_bytes=Object(UPLOAD_QUOTA_BYTES),
            chunk_threshold_seconds=Object(CHUNK_THRESHOLD_SECONDS),
            chunk_segments=Object(2),
            beat_seconds=Object(0.02),
            look_seconds=Object(0.02),
            step_told=Object(lambda step, outcome, took: self.steps_told.append((step, outcome, took))),
        )

    async def start(
        self,
        *,
        user_id: UserId = OWNER,
        is_instructor: bool = True,
        is_operator: bool = False,
        filename: str = "lecture.mp4",
        size_bytes: int = 20 * MIB,
        content_type: str = "video/mp4",
        lesson_id: LessonId | None = LESSON,
        fingerprint: str | None = "file-1",
    ) -> UploadView:
        view, _ = await self.container.start_upload()(
            user_id=user_id,
            is_instructor=is_instructor,
            is_operator=is_operator,
            filename=filename,
            size_bytes=size_bytes,
            content_type=content_type,
            lesson_id=lesson_id,
            fingerprint=fingerprint,
        )
        return view

    async def send(self, upload: UploadView, data: bytes, part_numbers: Sequence[int] | None = None) -> None:
        """Send parts of a file as its client would, all of them by default."""
        numbers = range(1, upload.part_count + 1) if part_numbers is None else part_numbers
        presigned = await self.container.presign_parts()(user_id=OWNER, upload_id=upload.id, part_numbers=list(numbers))
        for part in presigned.parts:
            start = (part.part_number - 1) * upload.part_size_bytes
            ticket = PresignedPart(part.part_number, part.url, part.headers, part.expires_at)
            await self.store.send(ticket, data[start : start + upload.part_size_bytes])

    async def complete(self, upload_id: UploadId) -> AssetId:
        return await self.container.complete_upload()(user_id=OWNER, upload_id=upload_id)

    async def uploaded(self, size_bytes: int = 1000) -> AssetId:
        """An asset whose source has arrived and whose run is queued."""
        upload = await self.start(size_bytes=size_bytes, fingerprint=None)
        await self.send(upload, video_bytes(size_bytes))
        return await self.complete(upload.id)

    async def process(self) -> None:
        """Let a worker take the latest run as far as it gets."""
        await self.container.process_run()(run_id=self.run().id)

    async def asset(self, asset_id: AssetId) -> AssetView:
        return await self.container.describe_asset()(user_id=OWNER, is_operator=False, asset_id=asset_id)

    def upload(self, upload_id: UploadId) -> UploadSession:
        return cast(UploadSession, self.database.table("media.uploads")[upload_id])

    def stored_asset(self, asset_id: AssetId) -> Asset:
        return cast(Asset, self.database.table("media.assets")[asset_id])

    def runs(self) -> list[Run]:
        return sorted(self.database.table("media.runs").values(), key=lambda run: run.id)

    def run(self, run_id: RunId | None = None) -> Run:
        """A run, the latest by default."""
        return self.runs()[-1] if run_id is None else cast(Run, self.database.table("media.runs")[run_id])

    def messages(self, name: str) -> list[OutboxRow]:
        """What was ever put into the outbox under this name, oldest first."""
        rows: list[OutboxRow] = [row for row in self.database.table("messaging.outbox").values() if row.name == name]
        return sorted(rows, key=lambda row: row.id)

    async def held(self) -> HeldRun:
        """The latest run in the hands of a worker that does nothing by itself."""
        async with self.transaction() as records:
            run = await records.runs.claim(self.run().id, at=self.clock.now())
        assert run is not None
        return HeldRun(run, self.transaction, self.clock, beat_seconds=0.02)

    async def encoding(self, *, store_available: bool = True) -> asyncio.Task[None]:
        """A worker that is in the middle of the encode and stays there until the gate is opened."""
        self.transcoder.gate.clear()
        self.transcoder.encoding.clear()
        worker = asyncio.create_task(self.process())
        await self.transcoder.encoding.wait()
        self.store.available = store_available
        return worker

    def published_revisions(self) -> list[object]:
        return [message.payload["revision"] for message in self.messages("media.AssetReady")]


async def turns_until(condition: Callable[[], bool]) -> None:
    """Let other tasks go on until it has come to that."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come to that")
