"""The questions that other modules may ask media."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import LessonId
from kosu.modules.media.delivery import Delivery
from kosu.modules.media.domain.assets import asset_prefix, revision_prefix
from kosu.modules.media.domain.captions import label_of
from kosu.modules.media.domain.storyboard import STORYBOARD
from kosu.modules.media.errors import MediaNotReady
from kosu.modules.media.ports import MediaQueries, PublishedMedia

__all__ = ["Caption", "LessonPlayback", "Media", "PublishedMedia"]


@dataclass(frozen=True, slots=True)
class Caption:
    lang: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPlayback:
    """All that a player needs. URLs are absolute; they open with `cookies`, set for `cookie_path`."""

    hls_url: str
    mp4_url: str
    poster_url: str
    storyboard_url: str | None
    captions: tuple[Caption, ...]
    duration_ms: int
    media_revision: int
    expires_at: datetime
    cookies: Mapping[str, str]
    cookie_path: str


@dataclass(frozen=True, slots=True)
class Media:
    queries: MediaQueries
    delivery: Delivery

    async def playback(self, lesson_id: LessonId) -> LessonPlayback:
        """Open what is published for a lesson. Whether the viewer may see it is decided by whoever asks.

        Raises:
            MediaNotReady
        """
        published = (await self.queries.published([lesson_id])).get(lesson_id)
        if published is None:
            msg = "The video of this lesson is not ready yet."
            raise MediaNotReady(msg)
        prefix = revision_prefix(published.asset_id, published.revision)
        opened = self.delivery.open(prefix)
        base = opened.base_url
        return LessonPlayback(
            hls_url=base + published.master,
            mp4_url=f"{base}video.mp4",
            poster_url=f"{base}poster.jpg",
            storyboard_url=f"{base}{STORYBOARD}" if published.storyboard else None,
            captions=tuple(
                Caption(lang=track.lang, label=label_of(track.lang), url=base + track.file_name)
                for track in published.captions
            ),
            duration_ms=published.duration_ms,
            media_revision=published.revision,
            expires_at=opened.expires_at,
            cookies=opened.cookies,
            cookie_path=f"/{asset_prefix(published.asset_id)}",
        )

    async def published(self, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, PublishedMedia]:
        """What plays in these lessons; those without a published revision are left out."""
        return await self.queries.published(lesson_ids)
