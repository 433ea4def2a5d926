"""Let the captions of an asset play with its published revision."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from kosu.ids import AssetId
from kosu.modules.media.domain.assets import revision_prefix
from kosu.modules.media.domain.hls import MASTER
from kosu.modules.media.domain.subtitles import published_caption, subtitle_file, subtitle_playlist, with_subtitles
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.modules.media.processing.transfers import deliver_text
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

# Some hundred bytes for each rendition.
_MASTER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class PublishCaptions:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore

    async def __call__(self, *, asset_id: AssetId) -> None:
        """Add files for what the captions are now, and move the pointer to a master playlist that names them.

        Nothing that was published changes: files are named by their content, and masters by the captions' version.
        Repeatable, and harmless when others do the same or a later version: the pointer only moves on.

        Raises:
            StoreUnavailable: nothing was published.
        """
        found = await self.queries.captioned_asset(asset_id)
        published = found.asset.publication if found is not None else None
        if found is None or published is None or published.captions_version >= found.asset.captions_version:
            return
        prefix = revision_prefix(asset_id, published.revision)
        duration_ms = published.facts.duration_ms
        tracks = []
        for caption in found.captions:
            track = published_caption(caption)
            tracks.append(track)
            if track not in published.captions:
                await deliver_text(self.store, prefix + track.file_name, subtitle_file(caption))
                playlist = subtitle_playlist(track, duration_ms=duration_ms)
                await deliver_text(self.store, prefix + track.playlist_name, playlist)
        version, master = found.asset.captions_version, MASTER
        if tracks:
            master = f"master-{version}.m3u8"
            original = await self.store.read(prefix + MASTER, length=_MASTER_BYTES)
            await deliver_text(self.store, prefix + master, with_subtitles(original.decode(), tracks))
        publication = replace(published, master=master, captions=tuple(tracks), captions_version=version)
        async with self.transaction() as records:
            is_moved = await records.assets.publish_captions(asset_id, publication)
        log.info("asset %s: captions %d %s", asset_id, version, "published" if is_moved else "were overtaken")
