"""Showing an encode to its author while it grows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kosu.modules.media.domain.hls import AUDIO_NAME, MASTER, PLAYLIST, read_media_playlist
from kosu.modules.media.domain.ladder import Rung
from kosu.modules.media.domain.preview import preview_master, preview_prefix, preview_rung
from kosu.modules.media.domain.runs import Run
from kosu.modules.media.processing.transfers import deliver_file, deliver_text
from kosu.ports.object_store import ObjectStore, StoreUnavailable

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# Unlike all else that is delivered, its playlists change.
_GROWING = "no-store"


@dataclass(frozen=True, slots=True)
class Preview:
    """`look_seconds` is how often new segments are looked for, in real time."""

    store: ObjectStore
    look_seconds: float = LOOK_SECONDS

    @asynccontextmanager
    async def of(self, run: Run, ladder: Sequence[Rung], *, picture: Path, sound: Path) -> AsyncIterator[None]:
        """While the block encodes, send what is finished of one rung in `picture` and of the sound in `sound`.

        Best effort: without a store there is no preview, and the encode goes on.
        """
        rung, has_audio = preview_rung(ladder), run.inspected.has_audio
        folders = {} if rung is None else {rung.name: picture / rung.name}
        if has_audio:
            folders[AUDIO_NAME] = sound / AUDIO_NAME
        prefix = preview_prefix(run.upload_id, run.fence)
        growing = _Growing(self.store, prefix, folders, preview_master(rung, has_audio=has_audio))
        following = asyncio.create_task(self._follow(growing))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
        await growing.send()

    async def _follow(self, growing: _Growing) -> None:
        while True:
            await asyncio.sleep(self.look_seconds)
            await growing.send()


@dataclass(slots=True)
class _Growing:
    store: ObjectStore
    prefix: str
    folders: Mapping[str, Path]
    master: str
    sent: set[str] = field(default_factory=set)
    shown: dict[str, str] = field(default_factory=dict)

    async def send(self) -> None:
        """Send what is new: segments before the playlist that names them, the master when all can be played."""
        try:
            for name in self.folders:
                await self._send_rendition(name)
            if MASTER not in self.sent and self.shown.keys() == self.folders.keys():
                await self._show(MASTER, self.master)
                self.sent.add(MASTER)
        except StoreUnavailable as error:
            log.warning("preview %s: %s", self.prefix, error)

    async def _send_rendition(self, name: str) -> None:
        text = await asyncio.to_thread(_text_of, self.folders[name] / PLAYLIST)
        if text is None or text == self.shown.get(name):
            return
        try:
            playlist = read_media_playlist(text)
        except ValueError:
            # It is being written at this moment: the next look finds it whole.
            return
        for uri in (playlist.init_uri, *(segment.uri for segment in playlist.segments)):
            file = f"{name}/{uri}"
            if file not in self.sent:
                await deliver_file(self.store, self.prefix + file, self.folders[name] / uri)
                self.sent.add(file)
        await self._show(f"{name}/{PLAYLIST}", text)
        self.shown[name] = text

    async def _show(self, playlist: str, text: str) -> None:
        await deliver_text(self.store, self.prefix + playlist, text, cache_control=_GROWING)


def _text_of(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
