"""The steps up to finished files on disk. Each seals its files in scratch space and then writes its checkpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import assert_never

from kosu.modules.media.domain.hls import MASTER, Rendition, master_playlist
from kosu.modules.media.domain.ladder import ladder_for
from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.errors import SourceMissing, SourceTruncated
from kosu.modules.media.ports import Probe, Scratch, Transcoder
from kosu.modules.media.processing.chunked import ChunkedEncode
from kosu.modules.media.processing.held_run import HeldRun
from kosu.modules.media.processing.preview import Preview
from kosu.modules.media.processing.progress import ByteProgress
from kosu.modules.media.processing.publishing import Publishing
from kosu.modules.media.processing.scanning import make_scannable
from kosu.ports.object_store import ObjectNotFound, ObjectStore


@dataclass(frozen=True, slots=True)
class Steps:
    store: ObjectStore
    probe: Probe
    transcoder: Transcoder
    scratch: Scratch
    preview: Preview
    publishing: Publishing
    chunked: ChunkedEncode

    async def perform(self, name: StepName, held: HeldRun, folder: Path) -> None:
        """Do a step to its checkpoint.

        Raises:
            Verdict: the source is at fault.
            Unavailable, OSError: we are; trying again may help.
            LeaseLost
        """
        match name:
            case StepName.DOWNLOAD:
                await self._download(held, folder)
            case StepName.INSPECT:
                await self._inspect(held, folder)
            case StepName.THUMBNAIL:
                await self._thumbnail(held, folder)
            case StepName.HLS:
                await self._hls(held, folder)
            case StepName.MP4:
                await self._mp4(held, folder)
            case StepName.UPLOAD:
                await self.publishing.upload(held, folder)
            case StepName.CLEANUP:
                await self.publishing.clean_up(held)
            case _:
                assert_never(name)

    async def _download(self, held: HeldRun, folder: Path) -> None:
        run = held.run
        progress = ByteProgress(held, StepName.DOWNLOAD, run.source_bytes)
        try:
            stored = await self.store.download(run.source_key, source_file(folder), on_bytes=progress)
        except ObjectNotFound as error:
            raise SourceMissing(str(error)) from error
        if stored.size_bytes != run.source_bytes:
            msg = f"{stored.size_bytes} bytes in the store, {run.source_bytes} were uploaded"
            raise SourceTruncated(msg)
        await self._done(StepName.DOWNLOAD, held)

    async def _inspect(self, held: HeldRun, folder: Path) -> None:
        facts = await self.probe.inspect(source_file(folder))
        await self._done(StepName.INSPECT, held, lambda run: replace(run, facts=facts))

    async def _thumbnail(self, held: HeldRun, folder: Path) -> None:
        target = folder / StepName.THUMBNAIL / "poster.jpg"
        await self.transcoder.poster(source_file(folder), held.run.inspected, target=target)
        await self._done(StepName.THUMBNAIL, held)

    async def _hls(self, held: HeldRun, folder: Path) -> None:
        facts = held.run.inspected
        renditions = await self.chunked(held, source_file(folder), folder) or await self._single_pass(held, folder)
        key_frames = None
        if facts.has_picture:
            key_frames = await make_scannable(self.transcoder, folder / StepName.HLS, renditions)
        master = master_playlist(renditions, fps=facts.fps, key_frames=key_frames)
        await asyncio.to_thread((folder / StepName.HLS / MASTER).write_text, master)
        await self._done(StepName.HLS, held, lambda run: replace(run, renditions=tuple(renditions)))

    async def _single_pass(self, held: HeldRun, folder: Path) -> Sequence[Rendition]:
        facts, target = held.run.inspected, folder / StepName.HLS
        ladder, total = ladder_for(facts.width, facts.height), facts.frame_count
        async with self.preview.of(held.run, ladder, picture=target, sound=target):
            return await self.transcoder.encode_hls(
                source_file(folder),
                facts,
                ladder,
                folder=target,
                on_frames=lambda frames: held.report(StepName.HLS, 100 * frames // total),
            )

    async def _mp4(self, held: HeldRun, folder: Path) -> None:
        target = folder / StepName.MP4 / "video.mp4"
        await self.transcoder.remux_mp4(folder / StepName.HLS, held.run.renditions, target=target)
        await self._done(StepName.MP4, held)

    async def _done(self, name: StepName, held: HeldRun, keep: Callable[[Run], Run] = lambda run: run) -> None:
        await self.scratch.seal(held.run.id, held.run.fence, name)
        await held.write(lambda run, at: keep(run).done(name, at))


def source_file(folder: Path) -> Path:
    return folder / StepName.DOWNLOAD / "source"
