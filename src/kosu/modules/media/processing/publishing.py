"""The last two steps: upload a revision and publish it at once, then leave nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kosu.modules.media.discard_chunks import DiscardChunks
from kosu.modules.media.domain.assets import Publication, revision_prefix
from kosu.modules.media.domain.hls import MASTER
from kosu.modules.media.domain.preview import previews_prefix
from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.domain.storyboard import STORYBOARD
from kosu.modules.media.errors import LeaseLost
from kosu.modules.media.events import AssetReady
from kosu.modules.media.jobs import PublishCaptions
from kosu.modules.media.ports import MediaRecords, Scratch
from kosu.modules.media.processing.held_run import HeldRun
from kosu.modules.media.processing.progress import ByteProgress
from kosu.modules.media.processing.transfers import a_few_at_once, deliver_file
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectStore, StoreUnavailable


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file of the revision: where it is, and what it is called under the revision's prefix."""

    path: Path
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Publishing:
    store: ObjectStore
    scratch: Scratch
    clock: Clock
    discard_chunks: DiscardChunks

    async def upload(self, held: HeldRun, folder: Path) -> None:
        """Upload under a fresh prefix, the master playlist last, and move the pointer: one commit publishes.

        Each attempt takes a revision number of its own, so that a worker which lost its lease in the middle cannot
        overwrite anything of the one that took over.
        """
        files = await asyncio.to_thread(_output_files, folder)
        run = await held.write(lambda run, _: run, along=_next_revision)
        prefix = revision_prefix(run.asset_id, run.revisions[-1])
        progress = ByteProgress(held, StepName.UPLOAD, sum(file.size_bytes for file in files))
        master = [file for file in files if file.name == MASTER]
        await self._put(prefix, [file for file in files if file.name != MASTER], progress)
        await self._put(prefix, master, progress)
        stored = await self.store.list_keys(prefix)
        if missing := {prefix + file.name for file in files}.difference(stored):
            msg = f"{len(missing)} file(s) are not in the store after they were sent, {min(missing)} among them"
            raise StoreUnavailable(msg)
        publication = Publication(
            revision=run.revisions[-1],
            facts=run.inspected,
            renditions=run.renditions,
            storyboard=any(file.name == STORYBOARD for file in files),
            published_at=self.clock.now(),
        )

        async def publish(records: MediaRecords, run: Run) -> Run:
            if not await records.assets.publish(run.asset_id, publication):
                msg = f"run {run.id}: a later revision is published"
                raise LeaseLost(msg)
            await records.outbox.add(
                AssetReady(run.asset_id, run.lesson_id, publication.revision, publication.facts.duration_ms)
            )
            if await records.captions.lock(run.asset_id):
                await records.outbox.add(PublishCaptions(run.asset_id))
            return run

        await held.write(lambda run, at: run.done(StepName.UPLOAD, at), along=publish)

    async def clean_up(self, held: HeldRun) -> None:
        """Drop the source, chunks, previews, interrupted uploads, and scratch space; this completes the run."""
        run = held.run
        for revision in run.revisions[:-1]:
            await self.store.delete_prefix(revision_prefix(run.asset_id, revision))
        await self.store.delete_prefix(previews_prefix(run.upload_id))
        await self.discard_chunks(run.id)
        await self.store.delete(run.source_key)
        await self.scratch.remove(run.id)

        async def note_purged(records: MediaRecords, run: Run) -> Run:
            session = await records.uploads.lock(run.upload_id)
            await records.uploads.save(replace(session, purged=True))
            return run

        await held.write(lambda run, at: run.done(StepName.CLEANUP, at).completed(at), along=note_purged)

    async def _put(self, prefix: str, files: Sequence[OutputFile], progress: ByteProgress) -> None:
        await a_few_at_once(
            lambda file: deliver_file(self.store, prefix + file.name, file.path, on_bytes=progress), files
        )


async def _next_revision(records: MediaRecords, run: Run) -> Run:
    revision = await records.assets.next_revision(run.asset_id)
    return replace(run, revisions=(*run.revisions, revision))


def _output_files(folder: Path) -> list[OutputFile]:
    roots = [folder / step for step in (StepName.THUMBNAIL, StepName.MP4, StepName.HLS)]
    return [
        OutputFile(path, path.relative_to(root).as_posix(), path.stat().st_size)
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file()
    ]
