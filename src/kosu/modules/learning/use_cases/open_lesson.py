"""Open a video lesson for playback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.domain.intervals import clip
from kosu.modules.learning.errors import NotAVideo
from kosu.modules.learning.views import CaptionView, PlaybackView
from kosu.modules.media import Media


@dataclass(frozen=True, slots=True)
class OpenedLesson:
    """What the player is told, and the cookies (name to value) that open the media under `cookie_path`."""

    playback: PlaybackView
    cookies: Mapping[str, str]
    cookie_path: str


@dataclass(frozen=True, slots=True)
class OpenLesson:
    access: LessonAccess
    media: Media
    current_progress: CurrentProgress

    async def __call__(self, *, lesson_id: LessonId, user_id: UserId | None, is_operator: bool) -> OpenedLesson:
        """Decide access, then ask media; a learner resumes where they were on any device.

        Raises:
            LessonNotFound, LessonSignInRequired, PurchaseRequired, NotAVideo
            MediaNotReady: media's own error.
        """
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        if lesson.kind != "video":
            raise NotAVideo
        playback = await self.media.playback(lesson_id)
        found = {} if user_id is None else await self.current_progress(user_id, [lesson_id])
        progress = found.get(lesson_id)
        return OpenedLesson(
            playback=PlaybackView(
                hls_url=playback.hls_url,
                mp4_url=playback.mp4_url,
                poster_url=playback.poster_url,
                storyboard_url=playback.storyboard_url,
                captions=[CaptionView(caption.lang, caption.label, caption.url) for caption in playback.captions],
                duration_ms=playback.duration_ms,
                media_revision=playback.media_revision,
                resume_position_ms=0 if progress is None else min(progress.position_ms, playback.duration_ms),
                watched=[] if progress is None else list(clip(progress.watched, playback.duration_ms)),
                expires_at=playback.expires_at,
            ),
            cookies=playback.cookies,
            cookie_path=playback.cookie_path,
        )
